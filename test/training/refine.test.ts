import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE } from '../../src/features/rows.js';
import { kernelModule } from '../../src/kernel/load.js';
import { factorise, solve } from '../../src/kernel/reference-cholesky.js';
import { Penalty } from '../../src/training/penalty.js';
import { type RefineInput, type RefineProgress, type RefineState, refine } from '../../src/training/refine.js';
import { TOLERANCE } from '../../src/training/stopping.js';
import { type GradientProblem, pass } from '../kernel/gradient-trial.js';
import { type Form, randomObservations, type Task } from '../kernel/observations.js';
import { simd, Trial } from '../kernel/trial.js';
import { MemoryObjective } from './two-stages.js';

const TYPES = { logistic: 'BINARY', squared: 'REGRESSION', softmax: 'MULTICLASS' } as const;
const ROWS = 120;

function problem(task: Task, form: Form = 'sparse', featureCount = 14): GradientProblem {
  const outputs = task === 'softmax' ? 4 : 1;
  const observations = randomObservations(task, form, { seed: 6, rowCount: ROWS, featureCount, outputs });
  return { task, form, outputs, featureCount, observations };
}

function open(given: GradientProblem): { objective: MemoryObjective; input: RefineInput } {
  const trial = new Trial(simd, given);
  const { kernel, memory, layout, rows } = trial;
  const { featureCount, outputs, observations, task } = given;
  const order = memory.u32.slice(rows / 4, rows / 4 + observations.length);
  const type = TYPES[task];
  const data = { kernel, memory, layout, type, outputs, featureCount };
  const objective = new MemoryObjective(data, order);
  const nullModel = new Float64Array(featureCount * outputs);
  const input = {
    objective,
    type,
    layout,
    module: kernelModule(),
    candidates: [],
    nullModel,
    l1: 0,
    l2: 1 / ROWS,
  };
  return { objective, input: { ...input, passes: 40 } };
}

/** The smooth part's gradient at weights. */
function gradientAt(given: GradientProblem, weights: Float64Array, l2: number): Float64Array {
  const { gradient } = pass(simd, given, weights, 'gradient');
  const { outputs } = given;
  const isBias = (i: number) => Math.floor(i / outputs) === BIAS_FEATURE;
  return gradient.map((sum, i) => sum / given.observations.length + (isBias(i) ? 0 : l2 * weights[i]));
}

/** The optimum, and how far weights are from it, in units of what the null model is. */
async function openDistance(input: RefineInput) {
  const { objective, nullModel, l2 } = input;
  const valueAt = async (weights: Float64Array): Promise<number> => {
    const loss = await objective.evaluate(weights, new Float64Array(weights.length));
    return loss + new Penalty(0, l2, objective.outputs).value(weights);
  };
  const exact = await refine({ ...input, tolerance: { gradient: 1e-12, decrease: 0 }, passes: 200 });
  const lowest = await valueAt(exact.weights);
  const worst = (await valueAt(nullModel)) - lowest;
  return { exact, distance: async (weights: Float64Array) => ((await valueAt(weights)) - lowest) / worst };
}

/** What is reported, with arrays that hold. */
const copied = <T extends RefineState | RefineProgress>(reported: T): T =>
  Object.fromEntries(
    Object.entries(reported).map(([name, value]) => [
      name,
      value instanceof Float64Array
        ? value.slice()
        : Array.isArray(value) && value[0] instanceof Float64Array
          ? value.map((array) => array.slice())
          : value,
    ]),
  ) as T;

const largest = (values: Float64Array): number => Math.max(...values.map(Math.abs));

