// Dense row records (src/features/rows.ts) that were encoded before means and deviations were known: gives them their final values
// and moves them to where they belong, all in place.
//
// Table, 112 bytes for each 4 words of a record, header included: centre f64[4], mean f64[4], deviation f64[4], and
// i32[4], rows in which the word is not 0, added to.
//
// Columns, 16 bytes each: from u32, to u32, missing u32: byte offsets inside a record; missingCount u32, added to. A `to` or
// `missing` behind the record is written nowhere.
//
// State: start u32, to u32, 8 bytes of scratch, then room for the record on its way and for another, each as long as a record and
// 16 bytes, then for 16 addresses.

const NONE: u32 = 0xffffffff;
const GROUP: usize = 112;
const COUNTS: usize = 96;
const COLUMN: usize = 16;
const HEADER: usize = 16;
const HEAD: usize = 16;
/** Bytes behind each record of the state. */
const SPARE: usize = 16;
/** Records that are brought to the cache together. */
const AHEAD = 16;

/**
 * Settle records of a permutation, cycle by cycle: each takes the place of the one that is settled next.
 *
 *   z = ((x + centre) - mean) / deviation, in double precision, rounded to single precision
 *
 * state         where the last call has stopped; start 0, to 2^32 - 1 at first
 * rows          address of the first record
 * recordBytes   a multiple of 16
 * places        u32[rowCount]  where each record belongs, counted in records; 2^32 - 1 when it has been settled
 * columnCount   0: all words stay where they are, and none is NaN
 * most          records to settle, at most
 * returns       how many were settled; fewer than `most`: none is left
 */
export function settleDense(
  state: usize,
  rows: usize,
  recordBytes: usize,
  rowCount: u32,
  places: usize,
  table: usize,
  columns: usize,
  columnCount: i32,
  most: i32,
): i32 {
  const held = state + HEAD;
  const columnsEnd = columns + <usize>columnCount * COLUMN;
  const ahead = held + 2 * (recordBytes + SPARE);
  let start = load<u32>(state);
  let to = load<u32>(state, 4);
  let settled = 0;
  while (settled < most) {
    if (to == NONE) {
      while (start < rowCount && load<u32>(places + (<usize>start << 2)) == NONE) start++;
      if (start == rowCount) break;
      to = load<u32>(places + (<usize>start << 2));
      store<u32>(places + (<usize>start << 2), NONE);
      exchange(rows + <usize>start * recordBytes, held, recordBytes, table);
      if (columns < columnsEnd) scatter(held, recordBytes, columns, columnsEnd);
    }
    const end = ahead + (<usize>min(AHEAD, most - settled) << 2);
    let next = ahead;
    for (; next < end && to != NONE; next += 4) {
      const record = rows + <usize>to * recordBytes;
      store<u32>(next, <u32>record);
      fetch(record, recordBytes, state + 8);
      const place = places + (<usize>to << 2);
      to = load<u32>(place);
      store<u32>(place, NONE);
      settled++;
    }
    const last = to == NONE ? next - 4 : next;
    for (let at = ahead; at < last; at += 4) {
      exchange(<usize>load<u32>(at), held, recordBytes, table);
      if (columns < columnsEnd) scatter(held, recordBytes, columns, columnsEnd);
    }
    if (to == NONE) memory.copy(<usize>load<u32>(last), held, recordBytes);
  }
  store<u32>(state, start);
  store<u32>(state, to, 4);
  return settled;
}

/** Have a record brought to the cache; the sum only keeps the loads from being left out. */
// @ts-ignore: decorator
@inline
function fetch(record: usize, recordBytes: usize, sum: usize): void {
  let words: u32 = load<u32>(record + recordBytes - 4);
  for (const end = record + recordBytes; record < end; record += 64) words += load<u32>(record);
  store<u32>(sum, words);
}

/** Put the settled record that is held into the place of another, and hold that one, settled. */
// @ts-ignore: decorator
@inline
function exchange(record: usize, held: usize, recordBytes: usize, table: usize): void {
  const zero = f32x4.splat(0);
  for (const end = record + recordBytes; record < end; record += 16, held += 16, table += GROUP) {
    const x = v128.load(record);
    v128.store(record, v128.load(held));
    const low = scaled(f64x2.promote_low_f32x4(x), table);
    const high = scaled(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)), table + 16);
    const z = v128.shuffle<i64>(low, high, 0, 2);
    v128.store(held, z);
    v128.store(table, i32x4.sub(v128.load(table, COUNTS), f32x4.ne(z, zero)), COUNTS);
  }
}

/** In the lower two lanes. */
// @ts-ignore: decorator
@inline
function scaled(x: v128, table: usize): v128 {
  const distance = f64x2.sub(f64x2.add(x, v128.load(table)), v128.load(table, 32));
  return f32x4.demote_f64x2_zero(f64x2.div(distance, v128.load(table, 64)));
}

/** Put the words of a record where they belong, missing values into words of their own. */
function scatter(held: usize, recordBytes: usize, columns: usize, columnsEnd: usize): void {
  const other = held + recordBytes + SPARE;
  memory.copy(other, held, recordBytes);
  // The bias, whose word is the second behind the header, stays.
  memory.fill(held + HEADER + 8, 0, recordBytes - HEADER - 8);
  for (let column = columns; column < columnsEnd; column += COLUMN) {
    const x = load<f32>(other + load<u32>(column));
    const isMissing = x != x;
    const to = isMissing ? load<u32>(column, 8) : load<u32>(column, 4);
    store<f32>(held + to, isMissing ? 1 : x);
    store<u32>(column, load<u32>(column, 12) + <u32>isMissing, 12);
  }
}
