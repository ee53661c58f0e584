/** Rows that are encoded together; a slot holds one number for each. */
export const TILE_ROWS = 64;

/** 32-bit words of a column as the kernel sees it: assembly/encode-dense.ts. */
export const COLUMN_WORDS = 16;
export const KIND = 0;
export const VALUES = 1;
export const SLOT = 2;
export const MISSING_SLOT = 3;
/** f64. */
export const MEAN = 4;
/** f64. */
export const DIVISOR = 6;
export const COUNT = 8;
export const MISSING_COUNT = 9;
/** All bits set: a missing value is NaN, not 0. */
export const KEPT = 10;
/** Not 0: numbers are first rounded as distances to a centre. */
export const ROUNDED = 11;
/** f64. */
export const CENTRE = 12;

/** Kinds of columns. */
export const NUMBERS = 0;
export const BINARY = 1;

/** Columns of numbers and binary values to dense rows: assembly/encode-dense.ts, and its twin in TypeScript. */
export interface DenseKernel {
  /**
   * Encode rows of a window of rows, whose columns are in kernel memory.
   *
   * @param list u32[rowCount + 3], rows of the window; 0: the first ones
   * @param slots f32[width + 1][64]; that of the bias holds 1, the others 0 or what the last call has left
   * @param width as in the row layout
   * @param targets f32[rowCount]
   * @param weights f32[rowCount]
   * @param places u32[rowCount], addresses of the records; that of the first one where there is a stride
   * @param stride bytes from one record to the next; 0: places are listed
   */
  encodeDense(
    columns: number,
    columnCount: number,
    list: number,
    rowCount: number,
    slots: number,
    width: number,
    targets: number,
    weights: number,
    places: number,
    stride: number,
  ): void;
}

/** Adds what columns contribute to margins: assembly/encode-dense.ts; its twin are the methods of the columns. */
export interface MarginKernel {
  /**
   * Add up in double precision, slot after slot.
   *
   * @param list as for `encodeDense`
   * @param slots f32[slotCount][64], filled from the columns
   * @param weights f64[slotCount][outputs]
   * @param margins f64[rows][outputs], added to; rows rounded up to a multiple of 4
   */
  addMargins(
    columns: number,
    columnCount: number,
    list: number,
    rowCount: number,
    slots: number,
    slotCount: number,
    weights: number,
    outputs: number,
    margins: number,
  ): void;
}