describe('stage 2', () => {
  it('finds the ridge regression of the normal equations', async () => {
    const given = problem('squared', 'dense');
    const { input } = open(given);
    const size = given.featureCount - 1;
    const matrix = new Float64Array(size * size);
    const solution = new Float64Array(size);
    for (const { target, values } of given.observations) {
      const x = Array.from({ length: size }, (_, i) => (i === 0 ? 1 : (values.get(i + 1) ?? 0)));
      for (let i = 0; i < size; i++) {
        solution[i] += x[i] * target;
        for (let j = 0; j < size; j++) matrix[i * size + j] += x[i] * x[j];
      }
    }
    for (let i = 1; i < size; i++) matrix[i * size + i] += 1;
    factorise(matrix, size, 1e-12);
    solve(matrix, size, solution);
    const { weights, passes, stoppedEarly } = await refine({
      ...input,
      tolerance: { gradient: 1e-10, decrease: 1e-9 },
    });
    weights.slice(1).forEach((w, i) => expect(Math.abs(w - solution[i])).toBeLessThan(1e-9));
    // The preconditioner holds the whole Hessian: two steps, and two that show that no more is to be had.
    expect(passes).toBeLessThanOrEqual(5);
    expect(stoppedEarly).toBe(true);
  });

  it('stops where as good as nothing is left to gain, once the preconditioner holds all features', async () => {
    for (const task of ['logistic', 'squared', 'softmax'] as const) {
      const { input } = open(problem(task, 'dense'));
      const { exact, distance } = await openDistance(input);
      let last = exact.passes;
      for (const suboptimality of [1e-10, 1e-7, 1e-4, 1e-2]) {
        const reports: RefineProgress[] = [];
        const { weights, passes, stoppedEarly } = await refine({
          ...input,
          tolerance: { ...TOLERANCE, suboptimality },
          onPass: (progress) => reports.push(progress),
        });
        expect(stoppedEarly).toBe(true);
        expect(reports).toHaveLength(passes);
        expect(passes).toBeLessThanOrEqual(last);
        // Blocks leave out what is between outputs: the estimate is good to a small factor only.
        expect(await distance(weights)).toBeLessThan(4 * suboptimality);
        last = passes;
      }
      expect(last).toBeLessThan(exact.passes);
    }
  });

  it('ends nearer by default the more of the Hessian the preconditioner holds', async () => {
    for (const [task, blockFeatures, most] of [
      ['logistic', 256, 1e-7],
      ['squared', 256, 1e-7],
      ['softmax', 256, 1e-5],
      ['logistic', 5, 1e-3],
    ] as const) {
      const { input } = open(problem(task, 'dense'));
      const { distance } = await openDistance(input);
      const { weights, stoppedEarly } = await refine({ ...input, blockFeatures });
      expect(stoppedEarly).toBe(true);
      expect(await distance(weights)).toBeLessThan(most);
    }
  });

  it('does not end before its passes where the tolerance is 0 and it still gets lower', async () => {
    const { input } = open(problem('softmax', 'dense'));
    const result = await refine({ ...input, passes: 7, tolerance: { ...TOLERANCE, suboptimality: 0 } });
    expect(result).toMatchObject({ passes: 7, stoppedEarly: false });
  });

  for (const task of ['logistic', 'squared', 'softmax'] as const) {
    for (const form of ['sparse', 'sparse ones', 'dense'] as const) {
      it(`ends where the gradient is 0: ${task}, ${form}`, async () => {
        const given = problem(task, form);
        const { input } = open(given);
        const { weights, stoppedEarly } = await refine({
          ...input,
          passes: 200,
          tolerance: { gradient: 1e-10, decrease: 0 },
        });
        expect(stoppedEarly).toBe(true);
        expect(largest(gradientAt(given, weights, input.l2))).toBeLessThan(1e-9);
        expect(weights.slice(0, given.outputs).every((w) => w === 0)).toBe(true);
      });

      it(`meets the conditions of an optimum with L1, weights being exactly 0: ${task}, ${form}`, async () => {
        const given = problem(task, form);
        const { input } = open(given);
        const l1 = task === 'squared' ? 0.5 : 0.03;
        const { weights } = await refine({ ...input, l1, passes: 1000, tolerance: { gradient: 1e-10, decrease: 0 } });
        const gradient = gradientAt(given, weights, input.l2);
        let zeros = 0;
        weights.forEach((w, i) => {
          const feature = Math.floor(i / given.outputs);
          if (feature < BIAS_FEATURE) return;
          if (feature === BIAS_FEATURE) expect(Math.abs(gradient[i])).toBeLessThan(1e-7);
          else if (w !== 0) expect(Math.abs(gradient[i] + l1 * Math.sign(w))).toBeLessThan(1e-7);
          else {
            zeros++;
            expect(Math.abs(gradient[i])).toBeLessThanOrEqual(l1 + 1e-7);
          }
        });
        expect(zeros).toBeGreaterThan(0);
      });
    }
  }

  it('begins with the best of the candidates and the null model', async () => {
    const given = problem('logistic');
    const { input } = open(given);
    const best = (await refine(input)).weights;
    const { nullModel } = input;
    const near = best.map((w) => 0.9 * w);
    const far = best.map((w) => -5 * w);
    const broken = best.map((_, i) => (i < 2 ? 0 : Number.NaN));
    for (const [candidates, expected] of [
      [[near, far], near],
      [[far, near], near],
      [[far, far], nullModel],
      [[broken, far], nullModel],
      [[broken, near], near],
    ]) {
      const { weights, passes } = await refine({ ...input, candidates: candidates as Float64Array[], passes: 1 });
      expect(weights).toEqual(expected);
      expect(passes).toBe(1);
    }
  });

  for (const [l1, suboptimality, least, blockFeatures] of [
    [0, 0, 13, 256],
    [0, 'auto', 3, 256],
    [0, 'auto', 3, 5],
    [0.01, 'auto', 13, 256],
  ] as const) {
    it(`goes on to the identical end: L1 ${l1}, tolerance ${suboptimality}, blocks of ${blockFeatures}`, async () => {
      const given = problem('softmax');
      const { input } = open(given);
      const options = { ...input, l1, passes: 18, blockFeatures, tolerance: { ...TOLERANCE, suboptimality } };
      const states: RefineState[] = [];
      const reports: RefineProgress[] = [];
      const whole = await refine({
        ...options,
        onState: (s) => states.push(copied(s)),
        onPass: (p) => reports.push(copied(p)),
      });
      expect(states.length).toBeGreaterThanOrEqual(least);
      for (const state of states) {
        const rest: RefineProgress[] = [];
        const again = await refine({
          ...options,
          objective: open(given).objective,
          state,
          onPass: (p) => rest.push(copied(p)),
        });
        expect(again).toEqual(whole);
        expect(rest).toEqual(reports.filter(({ pass }) => pass > state.passes));
      }
    });
  }

  it('makes no more passes than it may, and reports each', async () => {
    for (const passes of [1, 2, 5]) {
      const { objective, input } = open(problem('softmax'));
      const reports: RefineProgress[] = [];
      const result = await refine({ ...input, passes, onPass: (progress) => reports.push(progress) });
      expect(result).toMatchObject({ passes, stoppedEarly: false });
      expect(objective.evaluations).toBe(passes);
      expect(reports.map(({ pass }) => pass)).toEqual(Array.from({ length: passes }, (_, i) => i + 1));
    }
  });

  it('never gets worse, and tells about how far it is from the optimum', async () => {
    const { input } = open(problem('logistic', 'dense', 40));
    const reports: RefineProgress[] = [];
    await refine({
      ...input,
      passes: 100,
      tolerance: { gradient: 1e-12, decrease: 0 },
      onPass: (p) => reports.push(p),
    });
    const optimum = reports.at(-1)!.objective;
    const worst = Math.log(2);
    reports.forEach(({ objective, suboptimality }, i) => {
      if (i > 0) expect(objective).toBeLessThanOrEqual(reports[i - 1].objective);
      const truth = (objective - optimum) / (worst - optimum);
      if (truth < 1e-10) return;
      expect(suboptimality).toBeGreaterThan(truth / 10);
      expect(suboptimality).toBeLessThan(Math.min(1, truth * 10) + 1e-9);
    });
  });

  it('stays finite where nothing holds the weights back: separable classes, no penalty', async () => {
    const observations = Array.from({ length: 20 }, (_, i) => ({
      target: i < 10 ? -1 : 1,
      values: new Map([[2, i - 9.5]]),
    }));
    const { input } = open({ task: 'logistic', form: 'dense', outputs: 1, featureCount: 3, observations });
    const { weights } = await refine({ ...input, l2: 0, passes: 200 });
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(weights[2]).toBeGreaterThan(5);
  });

  it('learns nothing from one row, or from features that say nothing', async () => {
    for (const values of [new Map<number, number>(), new Map([[2, 1]])]) {
      for (const rowCount of [1, 8]) {
        const observations = Array.from({ length: rowCount }, (_, i) => ({ target: i % 2 ? 1 : -1, values }));
        const given = { task: 'squared', form: 'sparse', outputs: 1, featureCount: 3, observations } as const;
        const { weights } = await refine(open(given).input);
        expect(weights.every(Number.isFinite)).toBe(true);
        const margin = weights[1] + weights[2] * (values.get(2) ?? 0);
        expect(Math.abs(margin - (rowCount === 1 ? -1 : 0))).toBeLessThan(1e-6);
      }
    }
  });

  it('ends with the reason of the signal', async () => {
    const { input, objective } = open(problem('softmax'));
    const control = new AbortController();
    const run = refine({
      ...input,
      signal: control.signal,
      onPass: ({ pass }) => pass === 3 && control.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    expect(objective.evaluations).toBe(4);
  });
});
