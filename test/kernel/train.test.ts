import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE, PADDING_FEATURE } from '../../src/features/rows.js';
import { type Form, type Observation, randomObservations, type Task } from './observations.js';
import { reference, scatter, simd, Trial, valuesWithBias } from './trial.js';

const FORMS: readonly Form[] = ['sparse', 'sparse ones', 'dense'];
const TASKS: readonly { task: Task; outputs: number }[] = [
  { task: 'logistic', outputs: 1 },
  { task: 'squared', outputs: 1 },
  { task: 'softmax', outputs: 3 },
  { task: 'softmax', outputs: 6 },
];

for (const implementation of [reference, simd]) {
  for (const form of FORMS) {
    describe(`training, ${implementation.name}, ${form}`, () => {
      for (const { task, outputs } of TASKS) {
        const label = outputs === 1 ? task : `${task} with ${outputs} classes`;
        const featureCount = 11;
        const open = (seed: number, rowCount: number) =>
          new Trial(implementation, {
            task,
            form,
            outputs,
            featureCount,
            observations: randomObservations(task, form, { seed, rowCount, featureCount, outputs }),
          });

        it(`costs what a constant model costs while all weights are zero: ${label}`, () => {
          const observations = randomObservations(task, form, { seed: 1, rowCount: 1, featureCount, outputs });
          const trial = new Trial(implementation, { task, form, outputs, featureCount, observations });
          const expected = { logistic: Math.LN2, softmax: Math.log(outputs), squared: observations[0].target ** 2 / 2 };
          expect(trial.train()).toBeCloseTo(expected[task], 7);
        });

        it(`adds up losses over rows: ${label}`, () => {
          const together = open(2, 40);
          const apart = open(2, 40);
          let sum = 0;
          for (let i = 0; i < 40; i++) sum += apart.train({ first: i, count: 1, firstStep: i + 1 });
          expect(together.train()).toBeCloseTo(sum, 10);
        });

        it(`steps down the central difference of the loss, per rate: ${label}`, () => {
          const observations = randomObservations(task, form, {
            seed: 3,
            rowCount: 1,
            featureCount,
            outputs,
            present: 0.7,
          });
          const fresh = () => {
            const trial = new Trial(implementation, { task, form, outputs, featureCount, observations });
            scatter(trial, featureCount, 4);
            return trial;
          };
          const before = fresh();
          const after = fresh();
          after.train();
          for (let k = 0; k < outputs; k++) {
            const factors = valuesWithBias(observations[0]).map(([feature]) => {
              const h = 2 ** -8; // large enough for single precision margins, small enough for the cubic term
              const loss = (change: number) => {
                const trial = fresh();
                trial.setWeight(feature, before.weight(feature, k) + change, k);
                return trial.train();
              };
              const slope = (loss(h) - loss(-h)) / (2 * h);
              const rate = 1 / Math.sqrt(4 + after.curvature(feature, k));
              return (before.weight(feature, k) - after.weight(feature, k)) / (rate * slope);
            });
            // The implicit factor a is the same for all features and lies in (0, 1].
            const [a] = factors;
            expect(a).toBeGreaterThan(0);
            expect(a).toBeLessThan(1.001);
            for (const factor of factors) expect(factor / a).toBeCloseTo(1, 2);
          }
        });

        it(`gives the same bits when a pass is cut into calls: ${label}`, () => {
          const whole = open(5, 60);
          const cut = open(5, 60);
          whole.train({ l1: 1e-4, l2: 1e-3 });
          for (const [first, count] of [
            [0, 1],
            [1, 6],
            [7, 30],
            [37, 23],
          ]) {
            cut.train({ first, count, firstStep: first + 1, l1: 1e-4, l2: 1e-3 });
          }
          expect(new Uint32Array(cut.raw().buffer)).toEqual(new Uint32Array(whole.raw().buffer));
        });

        it(`does nothing for no rows: ${label}`, () => {
          const trial = open(6, 4);
          const before = trial.raw();
          expect(trial.train({ count: 0 })).toBe(0);
          expect(trial.raw()).toEqual(before);
        });

        it(`folds D into the average of the weights after each step: ${label}`, () => {
          const stepwise = open(7, 50);
          const sums = stepwise.weights().map(() => 0);
          for (let i = 0; i < 50; i++) {
            stepwise.train({ first: i, count: 1, firstStep: i + 1, l2: 1e-3 });
            stepwise.weights().forEach((weight, j) => {
              sums[j] += weight;
            });
          }
          const averages = stepwise.averages(50);
          averages.forEach((average, j) => expect(average).toBeCloseTo(sums[j] / 50, 5));
          for (let feature = 0; feature < featureCount; feature++) {
            for (let k = 0; k < outputs; k++) expect(stepwise.delay(feature, k)).toBe(0);
          }
        });

        it(`leaves padding features, classes and columns alone: ${label}`, () => {
          const trial = open(8, 200);
          const touchable = new Set<number>();
          trial.train({ l1: 1e-5, l2: 1e-3 });
          const marked = trial.raw();
          for (let k = 0; k < outputs; k++) {
            expect(trial.weight(PADDING_FEATURE, k)).toBe(0);
            expect(trial.delay(PADDING_FEATURE, k)).toBe(0);
            expect(trial.curvature(PADDING_FEATURE, k)).toBe(Math.fround(1e30));
          }
          // Whatever is neither c nor w, S, D of a feature and class must still be 0.
          for (let feature = 0; feature < featureCount; feature++) {
            for (let k = 0; k < outputs; k++) {
              trial.setWeight(feature, Number.NaN, k);
              trial.setCurvature(feature, Number.NaN, k);
            }
          }
          trial.raw().forEach((value, i) => {
            if (Number.isNaN(value)) touchable.add(i);
          });
          const stray = Array.from(marked.keys()).filter((i) => !touchable.has(i) && marked[i] !== 0);
          const known = featureCount - 2 + (featureCount - 1) * outputs; // c, and D of all but padding
          expect(stray.length).toBe(known);
        });

        it(`does not penalise the bias, shrinks the rest by 1 / (1 + r l2 c): ${label}`, () => {
          const observations = randomObservations(task, form, { seed: 9, rowCount: 1, featureCount, outputs });
          const run = (l2: number) => {
            const trial = new Trial(implementation, { task, form, outputs, featureCount, observations });
            scatter(trial, featureCount, 10);
            trial.train({ l2 });
            return trial;
          };
          const free = run(0);
          const shrunk = run(0.7);
          for (let k = 0; k < outputs; k++) {
            expect(shrunk.weight(BIAS_FEATURE, k)).toBeCloseTo(free.weight(BIAS_FEATURE, k), 6);
            for (const feature of observations[0].values.keys()) {
              const rate = 1 / Math.sqrt(4 + free.curvature(feature, k));
              const expected = free.weight(feature, k) / (1 + rate * 0.7 * free.c(feature));
              expect(shrunk.weight(feature, k)).toBeCloseTo(expected, 6);
            }
          }
        });

        it(`does not penalise a feature that the row lacks: ${label}`, () => {
          const observations: Observation[] = [
            { target: 1, values: new Map([[2, 1]]) },
            { target: 1, values: new Map([[3, 1]]) },
          ];
          const trial = new Trial(implementation, { task, form, outputs, featureCount: 4, observations });
          scatter(trial, 4, 11);
          const before = Array.from({ length: outputs }, (_, k) => trial.weight(3, k));
          trial.train({ count: 1, l1: 0.1, l2: 0.1 });
          expect(Array.from({ length: outputs }, (_, k) => trial.weight(3, k))).toEqual(before);
        });

        it(`moves weights towards 0 by r l1 c, and stops there: ${label}`, () => {
          const observations = randomObservations(task, form, { seed: 12, rowCount: 1, featureCount, outputs });
          const run = (l1: number) => {
            const trial = new Trial(implementation, { task, form, outputs, featureCount, observations });
            scatter(trial, featureCount, 13);
            trial.train({ l1, l2: 0.1 });
            return trial;
          };
          const free = run(0);
          const shrunk = run(0.5);
          let zeros = 0;
          for (let k = 0; k < outputs; k++) {
            expect(shrunk.weight(BIAS_FEATURE, k)).toBeCloseTo(free.weight(BIAS_FEATURE, k), 6);
            for (const feature of observations[0].values.keys()) {
              const rate = 1 / Math.sqrt(4 + free.curvature(feature, k));
              const limit = rate * 0.5 * free.c(feature);
              const weight = free.weight(feature, k);
              const expected = Math.sign(weight) * Math.max(Math.abs(weight) - limit, 0);
              if (expected === 0) {
                expect(shrunk.weight(feature, k)).toBe(0);
                zeros++;
              } else {
                expect(shrunk.weight(feature, k)).toBeCloseTo(expected, 6);
              }
            }
          }
          expect(zeros).toBeGreaterThan(0);
        });
      }

      it('stays finite for extreme values, targets and weights', () => {
        const extreme = fc.constantFrom(0, 1, -1, 1e-30, -1e-6, 1e3, -1e6, 1e6);
        fc.assert(
          fc.property(
            fc.constantFrom(...TASKS),
            fc.array(fc.tuple(fc.array(extreme, { minLength: 6, maxLength: 6 }), extreme), {
              minLength: 1,
              maxLength: 12,
            }),
            fc.constantFrom(0, 1, -1e3, 1e6),
            fc.constantFrom(0, 1e-6, 1, 1e6),
            fc.constantFrom(1, 0, 1e-40, 1e6),
            ({ task, outputs }, rows, weight, amount, rowWeight) => {
              const observations = rows.map(([values, target], i) => ({
                target: { logistic: i % 2 ? 1 : -1, softmax: i % outputs, squared: Math.fround(target) }[task],
                values: new Map(values.map((x, j) => [j + 2, form === 'sparse ones' ? 1 : Math.fround(x)])),
                weight: i % 3 === 1 ? 1 : rowWeight,
              }));
              const trial = new Trial(implementation, { task, form, outputs, featureCount: 8, observations });
              for (let feature = BIAS_FEATURE; feature < 8; feature++) trial.setWeight(feature, weight * (feature - 4));
              for (let pass = 0; pass < 3; pass++) {
                const loss = trial.train({ firstStep: 1 + pass * 80_000, l1: amount, l2: amount });
                expect(Number.isFinite(loss)).toBe(true);
                expect(loss).toBeGreaterThanOrEqual(0);
              }
              expect(trial.raw().every(Number.isFinite)).toBe(true);
            },
          ),
          { numRuns: 60 },
        );
      });
    });
  }
}
