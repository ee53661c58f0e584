/** Rows that are encoded together; a slot holds one number for each. */
export const TILE_ROWS = 64;

/** 32-bit words of a column as the kernel sees it: assembly/encode-sparse.ts. */
export const COLUMN_WORDS = 16;
export const KIND = 0;
export const VALUES = 1;
export const FEATURE = 2;
export const MISSING_FEATURE = 3;
/** f64. */
export const MEAN = 4;
/** f64. */
export const DIVISOR = 6;
/** f64; in the place of the mean. */
export const LOW = 4;
/** f64; in the place of the divisor. */
export const SCALE = 6;
export const MAP = 8;
export const EDGES = 9;
export const BEFORE = 10;
export const LAST_CELL = 11;
/** In the place of the last cell. */
export const DEPTH = 11;
/** f64; of numbers, as the next two. */
export const CENTRE = 8;
/** Not 0: numbers are first rounded to single precision as distances to the centre. */
export const ROUNDED = 10;
/** Not 0: values are x - mean, NaN where x is missing, of any range; only missing ones are counted, of binary columns nothing. */
export const KEPT = 11;
export const MISSING_BIN = 12;
/** In the place of the bin, for numbers that are kept; added to. */
export const MISSING_COUNT = 12;
export const CROWDED = 13;
export const SLOT = 14;
export const HEAD_SLOT = 15;

/** Kinds of columns. */
export const NUMBERS = 0;
export const BINARY = 1;
export const CATEGORIES = 2;
export const GRID = 3;
export const TREE = 4;
/** Codes, added to the column's feature. */
export const CODES = 5;

/** Columns that give a row one feature at most to sparse rows: assembly/encode-sparse.ts, and its twin in TypeScript. */
export interface SparseKernel {
  /**
   * Encode rows of a window of rows, whose columns are in kernel memory.
   *
   * @param list u32[rowCount + 3], rows of the window; 0: the first ones
   * @param begin the first row to encode
   * @param slots f32[4 head][64], those of the head, and u32[4 groups][64], those of other features: 1, or the number, in that of the
   *   bias, which is the first; 0 in padding; those of columns may hold what the last call has left
   * @param head groups of the head
   * @param tail slots of other features, without padding
   * @param targets f32[rowCount]
   * @param weights f32[rowCount]
   * @param places u32[rowCount], addresses of the records, multiples of 16
   * @param counts u32[features], added to: rows that contain each feature; [0] is meaningless
   * @param totals u32, added to: groups of all records but for their heads
   * @returns `rowCount`, or the first row of a tile in which a category is unresolved; nothing of it is encoded
   */
  encodeSparse(
    columns: number,
    columnCount: number,
    list: number,
    begin: number,
    rowCount: number,
    slots: number,
    head: number,
    tail: number,
    targets: number,
    weights: number,
    places: number,
    counts: number,
    totals: number,
  ): number;
}
