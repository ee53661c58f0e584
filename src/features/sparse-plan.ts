import type { ColumnBlock } from '../datasource/block.js';
import type { DenseColumn } from './column-window.js';

/** An attribute that gives a row one feature at most. Features: 0 for none. */
export type SparseColumn =
  | DenseColumn
  | {
      readonly kind: 'bins';
      readonly attribute: string;
      /** Ascending. */
      readonly edges: readonly number[];
      /** Features of the bins, lowest first, and of a missing value. */
      readonly slots: Uint32Array;
    }
  | { readonly kind: 'categories'; readonly attribute: string }
  | {
      /** Categories whose codes take the place of features. */
      readonly kind: 'codes';
      readonly attribute: string;
      /** Stands for code 0, the next number for code 1, and so on. */
      readonly base: number;
    };

/** Columns of sparse rows, in the order of their features; plain data. */
export interface SparsePlan {
  /** As in the row layout. */
  readonly head: readonly number[];
  readonly columns: readonly SparseColumn[];
  /** Values of numbers are x - mean, NaN where x is missing, of any range; no rows are counted but missing ones; default: no. */
  readonly keepsMissing?: boolean;
}

/** Can a column give a row a feature that is not in the head? */
export function hasTail(column: SparseColumn): boolean {
  return column.kind !== 'number' || column.missingFeature !== 0;
}

/** Features of a row that are not in the head, at most. */
export function tailSlots({ head, columns }: SparsePlan): number {
  return Number(head.length === 0) + columns.filter(hasTail).length;
}

/** Features of the codes of a categorical attribute. */
export interface CodeFeatures {
  /** Turn to a block. */
  bind(block: Pick<ColumnBlock, 'columns' | 'source' | 'dictionaries'>): void;
  /** Features by code of the block's dictionary, `UNRESOLVED` where not asked for; another array for another dictionary. */
  readonly map: Uint32Array;
  /** How often codes have become unresolved again. */
  readonly forgottenCount: number;
  /**
   * Find the features of the codes in rows[first] .. rows[end - 1]; a learning column gives codes that are new to it theirs.
   *
   * @param known features by code, as in `map`; written where they are `UNRESOLVED`
   * @returns the greatest feature written, 0: none
   */
  resolve(rows: Uint32Array, first: number, end: number, known: Uint32Array): number;
}

/** A kernel memory, and room in it that is not given back. */
export interface RowMemory {
  readonly memory: { readonly buffer: ArrayBufferLike };
  /** @returns an address */
  allocate(bytes: number, alignment: number): number;
}
