// Dense row records (src/features/rows.ts) that were encoded before means and deviations were known: gives them their final values,
// in place.
//
// Work, u32[8]: bytes of a record, a multiple of 16; byte offset inside a record of the words that the table begins with, a
// multiple of 16; address of the table; its entries; address of the columns; their number; address of room for a record; 0.
//
// Table, 112 bytes for each 4 words of a record: centre f64[4], mean f64[4], deviation f64[4], and i32[4], rows in which the word
// is not 0, added to.
//
// Columns, 16 bytes each: from u32, to u32, missing u32: byte offsets inside a record; missingCount u32, added to. A `to` or
// `missing` behind the record is written nowhere.

import { corrected } from './encode-lanes';

const FROM: usize = 4;
const TABLE: usize = 8;
const ENTRIES: usize = 12;
const COLUMNS: usize = 16;
const COLUMN_COUNT: usize = 20;
const SCRATCH: usize = 24;

const ENTRY: usize = 112;
const COUNTS: usize = 96;
const COLUMN: usize = 16;
const HEADER: usize = 16;

/**
 * Settle records that lie one behind the other; few enough for the first-level cache.
 *
 *   z = ((x + centre) - mean) / deviation, in double precision, rounded to single precision
 *
 * Without columns all words stay where they are, and none is NaN.
 */
export function settleDense(rows: usize, rowCount: i32, work: usize): void {
  const recordBytes = <usize>load<u32>(work);
  const end = rows + <usize>rowCount * recordBytes;
  const table = <usize>load<u32>(work, TABLE);
  const tableEnd = table + <usize>load<u32>(work, ENTRIES) * ENTRY;
  let words = rows + <usize>load<u32>(work, FROM);
  for (let entry = table; entry < tableEnd; entry += ENTRY, words += 16) {
    settleWords(words, end, recordBytes, entry);
  }
  if (load<u32>(work, COLUMN_COUNT) == 0) return;
  for (let record = rows; record < end; record += recordBytes) scatter(record, recordBytes, work);
}

/** The same 4 words of all records. */
function settleWords(words: usize, end: usize, recordBytes: usize, entry: usize): void {
  const zero = f32x4.splat(0);
  const centreLow = v128.load(entry);
  const centreHigh = v128.load(entry, 16);
  const meanLow = v128.load(entry, 32);
  const meanHigh = v128.load(entry, 48);
  const deviationLow = v128.load(entry, 64);
  const deviationHigh = v128.load(entry, 80);
  let counts = v128.load(entry, COUNTS);
  for (; words < end; words += recordBytes) {
    const x = v128.load(words);
    const low = corrected(f64x2.promote_low_f32x4(x), centreLow, meanLow, deviationLow);
    const second = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0));
    const z = v128.shuffle<i64>(low, corrected(second, centreHigh, meanHigh, deviationHigh), 0, 2);
    v128.store(words, z);
    counts = i32x4.sub(counts, f32x4.ne(z, zero));
  }
  v128.store(entry, counts, COUNTS);
}

/** Put the words of a record where they belong, missing values into words of their own. */
function scatter(record: usize, recordBytes: usize, work: usize): void {
  const columns = <usize>load<u32>(work, COLUMNS);
  const columnsEnd = columns + <usize>load<u32>(work, COLUMN_COUNT) * COLUMN;
  const scratch = <usize>load<u32>(work, SCRATCH);
  memory.copy(scratch, record, recordBytes);
  // The bias, whose word is the second behind the header, stays.
  memory.fill(record + HEADER + 8, 0, recordBytes - HEADER - 8);
  for (let column = columns; column < columnsEnd; column += COLUMN) {
    const x = load<f32>(scratch + load<u32>(column));
    const isMissing = x != x;
    const to = <usize>(isMissing ? load<u32>(column, 8) : load<u32>(column, 4));
    if (to < recordBytes) store<f32>(record + to, isMissing ? 1 : x);
    store<u32>(column, load<u32>(column, 12) + <u32>isMissing, 12);
  }
}
