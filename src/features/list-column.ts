import type { ColumnBlock } from '../datasource/block.js';

/** Encodes an output that gives a row any number of features, each of them once. */
export interface ListColumn {
  /** Entries of the i-th encoded row: offsets[i] .. offsets[i + 1] - 1. Replaced when they grow. */
  readonly offsets: Uint32Array;
  /** Distinct within a row, never 0. Replaced when they grow. */
  readonly features: Uint32Array;
  /** Turn to a block; before `encode`. */
  bind(block: ColumnBlock): void;
  /** Encode rows[first] .. rows[first + count - 1] into `offsets` and `features`. */
  encode(rows: Uint32Array, first: number, count: number): void;
  /**
   * Add 1 for each feature of each of the rows encoded last.
   *
   * @param rowCounts by feature; those that keep their own ranks are left out
   */
  countRows(rowCount: number, rowCounts: Uint32Array): void;
}

/** `countRows` for all features of a column. */
export function countEntries({ offsets, features }: ListColumn, rowCount: number, rowCounts: Uint32Array): void {
  const end = offsets[rowCount];
  for (let entry = 0; entry < end; entry++) rowCounts[features[entry]]++;
}
