import { BIAS_FEATURE } from '../features/rows.js';
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
  for (let output = 0; output < outputs; output++) {
    const label = target.type === 'MULTICLASS' ? { class: target.classes[output] } : {};
    result.push({ feature: features.text(BIAS_FEATURE), weight: unfoldedBias(state, output), strength: 0, ...label });
    for (let index = BIAS_FEATURE + 1; index < features.size; index++) {
      const scaled = state.weights[index * outputs + output] * unit;
      const number = numberScale(state, index);
      const share = state.featureShares[index];
      const deviation = number ? 1 : Math.sqrt(share * (1 - share));
      const weight = number ? scaled / number.standardDeviation : scaled;
      result.push({ feature: features.text(index), weight, strength: Math.abs(scaled) * deviation, ...label });
    }
  }
  return result.sort((a, b) => b.strength - a.strength);
}

/** Mean and standard deviation of a feature that is a scaled number; undefined for others. */
function numberScale(state: ModelState, index: number): { mean: number; standardDeviation: number } | undefined {
  const place = state.features.outputOf(index);
  const fitted = state.recipe.outputs[place];
  const own = state.features.outputs[place];
  if (fitted.kind !== 'number' || !('slots' in own)) return undefined;
  return own.slots[index - state.features.starts[place]] === 0 ? fitted : undefined;
}

/** The bias for unscaled numbers and an unscaled target. */
function unfoldedBias(state: ModelState, output: number): number {
  const { outputs, target, weights } = state;
  let bias = weights[BIAS_FEATURE * outputs + output];
  for (let index = BIAS_FEATURE + 1; index < state.features.size; index++) {
    const number = numberScale(state, index);
    if (number) bias -= (weights[index * outputs + output] * number.mean) / number.standardDeviation;
  }
  return target.type === 'REGRESSION' ? target.mean + target.standardDeviation * bias : bias;
}
