import { isWeight } from '../datasource/row-weights.js';

/** Sum of the weights of some observations; their number without weights. */
export function totalWeight(weights: Float64Array | undefined, count: number): number {
  if (weights === undefined) return count;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i];
  return sum;
}

/** @throws Error unless there is one weight per row, each finite and 0 or more: others must not be passed */
export function checkWeights(weights: Float64Array | undefined, rowCount: number): void {
  if (weights === undefined) return;
  if (weights.length !== rowCount) throw new Error(`${rowCount} rows and ${weights.length} weights`);
  for (let i = 0; i < rowCount; i++) if (!isWeight(weights[i])) throw new Error(`row ${i}: weight ${weights[i]}`);
}
