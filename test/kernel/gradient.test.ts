import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GradientState } from '../../src/kernel/gradient-state.js';
import { type GradientProblem, pass, randomWeights, type Sums } from './gradient-trial.js';
import { type Form, randomObservations, type Task } from './observations.js';
import { reference, simd } from './trial.js';

const FORMS: readonly Form[] = ['sparse', 'sparse ones', 'dense'];
const TASKS: readonly Task[] = ['logistic', 'squared', 'softmax'];

function problem(task: Task, form: Form, seed: number, settings: Partial<GradientProblem & { rowCount: number }> = {}) {
  const { featureCount = 19, rowCount = 33 } = settings;
  const outputs = task === 'softmax' ? (settings.outputs ?? 5) : 1;
  const observations = randomObservations(task, form, {
    seed,
    rowCount,
    featureCount,
    outputs,
    weighted: seed % 2 === 0,
  });
  return { task, form, outputs, featureCount, observations };
}

const drawn = fc.record({
  seed: fc.integer({ min: 1, max: 1e9 }),
  featureCount: fc.integer({ min: 3, max: 70 }),
  rowCount: fc.integer({ min: 1, max: 40 }),
  outputs: fc.integer({ min: 2, max: 19 }),
  scale: fc.constantFrom(0.1, 3, 100),
});

/** Largest distance of a component, relative to the largest component, or to 1 if that is smaller. */
function distance(actual: Float64Array, expected: Float64Array): number {
  const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0) / size;
}

function expectNear(actual: Sums, expected: Sums, tolerance: number): void {
  expect(Math.abs(actual.loss - expected.loss)).toBeLessThanOrEqual(tolerance * Math.max(1, expected.loss));
  expect(distance(actual.gradient, expected.gradient)).toBeLessThanOrEqual(tolerance);
  expect(distance(actual.curvature, expected.curvature)).toBeLessThanOrEqual(tolerance);
}

for (const implementation of [reference, simd]) {
  for (const task of TASKS) {
    for (const form of FORMS) {
      describe(`gradients, ${implementation.name}, ${task}, ${form}`, () => {
        it('follow the central differences of the loss, curvatures those of the gradient', () => {
          fc.assert(
            fc.property(fc.integer({ min: 1, max: 1e6 }), fc.nat(1000), (seed, choice) => {
              const given = problem(task, form, seed);
              const weights = randomWeights(given, seed);
              const at = given.outputs + (choice % (weights.length - given.outputs));
              const { gradient, curvature } = pass(implementation, given, weights);
              const step = 1e-4;
              const [up, down] = [step, -step].map((move) =>
                pass(implementation, given, weights.with(at, weights[at] + move)),
              );
              // The error of central differences is step^2 / 6 times the next derivative, some 1e-7 here.
              const size = Math.max(1, Math.abs(gradient[at]), curvature[at]);
              expect(Math.abs((up.loss - down.loss) / (2 * step) - gradient[at])).toBeLessThan(1e-5 * size);
              expect(Math.abs((up.gradient[at] - down.gradient[at]) / (2 * step) - curvature[at])).toBeLessThan(
                1e-5 * size,
              );
            }),
            { numRuns: 15 },
          );
        });

        it('are the same whichever goal finds them, and wherever the rows are cut', () => {
          const given = problem(task, form, 8, { rowCount: 30 });
          const weights = randomWeights(given, 1, 4);
          const all = pass(implementation, given, weights);
          expect(pass(implementation, given, weights, 'loss').loss).toBe(all.loss);
          expect(pass(implementation, given, weights, 'gradient').gradient).toEqual(all.gradient);
          for (const cuts of [1, 3, 4, 7, 8, 11])
            expect(pass(implementation, given, weights, 'curvature', cuts)).toEqual(all);
        });

        it('leave out rows of weight 0, and count a row of weight 2 as two rows', () => {
          const { observations, ...given } = problem(task, form, 5, { rowCount: 12 });
          const weights = randomWeights({ ...given, observations }, 2);
          const weighted = observations.map((row, i) => ({ ...row, weight: i % 3 }));
          const repeated = observations.flatMap((row, i) => Array.from({ length: i % 3 }, () => row));
          expectNear(
            pass(implementation, { ...given, observations: weighted }, weights),
            pass(implementation, { ...given, observations: repeated }, weights),
            1e-13,
          );
          const none = pass(
            implementation,
            { ...given, observations: observations.map((row) => ({ ...row, weight: 0 })) },
            weights,
          );
          expect(none.loss).toBe(0);
          expect(none.gradient.every((g) => g === 0)).toBe(true);
        });

        it('are 0 at the padding feature, whose weight counts for nothing', () => {
          const given = problem(task, form, 3);
          const weights = randomWeights(given, 3);
          const all = pass(implementation, given, weights);
          expect(all.gradient.subarray(0, given.outputs).every((g) => g === 0)).toBe(true);
          expect(all.curvature.subarray(0, given.outputs).every((h) => h === 0)).toBe(true);
          expect(pass(implementation, given, weights.with(0, 1000))).toEqual(all);
        });

        it('stay finite and right at margins of thousands', () => {
          const given = problem(task, form, 7, { featureCount: 4, rowCount: 9 });
          const weights = randomWeights(given, 4, 1e4);
          const sums = pass(implementation, given, weights);
          expect(sums.loss).toBeGreaterThan(0);
          expect([sums.loss, ...sums.gradient, ...sums.curvature].every(Number.isFinite)).toBe(true);
          expectNear(sums, pass(reference, given, weights), 1e-12);
        });
      });
    }
  }
}

describe('gradients, SIMD kernel and reference', () => {
  for (const task of TASKS) {
    for (const form of FORMS) {
      // Double precision sums in another order.
      it(`agree to 1e-12: ${task}, ${form}`, () => {
        fc.assert(
          fc.property(drawn, ({ seed, scale, ...settings }) => {
            const given = problem(task, form, seed, settings);
            const weights = randomWeights(given, seed, scale);
            expectNear(pass(simd, given, weights), pass(reference, given, weights), 1e-12);
          }),
          { numRuns: 60 },
        );
      });
    }
  }

  for (const form of FORMS) {
    it(`give the same bits beyond 2 GiB: ${form}`, () => {
      const given = problem('softmax', form, 2);
      const weights = randomWeights(given, 5);
      const [low, high] = [0, 2.2 * 2 ** 30].map((offset) => pass(simd, given, weights, 'curvature', 10, offset));
      expect(high).toEqual(low);
    });
  }

  it('forget the sums of the last pass, and refuse what it was not to find', () => {
    const { kernel, memory } = simd.open();
    const state = new GradientState(memory, { form: 'sparse', head: [] }, 4, 1);
    state.load(Float64Array.of(0, 1, 2, 3), 'loss');
    expect(state.lossSum(kernel)).toBe(0);
    const gradient = memory.allocate(32);
    memory.f64.fill(7, gradient / 8, gradient / 8 + 4);
    expect(() => state.addTo(kernel, gradient)).toThrow("the goal of the pass was 'loss'");
    state.load(Float64Array.of(0, 1, 2, 3), 'gradient');
    state.addTo(kernel, gradient);
    expect([...memory.f64.subarray(gradient / 8, gradient / 8 + 4)]).toEqual([7, 7, 7, 7]);
    expect(() => state.addTo(kernel, gradient, gradient)).toThrow("the goal of the pass was 'gradient'");
  });
});
