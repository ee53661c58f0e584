import type { ModelType } from './types.js';

/** 1 / (1 + e^-margin), without overflow. */
export function sigmoid(margin: number): number {
  if (margin >= 0) return 1 / (1 + Math.exp(-margin));
  const e = Math.exp(margin);
  return e / (1 + e);
}

/**
 * Margins of one observation to what the model answers, in place: P(1), class probabilities, or the value itself.
 *
 * @param values margins from `offset` on, `outputs` of them; overwritten
 */
export function applyLink(type: ModelType, values: Float64Array, offset: number, outputs: number): void {
  if (type === 'BINARY') values[offset] = sigmoid(values[offset]);
  if (type !== 'MULTICLASS') return;
  const end = offset + outputs;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = offset; k < end; k++) largest = Math.max(largest, values[k]);
  let sum = 0;
  for (let k = offset; k < end; k++) {
    values[k] = Math.exp(values[k] - largest);
    sum += values[k];
  }
  for (let k = offset; k < end; k++) values[k] /= sum;
}
