import { describe, expect, it } from 'vitest';
import { type Form, type Observation, randomObservations, type Task } from './observations.js';
import { reference, scatter, simd, Trial, valuesWithBias } from './trial.js';

const TASKS: readonly { task: Task; outputs: number }[] = [
  { task: 'logistic', outputs: 1 },
  { task: 'squared', outputs: 1 },
  { task: 'softmax', outputs: 3 },
  { task: 'softmax', outputs: 6 },
];
const ROWS = 60;
const PENALTIES = { l1: 1e-4, l2: 1e-3 };

for (const implementation of [reference, simd]) {
  for (const form of ['sparse', 'sparse ones', 'dense'] as const satisfies Form[]) {
    describe(`row weights, ${implementation.name}, ${form}`, () => {
      for (const { task, outputs } of TASKS) {
        const label = outputs === 1 ? task : `${task} with ${outputs} classes`;
        const featureCount = 11;
        const rows = randomObservations(task, form, { seed: 21, rowCount: ROWS, featureCount, outputs });
        const open = (observations: readonly Observation[]): Trial => {
          const trial = new Trial(implementation, { task, form, outputs, featureCount, observations });
          scatter(trial, featureCount, 22);
          return trial;
        };
        const bits = (trial: Trial): Uint32Array => new Uint32Array(trial.raw().buffer);

        it(`of 0 let a row change nothing but count as a step, to the bit: ${label}`, () => {
          // At the beginning, at the end and in between; two in a row.
          const left = (i: number): boolean => i === 0 || i === ROWS - 1 || i % 7 === 3 || i === 4;
          const zeros = open(rows.map((row, i) => (left(i) ? { ...row, weight: 0 } : row)));
          const without = open(rows);
          const loss = zeros.train(PENALTIES);
          let expected = 0;
          for (let i = 0; i < ROWS; i++) {
            if (!left(i)) expected += without.train({ first: i, count: 1, firstStep: i + 1, ...PENALTIES });
          }
          expect(bits(zeros)).toEqual(bits(without));
          expect(loss).toBeCloseTo(expected, 10);
        });

        it(`of 0 in all rows change nothing: ${label}`, () => {
          const trial = open(rows.map((row) => ({ ...row, weight: 0 })));
          const before = bits(trial);
          expect(trial.train(PENALTIES)).toBe(0);
          expect(bits(trial)).toEqual(before);
        });

        it(`multiply loss and curvature, and the step by less: ${label}`, () => {
          const weight = 2.5;
          const [plain, weighted] = [open([rows[0]]), open([{ ...rows[0], weight }])];
          const before = open([rows[0]]);
          expect(weighted.train() / plain.train()).toBeCloseTo(weight, 6);
          for (let k = 0; k < outputs; k++) {
            const factors = valuesWithBias(rows[0]).map(([feature]) => {
              const grown = (trial: Trial): number => trial.curvature(feature, k) - before.curvature(feature, k);
              expect(grown(weighted) / grown(plain)).toBeCloseTo(weight, 2);
              const moved = (trial: Trial): number =>
                (trial.weight(feature, k) - before.weight(feature, k)) * Math.sqrt(4 + trial.curvature(feature, k));
              return moved(weighted) / moved(plain);
            });
            for (const factor of factors) expect(factor / factors[0]).toBeCloseTo(1, 2);
            expect(factors[0]).toBeGreaterThan(1);
            expect(factors[0]).toBeLessThan(weight);
          }
        });

        it(`leave the penalty of a row as it is: ${label}`, () => {
          const run = (l2: number): Trial => {
            const trial = open([{ ...rows[0], weight: 3 }]);
            trial.train({ l2 });
            return trial;
          };
          const [free, shrunk] = [run(0), run(0.7)];
          for (const feature of rows[0].values.keys()) {
            const rate = 1 / Math.sqrt(4 + free.curvature(feature));
            expect(shrunk.weight(feature)).toBeCloseTo(free.weight(feature) / (1 + rate * 0.7 * free.c(feature)), 6);
          }
        });
      }
    });
  }
}

describe('a weight of 2', () => {
  for (const { task, outputs } of TASKS.slice(0, 3)) {
    for (const form of ['sparse', 'dense'] as const) {
      it(`has the optimum of the row twice: ${task}, ${form}`, () => {
        const featureCount = 6;
        const passes = 200;
        const rows = randomObservations(task, form, { seed: 31, rowCount: 150, featureCount, outputs, present: 0.9 });
        const double = (i: number): boolean => i % 3 === 0;
        const twice = rows.flatMap((row, i) => (double(i) ? [row, row] : [row]));
        const mean = twice.length / rows.length;
        const weighted = rows.map((row, i) => ({ ...row, weight: Math.fround((double(i) ? 2 : 1) / mean) }));
        /** Averaged over the second half of the passes. */
        const fit = (observations: readonly Observation[]): number[] => {
          const trial = new Trial(simd, { task, form, outputs, featureCount, observations });
          const count = observations.length;
          const run = (): number[] => {
            for (let pass = 0; pass < passes; pass++) trial.train({ firstStep: 1 + pass * count, l2: 1e-2 });
            return trial.averages(passes * count);
          };
          run();
          return run();
        };
        const [expected, actual, plain] = [fit(twice), fit(weighted), fit(rows)];
        const size = Math.max(...expected.map(Math.abs));
        const distance = (weights: number[]): number =>
          Math.max(...weights.map((weight, i) => Math.abs(weight - expected[i]))) / size;
        // What is left of the noise of single steps; 6e-3 was seen.
        expect(distance(actual)).toBeLessThan(1e-2);
        expect(distance(plain)).toBeGreaterThan(3 * distance(actual));
      });
    }
  }
});
