import type { Data } from '../../src/environment.js';
import type { Evaluation } from '../../src/evaluation/evaluation.js';
import type { Model } from '../../src/model.js';

const BIAS_FEATURE = 1;

/** The loss that training sees, of an evaluation: nats, or squared error / 2 over the variance in the training data. */
export function lossOf({ state }: Model, evaluation: Evaluation): number {
  if (evaluation.type !== 'REGRESSION') return evaluation.logLoss;
  return (evaluation.rmse / (state.target as { standardDeviation: number }).standardDeviation) ** 2 / 2;
}

/** F: mean loss on the training data, and penalties. The prior must have been given as a number. */
export async function objectiveOf(model: Model, data: Data): Promise<number> {
  const { state, training } = model;
  const { weights, outputs } = state;
  const parameter = (name: string): number => Number(training.parameters[name]);
  const l1 = parameter('sgd.l1RegularizationAmount');
  const l2 = parameter('sgd.l2RegularizationAmount') + parameter('trainer.prior') / training.observationCount;
  let squares = 0;
  let sizes = 0;
  for (let i = 0; i < weights.length; i++) {
    if (Math.floor(i / outputs) === BIAS_FEATURE) continue;
    squares += weights[i] ** 2;
    sizes += Math.abs(weights[i]);
  }
  return lossOf(model, await model.evaluate(data)) + (l2 / 2) * squares + l1 * sizes;
}

/** F of the best constant model. */
export function nullObjective({ state: { target } }: Model): number {
  const entropy = (shares: readonly number[]): number =>
    shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
  if (target.type === 'BINARY') return entropy([target.positiveShare, 1 - target.positiveShare]);
  return target.type === 'MULTICLASS' ? entropy(target.shares) : 0.5;
}

/** Weights that are not 0. */
export function nonZeros({ state }: Model): number {
  return state.weights.reduce((count, weight) => count + Number(weight !== 0), 0);
}
