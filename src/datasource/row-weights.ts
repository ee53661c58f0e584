import type { ColumnBlock } from './block.js';
import type { Rejections } from './rejections.js';

/** Whether a number can be the weight of an observation: finite, 0 or more. */
export const isWeight = (weight: number): boolean => weight >= 0 && weight < Number.POSITIVE_INFINITY;

/** Rows of a block and how much each of them counts; `weights` undefined: 1 each. */
export interface WeightedRows {
  readonly rows: Uint32Array;
  readonly weights: Float64Array | undefined;
}

/**
 * The weights of rows of a block. Rows whose weight is missing, negative or infinite are left out, and counted as rejected.
 *
 * @param attribute NUMERIC attribute that holds the weights; null, or one that the block does not have: none
 */
export function weightRows(
  block: ColumnBlock,
  rows: Uint32Array,
  attribute: string | null,
  rejections: Rejections,
): WeightedRows {
  const column = attribute === null ? undefined : block.columns.get(attribute);
  if (!(column instanceof Float64Array)) return { rows, weights: undefined };
  const usable = rows.filter((row) => {
    if (isWeight(column[row])) return true;
    const what = Number.isNaN(column[row]) ? 'no weight' : `weight ${column[row]}`;
    rejections.add(block, row, () => `${what} in '${attribute}'`);
    return false;
  });
  return { rows: usable, weights: Float64Array.from(usable, (row) => column[row]) };
}
