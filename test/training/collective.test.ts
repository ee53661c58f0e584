import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE } from '../../src/features/rows.js';
import { kernelModule } from '../../src/kernel/load.js';
import { collectivePreconditioner } from '../../src/training/collective.js';
import { flatSquares } from '../../src/training/flat-squares.js';
import { Penalty } from '../../src/training/penalty.js';
import { diagonalPreconditioner, type Preconditioner } from '../../src/training/preconditioner.js';
import { type RefineState, refine } from '../../src/training/refine.js';
import { SampleObjective } from '../../src/training/sample-objective.js';
import { type Sample, SampledRows } from '../../src/training/sampled-rows.js';
import { Vectors } from '../../src/training/vectors.js';
import { type GradientProblem, pass, randomWeights } from '../kernel/gradient-trial.js';
import { type Form, type Observation, randomNumbers, randomObservations, type Task } from '../kernel/observations.js';
import { reference, simd, Trial } from '../kernel/trial.js';

const TYPES = { logistic: 'BINARY', squared: 'REGRESSION', softmax: 'MULTICLASS' } as const;

function problem(task: Task, form: Form, seed: number): GradientProblem {
  const outputs = task === 'softmax' ? 3 : 1;
  const shape = { seed, rowCount: 40, featureCount: 12, outputs, present: 0.4, weighted: true };
  return { task, form, outputs, featureCount: 12, observations: randomObservations(task, form, shape) };
}

/** Rows of 30 features each, of which none is frequent: nearly orthogonal but for what they have in common. */
function texts(): GradientProblem {
  const random = randomNumbers(5);
  const observations = Array.from({ length: 600 }, (): Observation => {
    const values = new Map<number, number>();
    while (values.size < 30) values.set(2 + Math.floor(1500 * random()), 1);
    return { target: random() < 0.5 ? -1 : 1, values };
  });
  return { task: 'logistic', form: 'sparse ones', outputs: 1, featureCount: 1502, observations };
}

function sampled(implementation: typeof simd, given: GradientProblem): { rows: SampledRows; sample: Sample } {
  const { kernel, memory, layout, rows } = new Trial(implementation, given);
  const all = given.observations.map((_, i) => memory.u32[rows / 4 + i] / 4);
  const words = memory.u32.slice(all[0], rows / 4);
  const sample = { words, starts: Uint32Array.from(all, (start) => start - all[0]) };
  return { rows: new SampledRows(kernel, memory, sample, layout, given.outputs), sample };
}

const close = (actual: Float64Array, expected: Float64Array, digits: number): void => {
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], digits);
  });
};

for (const implementation of [reference, simd]) {
  describe(`sampled rows, ${implementation.name}`, () => {
    for (const task of ['logistic', 'squared'] as const) {
      for (const form of ['sparse', 'sparse ones'] as const) {
        it(`multiply by their Hessian and keep their weights and targets: ${task}, ${form}`, async () => {
          const given = problem(task, form, 3);
          const [weights, direction] = [randomWeights(given, 1), randomWeights(given, 2)];
          const { rows } = sampled(implementation, given);
          const type = TYPES[task];
          const before = rows.losses(type, [weights]);
          const { products, diagonal, move, curvature } = await rows.curvatureProducts(type, weights, direction);
          const ahead = (step: number): Float64Array =>
            pass(
              implementation,
              given,
              weights.map((w, i) => w + step * direction[i]),
              'gradient',
            ).gradient;
          const [low, high] = [ahead(-1e-4), ahead(1e-4)];
          // Row weights l'' are single precision.
          close(
            products,
            high.map((value, i) => (value - low[i]) / 2e-4),
            4,
          );
          close(diagonal, pass(implementation, given, weights).curvature, 5);
          expect(move).toBeCloseTo(products[BIAS_FEATURE] / diagonal[BIAS_FEATURE], 5);
          expect(curvature).toBeCloseTo(diagonal[BIAS_FEATURE] / rows.count, 6);
          expect(await rows.meanCurvature(type, weights)).toBeCloseTo(curvature, 12);
          expect(rows.losses(type, [weights])).toEqual(before);
        });
      }
    }
  });
}

describe('the loss over sampled rows', () => {
  for (const task of ['logistic', 'squared', 'softmax'] as const) {
    for (const form of ['sparse', 'sparse ones', 'dense'] as const) {
      it(`is that of a pass over them, with its derivatives: ${task}, ${form}`, async () => {
        const given = problem(task, form, 4);
        const weights = randomWeights(given, 7);
        const { rows, sample } = sampled(simd, given);
        const objective = new SampleObjective(rows, sample, TYPES[task], given.featureCount);
        const sums = pass(simd, given, weights);
        const gradient = new Float64Array(weights.length);
        const curvature = new Float64Array(weights.length);
        for (const wanted of [undefined, curvature]) {
          expect(await objective.evaluate(weights, gradient, wanted)).toBe(sums.loss / 40);
          close(
            gradient,
            sums.gradient.map((sum) => sum / 40),
            12,
          );
        }
        close(
          curvature,
          sums.curvature.map((sum) => sum / 40),
          12,
        );
        expect(await objective.sample()).toBe(sample);
      });
    }
  }
});

