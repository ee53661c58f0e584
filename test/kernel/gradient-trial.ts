import { type GradientGoal, GradientState, gradientPass } from '../../src/kernel/gradient-state.js';
import type { ModelType } from '../../src/model/types.js';
import { type Form, type Observation, randomNumbers, type Task } from './observations.js';
import { type Implementation, Trial } from './trial.js';

const TYPES: Readonly<Record<Task, ModelType>> = {
  logistic: 'BINARY',
  squared: 'REGRESSION',
  softmax: 'MULTICLASS',
};

export interface GradientProblem {
  readonly task: Task;
  readonly form: Form;
  readonly outputs: number;
  /** Padding and bias included. */
  readonly featureCount: number;
  readonly observations: readonly Observation[];
}

export interface Sums {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

/**
 * A pass over the observations.
 *
 * @param cuts how many rows go in one call; default: all
 */
export function pass(
  implementation: Implementation,
  problem: GradientProblem,
  weights: Float64Array,
  goal: GradientGoal = 'curvature',
  cuts = problem.observations.length,
  offset = 0,
): Sums {
  const { task, outputs, featureCount, observations } = problem;
  const trial = new Trial(implementation, { ...problem, offset });
  const state = new GradientState(trial.memory, trial.layout, featureCount, outputs);
  state.load(weights, goal);
  for (let row = 0; row < observations.length; row += cuts) {
    const count = Math.min(cuts, observations.length - row);
    gradientPass(trial.kernel, TYPES[task], trial.rows + 4 * row, count, state);
  }
  const { kernel, memory } = trial;
  const [gradient, curvature] = [0, 1].map(() => memory.allocate(8 * weights.length));
  const read = (address: number) => memory.f64.slice(address / 8, address / 8 + weights.length);
  for (const address of [gradient, curvature]) memory.f64.fill(0, address / 8, address / 8 + weights.length);
  if (goal !== 'loss') state.addTo(kernel, gradient, goal === 'curvature' ? curvature : undefined);
  return { loss: state.lossSum(kernel), gradient: read(gradient), curvature: read(curvature) };
}

/** Weights in [-scale / 2, scale / 2], the padding's 0. */
export function randomWeights({ featureCount, outputs }: GradientProblem, seed: number, scale = 1): Float64Array {
  const random = randomNumbers(seed);
  return Float64Array.from({ length: featureCount * outputs }, (_, i) => (i < outputs ? 0 : scale * (random() - 0.5)));
}
