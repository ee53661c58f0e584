// Sparse row records (src/features/rows.ts) that were encoded before means, deviations and features were known: gives them their
// final values and features, in place. In the place of a feature they hold what it will be made of: the number of a list, 8 bits, and
// a place in it, 24 bits.
//
// Work, u32[8]: bytes from one record to the next, a multiple of 16; groups of the head; address of the table; address of
// u32[256]: addresses of the lists of features, u32[]; words of the final head; address of u32[] words of the head that these come from,
// ascending, 0: each stays where it is; address of f64[3]: centre, mean, deviation of targets, 0: these stay; 1.
//
// Table, 112 bytes for each 4 words of the head: centre f64[4], mean f64[4], deviation f64[4], and u32[4], all bits set, or none
// where the word becomes 0.

import { corrected, finite } from './encode-lanes';

const HEAD_GROUPS: usize = 4;
const TABLE: usize = 8;
const LISTS: usize = 12;
const FINAL_WORDS: usize = 16;
const SOURCES: usize = 20;
const TARGETS: usize = 24;

const ENTRY: usize = 112;
const MASK: usize = 96;
const HEADER: usize = 16;
const GROUPS: usize = 4;

/**
 * Settle records that lie at equal distances; few enough for the first-level cache.
 *
 *   z = ((x + centre) - mean) / deviation, in double precision, rounded to single precision and kept in its range; 0 where x is NaN
 *
 * Features that become 0 leave the record.
 */
export function settleSparse(rows: usize, rowCount: i32, work: usize): void {
  const recordBytes = <usize>load<u32>(work);
  const end = rows + <usize>rowCount * recordBytes;
  const headBytes = <usize>load<u32>(work, HEAD_GROUPS) << 4;
  const finalBytes = (<usize>load<u32>(work, FINAL_WORDS) + 3) >> 2 << 4;
  const lists = <usize>load<u32>(work, LISTS);
  const sources = <usize>load<u32>(work, SOURCES);
  const targets = <usize>load<u32>(work, TARGETS);
  let entry = <usize>load<u32>(work, TABLE);
  for (let at: usize = 0; at < headBytes; at += 16, entry += ENTRY) settleWords(rows + HEADER + at, end, recordBytes, entry);
  for (let record = rows; record < end; record += recordBytes) {
    if (targets) settleTarget(record, targets);
    const head = record + HEADER;
    if (sources) moveWords(head, sources, load<u32>(work, FINAL_WORDS), finalBytes);
    const first = head + finalBytes;
    const past = settleTail(head + headBytes, <usize>load<u32>(record, GROUPS) << 4, lists, first);
    store<u32>(record, <u32>((past - first) >>> 4), GROUPS);
  }
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
  const mask = v128.load(entry, MASK);
  for (; words < end; words += recordBytes) {
    const x = v128.load(words);
    const low = corrected(f64x2.promote_low_f32x4(x), centreLow, meanLow, deviationLow);
    const second = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0));
    const z = v128.shuffle<i64>(low, corrected(second, centreHigh, meanHigh, deviationHigh), 0, 2);
    const isValue = v128.and(f32x4.eq(z, z), f32x4.ne(z, zero));
    v128.store(words, v128.and(finite(z), v128.and(isValue, mask)));
  }
}

function settleTarget(record: usize, correction: usize): void {
  const x = <f64>load<f32>(record) + load<f64>(correction);
  store<f32>(record, <f32>((x - load<f64>(correction, 8)) / load<f64>(correction, 16)));
}

/** Bring the words that are left to the front, and zeros behind them. */
function moveWords(head: usize, sources: usize, count: u32, bytes: usize): void {
  const past = head + (<usize>count << 2);
  let to = head;
  for (; to < past; to += 4, sources += 4) store<u32>(to, load<u32>(head + (<usize>load<u32>(sources) << 2)));
  for (const end = head + bytes; to < end; to += 4) store<u32>(to, 0);
}

/** The features that stay, and zeros up to a multiple of 16, which is returned. */
// @ts-ignore: decorator
@inline
function settleTail(from: usize, bytes: usize, lists: usize, to: usize): usize {
  for (const past = from + bytes; from < past; from += 4) {
    const word = <usize>load<u32>(from);
    const feature = load<u32>(<usize>load<u32>(lists + (word >> 24 << 2)) + ((word & 0xffffff) << 2));
    store<u32>(to, feature);
    to += <usize>(feature != 0) << 2;
  }
  const end = (to + 15) & ~15;
  for (; to < end; to += 4) store<u32>(to, 0);
  return end;
}
