import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE, DENSE_WEIGHT_WORD, SPARSE_WEIGHT_WORD } from '../../src/features/rows.js';
import { type Form, type Observation, randomNumbers, randomObservations } from './observations.js';
import { reference, simd, Trial } from './trial.js';

const FEATURES = 23;

const drawn = fc.record({
  seed: fc.integer({ min: 1, max: 1e9 }),
  rowCount: fc.integer({ min: 1, max: 20 }),
  outputs: fc.integer({ min: 1, max: 6 }),
  logistic: fc.boolean(),
});

/** A trial of weighted rows, and margins and moves of them. */
function open(
  implementation: typeof simd,
  form: Form,
  { seed, rowCount, outputs }: { seed: number; rowCount: number; outputs: number },
) {
  const observations = randomObservations('squared', form, {
    seed,
    rowCount,
    featureCount: FEATURES,
    weighted: true,
  });
  const trial = new Trial(implementation, { task: 'squared', form, featureCount: FEATURES, observations });
  const random = randomNumbers(seed + 2);
  const draw = () => Float64Array.from({ length: rowCount * outputs }, () => 12 * (random() - 0.5));
  const place = (values: Float64Array): number => {
    const address = trial.memory.allocate(8 * values.length);
    trial.memory.f64.set(values, address / 8);
    return address;
  };
  return { observations, trial, margins: draw(), moves: draw(), place };
}

/** The loss of one row by its margins; of several outputs that of class 0, whose second derivatives are those of any. */
function loss(logistic: boolean, margins: Float64Array): number {
  if (margins.length > 1) return Math.log(margins.reduce((sum, m) => sum + Math.exp(m), 0)) - margins[0];
  return logistic ? Math.log1p(Math.exp(-margins[0])) : margins[0] ** 2 / 2;
}

/** Second derivative of the loss along u by central differences, error some 1e-6. */
function secondAlong(logistic: boolean, margins: Float64Array, u: Float64Array): number {
  const step = 1e-3 / Math.max(1e-3, Math.hypot(...u));
  const at = (t: number) =>
    loss(
      logistic,
      margins.map((m, k) => m + t * step * u[k]),
    );
  return (at(1) - 2 * at(0) + at(-1)) / step ** 2;
}

const weightOf = ({ weight = 1 }: Observation): number => weight;
const rowsOf = (values: Float64Array, outputs: number): Float64Array[] =>
  Array.from({ length: values.length / outputs }, (_, i) => values.subarray(i * outputs, (i + 1) * outputs));

for (const implementation of [reference, simd]) {
  for (const form of ['sparse', 'sparse ones', 'dense'] as Form[]) {
    const toWeight = 4 * (form === 'dense' ? DENSE_WEIGHT_WORD : SPARSE_WEIGHT_WORD);

    describe(`curvature of sampled rows, ${implementation.name}, ${form}`, () => {
      it('is the second derivative of the loss by each margin', () => {
        fc.assert(
          fc.property(drawn, (input) => {
            const { observations, trial, margins, place } = open(implementation, form, input);
            const { rowCount, outputs, logistic } = input;
            const address = place(margins);
            trial.kernel.secondDerivatives(Number(logistic), trial.rows, rowCount, toWeight, outputs, address);
            const found = trial.memory.f64.slice(address / 8, address / 8 + margins.length);
            rowsOf(margins, outputs).forEach((row, i) => {
              row.forEach((_, k) => {
                const unit = Float64Array.from({ length: outputs }, (_, j) => Number(j === k));
                const expected = weightOf(observations[i]) * secondAlong(logistic, row, unit);
                expect(Math.abs(found[i * outputs + k] - expected)).toBeLessThan(1e-4);
              });
            });
          }),
        );
      });

      it('along a direction is that of the sum of all rows', () => {
        fc.assert(
          fc.property(drawn, (input) => {
            const { observations, trial, margins, moves, place } = open(implementation, form, input);
            const { rowCount, outputs, logistic } = input;
            const addresses = [place(margins), place(moves)] as const;
            const found = trial.kernel.curvatureAlong(
              Number(logistic),
              trial.rows,
              rowCount,
              toWeight,
              outputs,
              ...addresses,
            );
            const along = rowsOf(moves, outputs);
            const expected = rowsOf(margins, outputs).reduce(
              (sum, row, i) => sum + weightOf(observations[i]) * secondAlong(logistic, row, along[i]),
              0,
            );
            expect(Math.abs(found - expected)).toBeLessThan(1e-3 * (1 + Math.abs(expected)));
          }),
        );
      });

      it('counts the rows that contain each feature, on top of what was counted before', () => {
        fc.assert(
          fc.property(drawn, (input) => {
            const { observations, trial } = open(implementation, form, input);
            const width = trial.layout.form === 'dense' ? trial.layout.width : FEATURES;
            const counts = trial.memory.allocate(4 * width);
            trial.memory.u32.fill(7, counts / 4, counts / 4 + width);
            const { kernel, rows, layout } = trial;
            if (layout.form === 'dense') kernel.countDense(rows, input.rowCount, layout.width, counts);
            else kernel.countSparse(rows, input.rowCount, trial.head, counts);
            const found = [...trial.memory.u32.subarray(counts / 4, counts / 4 + FEATURES)];
            const expected = found.map((_, feature) =>
              feature === BIAS_FEATURE
                ? input.rowCount
                : observations.filter(({ values }) => (values.get(feature) ?? 0) !== 0).length,
            );
            expect(found.slice(1)).toEqual(expected.slice(1).map((count) => 7 + count));
          }),
        );
      });
    });
  }
}
