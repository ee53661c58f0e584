import type { TargetScale } from '../model/target.js';

/**
 * Target values as row records hold them.
 *
 * @param centre numbers are first rounded to single precision as distances to it; default: they are not
 */
export function recordTargets(values: Float64Array, scale: TargetScale, centre?: number): Float32Array {
  const targets = new Float32Array(values.length);
  if (scale.type === 'BINARY') {
    for (let i = 0; i < values.length; i++) targets[i] = values[i] === 1 ? 1 : -1;
  } else if (scale.type === 'REGRESSION') {
    const { mean, standardDeviation } = scale;
    for (let i = 0; i < values.length; i++) {
      const value = centre === undefined ? values[i] : Math.fround(values[i] - centre) + centre;
      targets[i] = (value - mean) / standardDeviation;
    }
  } else targets.set(values);
  return targets;
}

/** Starting bias: the margins of the best constant model. */
export function startingBias(scale: TargetScale, rowCount: number): Float64Array {
  if (scale.type === 'REGRESSION') return Float64Array.of(0);
  // Only shares by weight come nearer to 0 and 1 than this.
  const least = 0.01 / rowCount;
  if (scale.type === 'MULTICLASS') return Float64Array.from(scale.shares, (share) => Math.log(share + least));
  const share = Math.min(Math.max(scale.positiveShare, least), 1 - least);
  return Float64Array.of(Math.log(share / (1 - share)));
}