describe('a preconditioner that knows the collective direction', () => {
  const given = texts();
  const length = given.featureCount;
  const weights = new Float64Array(length);
  const l2 = 20 / given.observations.length;
  const penalty = new Penalty(0, l2, 1);
  const curvature = pass(simd, given, weights).curvature.map((sum) => sum / given.observations.length);

  async function open(): Promise<{ vectors: Vectors; parts: Preconditioner; whole: Preconditioner }> {
    const vectors = new Vectors(kernelModule(), length, 20);
    const parts = diagonalPreconditioner(vectors, penalty.diagonal(curvature));
    const { rows: sample } = sampled(simd, given);
    const known = { vectors, weights, curvature, penalty, sample, type: 'BINARY' } as const;
    return { vectors, parts, whole: await collectivePreconditioner(parts, known) };
  }

  it('is symmetric and positive definite', async () => {
    const { vectors, whole } = await open();
    const [u, v] = [1, 2].map((seed) => vectors.copy(randomWeights(given, seed)));
    const [pu, pv] = [vectors.take(), vectors.take()];
    whole(u, pu);
    whole(v, pv);
    expect(vectors.dot(u, pv)).toBeCloseTo(vectors.dot(v, pu), 8);
    expect(vectors.dot(u, pu)).toBeGreaterThan(0);
    expect(vectors.dot(v, pv)).toBeGreaterThan(0);
  });

  it('undoes the Hessian along it, where features alone are far off', async () => {
    const { vectors, parts, whole } = await open();
    const step = vectors.take();
    parts(vectors.copy(curvature), step);
    const { products } = await sampled(simd, given).rows.curvatureProducts('BINARY', weights, step);
    const change = vectors.copy(products.map((sum, i) => sum / given.observations.length + (i > 1 ? l2 * step[i] : 0)));
    const result = vectors.take();
    const error = (): number => {
      vectors.addScaled(result, result, -1, step);
      return Math.sqrt(vectors.dot(result, result) / vectors.dot(step, step));
    };
    parts(change, result);
    expect(error()).toBeGreaterThan(4);
    whole(change, result);
    expect(error()).toBeLessThan(0.5);
  });

  it('takes stage 2 near the optimum in few passes', async () => {
    const { rows, sample } = sampled(simd, given);
    const objective = new SampleObjective(rows, sample, 'BINARY', length);
    const shared = { objective, type: 'BINARY', layout: rows.layout, module: kernelModule(), l1: 0, l2 } as const;
    const input = { ...shared, candidates: [], nullModel: weights, blockFeatures: 8 };
    const valueAt = async (at: Float64Array): Promise<number> =>
      (await objective.evaluate(at, new Float64Array(length))) + penalty.value(at);
    const exact = await refine({ ...input, tolerance: { gradient: 1e-12, decrease: 0 }, passes: 200 });
    const near = await refine({ ...input, passes: 3 });
    const least = await valueAt(exact.weights);
    expect(((await valueAt(near.weights)) - least) / ((await valueAt(weights)) - least)).toBeLessThan(0.005);
  });
});

describe('mean squares of features', () => {
  it('stand for a pass where the second derivative is the same for all rows', async () => {
    const given = problem('squared', 'sparse', 8);
    const { rows, sample } = sampled(simd, given);
    const objective = new SampleObjective(rows, sample, 'REGRESSION', given.featureCount);
    const states: RefineState[] = [];
    const { curvature } = pass(simd, given, new Float64Array(given.featureCount));
    const total = given.observations.reduce((sum, { weight = 1 }) => sum + weight, 0);
    for (const squares of [undefined, curvature.map((sum) => sum / total)]) {
      await refine({
        objective,
        type: 'REGRESSION',
        layout: rows.layout,
        module: kernelModule(),
        candidates: [],
        nullModel: new Float64Array(given.featureCount),
        l1: 0,
        l2: 0.1,
        passes: 1,
        blockFeatures: 4,
        squares,
        onState: (state) => states.push({ ...state, curvature: state.curvature.slice() }),
      });
    }
    expect(states[0].curvature[BIAS_FEATURE]).toBeGreaterThan(0);
    close(states[1].curvature, states[0].curvature, 6);
  });

  const input = {
    rowsPerFeature: Float64Array.of(0, 100, 50, 25, 60),
    outputs: 1,
    options: { l1: 0 },
    plan: { rowCount: 100, layout: { form: 'sparse', head: [] } },
    isNumber: (feature: number) => feature === 4,
  } as unknown as Parameters<typeof flatSquares>[0];

  it('are known where the prior keeps margins small: their variance by it, at most 2', () => {
    // 0.5 + 0.25 + 1 = 1.75 of weights of variance 1 / (100 l2)
    const squares = Float64Array.of(0, 1, 0.5, 0.25, 1);
    expect(flatSquares(input, 0.00876)).toEqual(squares);
    expect(flatSquares(input, 0.00874)).toBeUndefined();
  });

  it('are not asked for with L1, of several outputs or of dense rows', () => {
    expect(flatSquares({ ...input, outputs: 3 }, 1)).toBeUndefined();
    expect(flatSquares({ ...input, options: { ...input.options, l1: 0.1 } }, 1)).toBeUndefined();
    const plan = { ...input.plan, layout: { form: 'dense', width: 8 } } as const;
    expect(flatSquares({ ...input, plan }, 1)).toBeUndefined();
  });
});
