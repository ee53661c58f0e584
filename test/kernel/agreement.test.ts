import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Form, type Observation, randomObservations, type Task } from './observations.js';
import { reference, simd, Trial } from './trial.js';

const PASSES = 5;
const ROWS = 200;

const problem = fc.record({
  seed: fc.integer({ min: 1, max: 1e9 }),
  featureCount: fc.integer({ min: 3, max: 40 }),
  outputs: fc.integer({ min: 2, max: 9 }),
  present: fc.double({ min: 0.1, max: 1, noNaN: true }),
  l1: fc.constantFrom(0, 1e-4),
  l2: fc.constantFrom(1e-6, 1e-3),
  weighted: fc.boolean(),
});

/** One weight of logistic regression, up to 1.18 on the way and 0.06 in the end. */
const swinging = {
  seed: 484218160,
  featureCount: 3,
  outputs: 2,
  present: 0.20202999305911365,
  l1: 0,
  l2: 1e-6,
  weighted: false,
};

/** Sums of losses of logistic regression that differ by 1.02e-5 of themselves. */
const lossy = {
  seed: 13091173,
  featureCount: 7,
  outputs: 2,
  present: 0.988754417281598,
  l1: 1e-4,
  l2: 1e-6,
  weighted: false,
};

/** 1000 steps in `PASSES` passes over the rows, `count` rows a call; the sum of losses, and the largest weight after any call. */
function train(trial: Trial, l1: number, l2: number, count = ROWS): { loss: number; largest: number } {
  let loss = 0;
  let largest = 0;
  for (let step = 0; step < PASSES * ROWS; step += count) {
    loss += trial.train({ first: step % ROWS, count, firstStep: 1 + step, l1, l2 });
    largest = Math.max(largest, largestOf(trial.weights()));
  }
  return { loss, largest };
}

function largestOf(numbers: readonly number[]): number {
  return Math.max(...numbers.map(Math.abs));
}

/** @param size what `TOLERANCE` is a share of; default: the largest of `expected` */
function expectClose(actual: readonly number[], expected: readonly number[], size = largestOf(expected)): void {
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(TOLERANCE * size));
}

/**
 * A step's length is right to 1e-4: implicit steps are solved to 3e-5, and sums of rates that follow curvatures by a series to
 * 9e-5. Later steps damp the error. A step is no longer than the weights before and after it together, which first
 * steps make far larger than the last ones. Losses err by no more of themselves than margins do: |dl/dm| <= l, but for squares.
 */
const TOLERANCE = 1e-4;

describe('SIMD kernel and reference', () => {
  for (const task of ['logistic', 'squared', 'softmax'] as const) {
    for (const form of ['sparse', 'sparse ones', 'dense'] as const) {
      it(`agree to ${TOLERANCE} after 1000 steps: ${task}, ${form}`, () => {
        fc.assert(
          fc.property(problem, ({ seed, featureCount, outputs: classes, present, l1, l2, weighted }) => {
            const outputs = task === 'softmax' ? classes : 1;
            const observations = randomObservations(task, form, {
              seed,
              rowCount: ROWS,
              featureCount,
              outputs,
              present,
              weighted,
            });
            const options = { task, form, outputs, featureCount, observations };
            const plain = new Trial(reference, options);
            const fast = new Trial(simd, options);
            const { loss, largest } = train(plain, l1, l2, 1);
            expect(Math.abs(train(fast, l1, l2).loss / loss - 1)).toBeLessThan(TOLERANCE);
            expectClose(fast.weights(), plain.weights(), largest);
            expectClose(fast.averages(PASSES * ROWS), plain.averages(PASSES * ROWS), largest);
          }),
          { numRuns: 20, examples: [[swinging], [lossy]] },
        );
      });
    }
  }
});

