import type { ColumnBlock } from '../datasource/block.js';
import type { Rejections } from '../datasource/rejections.js';

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

const isWeight = (weight: number): boolean => weight >= 0 && weight < Number.POSITIVE_INFINITY;

/** Rows of a block and how much each of them counts; `weights` undefined: 1 each. */
export interface WeightedRows {
  readonly rows: Uint32Array;
  readonly weights: Float64Array | undefined;
}

/**
 * The weights of rows of a block. Rows whose weight is missing or negative are left out, and counted as rejected.
 *
 * @param attribute NUMERIC attribute that holds the weights; null, or one that the block does not have: none
 */
export function weightRows(
  block: ColumnBlock,
  rows: Uint32Array,
  attribute: string | null,
  rejections: Rejections,
): WeightedRows {
  const column = attribute === null ? undefined : (block.table.column(attribute) as unknown);
  if (!(column instanceof Float64Array)) return { rows, weights: undefined };
  const usable = rows.filter((row) => {
    if (isWeight(column[row])) return true;
    const what = Number.isNaN(column[row]) ? 'no weight' : `weight ${column[row]}`;
    rejections.add(block, row, () => `${what} in '${attribute}'`);
    return false;
  });
  return { rows: usable, weights: Float64Array.from(usable, (row) => column[row]) };
}
