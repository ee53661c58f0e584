/** A group of records that has no place any more, or none yet. */
export const NO_PLACE = 0xffffffff;

/** Bytes of the table for each 4 words of a record. */
export const ENTRY_BYTES = 112;
/** Where they hold their four centres, means and deviations, each f64, and their counts, u32. */
export const CENTRES = 0;
export const MEANS = 32;
export const DEVIATIONS = 64;
export const COUNTS = 96;
/** What sparse records have instead of counts, u32. */
export const MASKS = 96;

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

/** How sparse records are settled, as kernels read it. */
export interface SparseSettleWork {
  /** From one record to the next, a multiple of 16. */
  readonly recordBytes: number;
  /** Groups of four words of the head. */
  readonly headGroups: number;
  /** Address of, for each of them, f64[4] centres, f64[4] means, f64[4] deviations, u32[4] all bits set, or 0: the word becomes 0. */
  readonly table: number;
  /** Address of u32[256]: addresses of the lists of final features, u32[] each, 0: leaves the record. See `listWord`. */
  readonly lists: number;
  /** Words of the head that are left. */
  readonly finalWords: number;
  /** Address of u32[finalWords], ascending: word of the head that each comes from; 0: each stays where it is. */
  readonly sources: number;
  /** Address of f64[3]: centre, mean and deviation of targets; 0: these stay as they are. */
  readonly targets: number;
}

/** Lists that sparse records may refer to, and places in each. The first list is that of the features that have no other. */
export const MOST_LISTS = 1 << 8;
export const MOST_IN_LIST = 1 << 24;

/** What stands in a sparse record in the place of a feature that will be known as it is settled. */
export function listWord(list: number, place: number): number {
  return list * MOST_IN_LIST + place;
}

export const WORK_WORDS = 8;
/** The last word of work. */
const DENSE = 0;
const SPARSE = 1;

export function workWords(work: SettleWork): number[] {
  const { recordBytes, from, table, entries, columns, columnCount, scratch } = work;
  return [recordBytes, from, table, entries, columns, columnCount, scratch, DENSE];
}

export function sparseWorkWords(work: SparseSettleWork): number[] {
  const { recordBytes, headGroups, table, lists, finalWords, sources, targets } = work;
  return [recordBytes, headGroups, table, lists, finalWords, sources, targets, SPARSE];
}

/** Is it what sparse records are settled by? */
export function isSparseWork(words: ArrayLike<number>): boolean {
  return words[WORK_WORDS - 1] === SPARSE;
}

const STATE_HEAD_WORDS = 4;

/** Bytes of a state. */
export function stateBytes(groupBytes: number): number {
  return 4 * STATE_HEAD_WORDS + 2 * groupBytes;
}

/** Gives records their final values and places: assembly/settle-*.ts, and their twins in TypeScript. */
export interface SettleKernel {
  /**
   * Settle dense records that lie one behind the other, where they are: word by word z = ((x + centre) - mean) / deviation.
   *
   * @param rows address of the first record
   * @param work `workWords`
   */
  settleDense(rows: number, rowCount: number, work: number): void;

  /**
   * Settle sparse records that lie at equal distances, where they are: the words of the head likewise, kept in the range of single
   * precision, 0 where they are NaN; features get their final numbers.
   *
   * @param rows address of the first record
   * @param work `sparseWorkWords`
   */
  settleSparse(rows: number, rowCount: number, work: number): void;

  /**
   * Settle groups of records that are permuted, in place.
   *
   * @param state `stateBytes(groupRows * recordBytes)` bytes, at first u32[2] 0, NO_PLACE and the others arbitrary
   * @param rows address of the first record
   * @param places u32[groupCount], where each group belongs, counted in groups; becomes NO_PLACE
   * @param work `workWords` or `sparseWorkWords`
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