describe('SIMD kernel and reference, dense rows', () => {
  /** Enough rows for curvatures to grow slowly; all contain all features, so that slight penalties need no division. */
  const ROW_COUNT = 2000;
  const open = (task: Task, outputs: number, l2: number) => {
    const featureCount = 24;
    const observations = randomObservations(task, 'dense', {
      seed: 31,
      rowCount: ROW_COUNT,
      featureCount,
      outputs,
      present: 1,
    });
    return [reference, simd].map((implementation) => {
      const trial = new Trial(implementation, { task, form: 'dense', outputs, featureCount, observations });
      const run = (first: number, count: number): number => trial.train({ first, count, firstStep: first + 1, l2 });
      return { trial, run };
    });
  };
  for (const [task, outputs] of [
    ['logistic', 1],
    ['squared', 1],
    ['softmax', 5],
  ] as const) {
    for (const l2 of [0, 1e-6, 1e-5, 1e-4]) {
      it(`agree to ${TOLERANCE} where every row contains every feature: ${task}, L2 ${l2}`, () => {
        const [plain, fast] = open(task, outputs, l2);
        expect(Math.abs(fast.run(0, ROW_COUNT) / plain.run(0, ROW_COUNT) - 1)).toBeLessThan(1e-5);
        expectClose(fast.trial.weights(), plain.trial.weights());
        expectClose(fast.trial.averages(ROW_COUNT), plain.trial.averages(ROW_COUNT));
      });
    }

    it(`agree when curvatures are changed between calls: ${task}`, () => {
      const [plain, fast] = open(task, outputs, 1e-6);
      for (const { trial, run } of [plain, fast]) {
        run(0, 1000);
        for (let k = 0; k < outputs; k++) {
          for (let feature = 1; feature < 24; feature++) {
            trial.setCurvature(feature, trial.curvature(feature, k) * [0.1, 1.0001, 7][feature % 3], k);
          }
        }
        run(1000, 1000);
      }
      expectClose(fast.trial.weights(), plain.trial.weights());
    });

    it(`gives the same bits however 2000 rows are cut into calls: ${task}`, () => {
      const [, whole] = open(task, outputs, 1e-6);
      const [, cut] = open(task, outputs, 1e-6);
      whole.run(0, ROW_COUNT);
      for (let first = 0, count = 1; first < ROW_COUNT; first += count, count = (count * 7) % 61) {
        cut.run(first, Math.min(count, ROW_COUNT - first));
      }
      expect(new Uint32Array(cut.trial.raw().buffer)).toEqual(new Uint32Array(whole.trial.raw().buffer));
    });
  }
});

describe('addresses beyond 2 GiB', () => {
  for (const form of ['sparse', 'dense'] as const) {
    it(`give the same bits as low ones: ${form}`, () => {
      const observations = randomObservations('softmax', form, {
        seed: 4,
        rowCount: ROWS,
        featureCount: 20,
        outputs: 5,
      });
      const [low, high] = [0, 2.2 * 2 ** 30].map((offset) => {
        const trial = new Trial(simd, {
          task: 'softmax',
          form,
          outputs: 5,
          featureCount: 20,
          observations,
          offset,
        });
        trial.train({ l1: 1e-4, l2: 1e-3 });
        return {
          raw: trial.raw(),
          averages: trial.averages(ROWS),
          scores: trial.scores(new Float64Array(100).fill(0.7)),
        };
      });
      expect(high).toEqual(low);
    });
  }
});

describe('forms of rows', () => {
  /** Values of 1 only, so that all three forms can hold them. */
  function same(task: Task, outputs: number, present: number): Record<Form, Trial> {
    const featureCount = 21;
    const observations: Observation[] = randomObservations(task, 'sparse ones', {
      seed: 77,
      rowCount: ROWS,
      featureCount,
      outputs,
      present,
    });
    const open = (form: Form) => new Trial(simd, { task, form, outputs, featureCount, observations });
    return { sparse: open('sparse'), 'sparse ones': open('sparse ones'), dense: open('dense') };
  }

  for (const { task, outputs } of [
    { task: 'logistic', outputs: 1 },
    { task: 'squared', outputs: 1 },
    { task: 'softmax', outputs: 5 },
  ] as const) {
    for (const l1 of [0, 1e-3]) {
      it(`give the same model from the same data: ${task}, L1 ${l1}`, () => {
        const trials = same(task, outputs, 0.4);
        const losses = Object.values(trials).map((trial) => train(trial, l1, 1e-3).loss);
        for (const loss of losses) expect(Math.abs(loss / losses[0] - 1)).toBeLessThan(1e-5);
        for (const form of ['sparse ones', 'dense'] as const) {
          expectClose(trials[form].weights().slice(outputs), trials.sparse.weights().slice(outputs));
        }
      });
    }
  }
});
