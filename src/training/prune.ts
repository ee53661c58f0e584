import { BIAS_FEATURE, PADDING_FEATURE } from '../features/rows.js';
import { greatest } from './greatest.js';

export interface PruneInput {
  /** f64[shares.length * outputs], feature major. */
  readonly weights: Float64Array;
  readonly outputs: number;
  /** Share of the rows that contain each feature, 0 .. 1. */
  readonly shares: Float64Array;
  /** Whether a feature is a scaled number, whose standard deviation is 1; all others are 0 or 1. */
  isNumber(feature: number): boolean;
  /** How many features may stay, the bias included, padding not; from 1. */
  readonly maxFeatures: number;
}

/**
 * The features that are worth their place: those whose contribution to the margin varies most over the rows,
 *
 *     score = |w| sd(x),  sd(x) = sqrt(share (1 - share)), or 1 for a number
 *
 * |w| being the Euclidean norm over the outputs. By |w| alone, extreme weights of rare features would win. Among equals the
 * lower number stays; padding and bias always do.
 *
 * @returns ascending feature numbers
 */
export function survivors({ weights, outputs, shares, isNumber, maxFeatures }: PruneInput): Uint32Array {
  const scores = new Float64Array(shares.length);
  for (let feature = 0; feature < scores.length; feature++) {
    let square = 0;
    for (let k = 0; k < outputs; k++) square += weights[feature * outputs + k] ** 2;
    const share = shares[feature];
    scores[feature] = Math.sqrt(square * (isNumber(feature) ? 1 : share * (1 - share)));
  }
  scores[PADDING_FEATURE] = Number.POSITIVE_INFINITY;
  scores[BIAS_FEATURE] = Number.POSITIVE_INFINITY;
  return greatest(scores, 1 + Math.max(1, maxFeatures));
}
