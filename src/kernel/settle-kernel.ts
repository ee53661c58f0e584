/** A group of records that has no place any more, or none yet. */
export const NO_PLACE = 0xffffffff;

/** Bytes of the table for each 4 words of a record. */
export const ENTRY_BYTES = 112;
/** Where they hold their four centres, means and deviations, each f64, and their counts, u32. */
export const CENTRES = 0;
export const MEANS = 32;
export const DEVIATIONS = 64;
export const COUNTS = 96;

/** Words of a column. */
export const COLUMN_WORDS = 4;

/** How records are settled, as kernels read it. */
export interface SettleWork {
  /** A multiple of 16. */
  readonly recordBytes: number;
  /** Byte offset inside a record of the words that the table begins with, a multiple of 16. */
  readonly from: number;
  /**
   * Address of, for each 4 words, f64[4] centres, f64[4] means, f64[4] deviations, u32[4] rows in which they are not 0, added to.
   * Words behind them stay as they are.
   */
  readonly table: number;
  readonly entries: number;
  /**
   * Address of u32[columnCount][4] byte offsets inside a record: from where, to where, where 1 stands if the value is NaN, the
   * latter two just behind the record for nowhere; then how often it was NaN, added to. Words that none leads to become 0, but
   * for those of the header and the bias. None: all words stay where they are.
   */
  readonly columns: number;
  readonly columnCount: number;
  /** Address of room for a record. */
  readonly scratch: number;
}

export const WORK_WORDS = 7;

export function workWords(work: SettleWork): number[] {
  const { recordBytes, from, table, entries, columns, columnCount, scratch } = work;
  return [recordBytes, from, table, entries, columns, columnCount, scratch];
}

const STATE_HEAD_WORDS = 4;

/** Bytes of a state. */
export function stateBytes(groupBytes: number): number {
  return 4 * STATE_HEAD_WORDS + 2 * groupBytes;
}

/** Gives dense records their final values and places: assembly/settle-dense.ts, and its twin in TypeScript. */
export interface SettleKernel {
  /**
   * Settle records that lie one behind the other, where they are: word by word z = ((x + centre) - mean) / deviation.
   *
   * @param rows address of the first record
   * @param work `workWords`
   */
  settleDense(rows: number, rowCount: number, work: number): void;

  /**
   * Settle groups of records that are permuted, in place.
   *
   * @param state `stateBytes(groupRows * recordBytes)` bytes, at first u32[2] 0, NO_PLACE and the others arbitrary
   * @param rows address of the first record
   * @param places u32[groupCount], where each group belongs, counted in groups; becomes NO_PLACE
   * @param work `workWords`
   * @param most groups to settle
   * @returns how many were settled; fewer than `most` when none is left
   */
  settleGroups(
    state: number,
    rows: number,
    groupRows: number,
    groupCount: number,
    places: number,
    work: number,
    most: number,
  ): number;
}
