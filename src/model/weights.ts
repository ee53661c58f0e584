import { BIAS_FEATURE } from '../features/rows.js';
import type { FittedNumber } from '../recipe/fitted.js';
import type { ModelState } from './state.js';

/** The weight of one feature for one output. */
export interface FeatureWeight {
  /** `age∈[31,35)`, `job=admin.`, `(bias)`. */
  readonly feature: string;
  /** In the units of the data: change of the margin (log odds) per unit, for regression of the target itself. */
  readonly weight: number;
  /** The class that the weight speaks for; MULTICLASS only. */
  readonly class?: string;
  /**
   * How much the feature moves predictions: |weight| times the feature's standard deviation in the training data,
   * sqrt(share (1 - share)) for a feature that is present or absent; 0 for the bias.
   */
  readonly strength: number;
}

/** Every weight of a model, strongest first. */
export function featureWeights(state: ModelState): FeatureWeight[] {
  const { features, outputs, target } = state;
  const result: FeatureWeight[] = [];
  const unit = target.type === 'REGRESSION' ? target.standardDeviation : 1;
  const numbers = scaledNumbers(state);
  for (let output = 0; output < outputs; output++) {
    const label = target.type === 'MULTICLASS' ? { class: target.classes[output] } : {};
    const bias = unfoldedBias(state, numbers, output);
    result.push({ feature: features.text(BIAS_FEATURE), weight: bias, strength: 0, ...label });
    for (let index = BIAS_FEATURE + 1; index < features.size; index++) {
      const scaled = state.weights[index * outputs + output] * unit;
      const number = numbers.get(index);
      const share = state.featureShares[index];
      const deviation = number ? 1 : Math.sqrt(share * (1 - share));
      const weight = number ? scaled / number.standardDeviation : scaled;
      result.push({ feature: features.text(index), weight, strength: Math.abs(scaled) * deviation, ...label });
    }
  }
  return result.sort((a, b) => b.strength - a.strength);
}

/** The features that are scaled numbers, ascending. */
function scaledNumbers({ features, recipe }: ModelState): Map<number, FittedNumber> {
  const numbers = new Map<number, FittedNumber>();
  for (const [place, own] of features.outputs.entries()) {
    const fitted = recipe.outputs[place];
    if (fitted.kind !== 'number' || !('slots' in own)) continue;
    const value = own.slots.indexOf(0);
    if (value >= 0) numbers.set(features.starts[place] + value, fitted);
  }
  return numbers;
}

/** The bias for unscaled numbers and an unscaled target. */
function unfoldedBias(
  { outputs, target, weights }: ModelState,
  numbers: ReadonlyMap<number, FittedNumber>,
  output: number,
): number {
  let bias = weights[BIAS_FEATURE * outputs + output];
  for (const [index, { mean, standardDeviation }] of numbers) {
    bias -= (weights[index * outputs + output] * mean) / standardDeviation;
  }
  return target.type === 'REGRESSION' ? target.mean + target.standardDeviation * bias : bias;
}
