import { DENSE_HEADER_WORDS, headWords, type RowLayout, SPARSE_HEADER_WORDS } from '../features/rows.js';

/** Shards that rows are cut into, so that up to as many threads can train; what is learned does not depend on their number. */
const SHARDS = 8;
/** Fewer rows than this are one shard. */
const LEAST_ROWS_TO_CUT = 20_000;

/** Most rows that a kernel is given in one call. */
export const MOST_CALL_ROWS = 2048;
const LEAST_CALL_ROWS = 16;
/** Bytes of rows that a call is meant to have at most. */
const CALL_BYTES = 1 << 20;

/** Row records that lie one behind the other. */
export interface Segment {
  readonly rowCount: number;
  /** Their address in kernel memory; -1 when they are in the spill file. */
  readonly address: number;
  /** Their place in the spill file. */
  readonly offset: number;
  /** Bytes from one record to the next; 0 where each begins at the end of the one before it. */
  readonly stride: number;
  readonly bytes: number;
}

/** A slice of the rows in the order of every pass; rows in the spill file are whole calls. */
export interface Shard {
  readonly rowCount: number;
  readonly segments: readonly Segment[];
}

/** All rows to learn from, as any thread can visit them. Plain data. */
export interface ShardPlan {
  readonly layout: RowLayout;
  readonly shards: readonly Shard[];
  readonly rowCount: number;
  /** Rows of each kernel call but the last of a shard, which depends on the data only. */
  readonly callRows: number;
  /** Address of the table of the rows' head; 0 where they have none. */
  readonly head: number;
  /** Largest number of index groups in a sparse row, behind its head. */
  readonly maxGroups: number;
  /**
   * Address of u32[rowCount]: where each record is, in the order of every pass; absent where that follows from the segments, and
   * where some are in the spill file.
   */
  readonly starts?: number;
  /** Bytes of the largest segment in the spill file; 0 when there is none. */
  readonly windowBytes: number;
  /** Of all records. */
  readonly bytes: number;
}

export function shardCount(rowCount: number): number {
  return rowCount < LEAST_ROWS_TO_CUT ? 1 : SHARDS;
}

/** First row of a shard, in the order of every pass; shard `shards` begins behind the last row. */
export function shardBegin(shard: number, shards: number, rowCount: number): number {
  return Math.floor((shard * rowCount) / shards);
}

/** @param rowBytes mean of a record */
export function callRowsFor(rowBytes: number): number {
  let rows = MOST_CALL_ROWS;
  while (rows > LEAST_CALL_ROWS && rows * rowBytes > CALL_BYTES) rows /= 2;
  return rows;
}

/** The stride of segments whose records lie one behind the other. */
export function closeStride(layout: RowLayout): number {
  return layout.form === 'dense' ? (DENSE_HEADER_WORDS + layout.width) * 4 : 0;
}

/** Words of a row record. */
export function recordWords(words: Uint32Array, start: number, layout: RowLayout): number {
  if (layout.form === 'dense') return DENSE_HEADER_WORDS + layout.width;
  return SPARSE_HEADER_WORDS + headWords(layout) + words[start + 1] * 4;
}

/** Where the records of a segment begin that is at `firstWord`, in words, by their number in it. */
export function startsOf(
  words: Uint32Array,
  firstWord: number,
  { rowCount, stride }: Pick<Segment, 'rowCount' | 'stride'>,
  layout: RowLayout,
): (row: number) => number {
  if (stride > 0) return (row) => firstWord + row * (stride / 4);
  const starts = new Uint32Array(rowCount);
  for (let row = 0, start = firstWord; row < rowCount; row++) {
    starts[row] = start;
    start += recordWords(words, start, layout);
  }
  return (row) => starts[row];
}
