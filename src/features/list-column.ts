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
}
