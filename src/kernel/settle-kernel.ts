/** A record that has no place any more, or none yet. */
export const NO_PLACE = 0xffffffff;

/** Bytes of the table for each 4 words of a record. */
export const GROUP_BYTES = 112;
/** Where they hold their four centres, means and deviations, each f64, and their counts, u32. */
export const CENTRES = 0;
export const MEANS = 32;
export const DEVIATIONS = 64;
export const COUNTS = 96;

/** Words of a column, and of the state before its records. */
export const COLUMN_WORDS = 4;
export const STATE_WORDS = 4;

/** Bytes of a state. */
export function stateBytes(recordBytes: number): number {
  return 4 * STATE_WORDS + 2 * (recordBytes + 16) + 64;
}

/** Gives dense records their final values and places: assembly/settle-dense.ts, and its twin in TypeScript. */
export interface SettleKernel {
  /**
   * Settle records of a permutation, in place: word by word z = ((x + centre) - mean) / deviation.
   *
   * @param state `stateBytes(recordBytes)` bytes, at first u32[4] 0, NO_PLACE, 0, 0 and the others arbitrary
   * @param rows address of the first record
   * @param recordBytes a multiple of 16
   * @param places u32[rowCount], where each record belongs, counted in records; becomes NO_PLACE
   * @param table for each 4 words f64[4] centres, f64[4] means, f64[4] deviations, u32[4] rows in which they are not 0, added to
   * @param columns u32[columnCount][4] byte offsets inside a record: from where, to where, where 1 stands if the value is NaN,
   *   the latter two just behind the record for nowhere; then how often it was NaN, added to. Words that none leads to become 0,
   *   but for those of the header and the bias. None: all words stay where they are.
   * @param most records to settle
   * @returns how many were settled; fewer than `most` when none is left
   */
  settleDense(
    state: number,
    rows: number,
    recordBytes: number,
    rowCount: number,
    places: number,
    table: number,
    columns: number,
    columnCount: number,
    most: number,
  ): number;
}
