// Where the fields of the next records end, found 64 bytes at a time: then fields can be read without waiting for each other.
//
// Only records without a quote are indexed, all others are read field by field. Lemire and Langdale, Parsing Gigabytes of
// JSON per Second (2019), section 3.1

import { inputEnd } from './csv-field';
import { INDEX_BYTES, RECORD_BYTES, WINDOW_BYTES, WINDOW_RECORDS } from './csv-layout';

/** Bytes that are not indexed after a record that cannot be; doubled each time, up to WINDOW_BYTES. */
const LEAST_PAUSE: usize = 64;

/** Vectors of 16 bytes: reading them once is cheaper than making them for each comparison. */
const FEEDS: usize = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a]);
const COMMAS: usize = memory.data<u64>([0x2c2c2c2c2c2c2c2c, 0x2c2c2c2c2c2c2c2c]);
const QUOTES: usize = memory.data<u64>([0x2222222222222222, 0x2222222222222222]);

/** u32[]: addresses of commas and line feeds. */
let delimiters: usize = 0;
/** u32[3][]: where the first of several indexed records begins that follow one another, its first delimiter, their number. */
let runs: usize = 0;
const RUN_BYTES: usize = 12;
/** The next run in `runs`, and the end of those that are in it. */
let run: usize = 0;
let runsEnd: usize = 0;
/** No record that begins before this is indexed unless `runs` holds it. */
let indexedTo: usize = 0;
let pause: usize = 0;
let fieldBytes: usize = 0;
/** Where the delimiters end that `listDelimiters` listed. */
let listEnd: usize = 0;
/** Bytes of the next window: about WINDOW_RECORDS like those of the last one. */
let windowBytes: usize = WINDOW_BYTES;

/** @param fields in a record; others are not indexed */
export function setIndex(delimiterList: usize, runList: usize, fields: u32): void {
  delimiters = delimiterList;
  runs = run = runsEnd = runList;
  fieldBytes = <usize>fields << 2;
  indexedTo = 0;
  pause = 0;
}

/** How many indexed records follow one another from p on; 0 when the record at p is to be read field by field. */
// @ts-ignore: decorator
@inline
export function indexedRecords(p: usize): u32 {
  if (p >= indexedTo) indexRecords(p);
  while (run < runsEnd && <usize>load<u32>(run) < p) run += RUN_BYTES;
  return run < runsEnd && <usize>load<u32>(run) == p ? load<u32>(run, 8) : 0;
}

/**
 * The delimiters of the next of these records, one record behind the other, u32[count][fields]: addresses of the commas and the
 * line feed. Before the first one is the address before the record.
 */
export function takeRecords(count: u32): usize {
  const first: usize = load<u32>(run, 4);
  const behind = first + <usize>count * fieldBytes;
  store<u32>(run, load<u32>(behind - 4) + 1);
  store<u32>(run, <u32>behind, 4);
  store<u32>(run, load<u32>(run, 8) - count, 8);
  return first;
}

/** Index the records from p on. */
function indexRecords(p: usize): void {
  const count = <usize>listDelimiters(p);
  if (count == 0 || !areRecords(count)) {
    windowBytes = WINDOW_BYTES;
    indexOddRecords(p);
    return;
  }
  store<u32>(runs, <u32>p);
  store<u32>(runs, <u32>delimiters + 4, 4);
  store<u32>(runs, <u32>count, 8);
  run = runs;
  runsEnd = runs + RUN_BYTES;
  pause = 0;
  indexedTo = <usize>load<u32>(delimiters + count * fieldBytes) + 1;
  const wanted = ((indexedTo - p) / count) * WINDOW_RECORDS;
  windowBytes = min(max(wanted, WINDOW_BYTES), INDEX_BYTES);
}

/** List the delimiters from p on to the end of the window or the first quote; returns how many line feeds are among them. */
function listDelimiters(p: usize): u32 {
  const limit = inputEnd;
  // The quote behind the input ends the list
  const end = p + windowBytes > limit ? limit + 2 : p + windowBytes;
  const feed = v128.load(FEEDS);
  const comma = v128.load(COMMAS);
  const quote = v128.load(QUOTES);
  let counts = i64x2.splat(0);
  let count: u32 = 0;
  store<u32>(delimiters, <u32>p - 1);
  let next = delimiters + 4;
  let at = p;
  do {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const aFeeds = i8x16.eq(a, feed);
    const bFeeds = i8x16.eq(b, feed);
    const cFeeds = i8x16.eq(c, feed);
    const dFeeds = i8x16.eq(d, feed);
    let ends = mask64(
      v128.or(aFeeds, i8x16.eq(a, comma)),
      v128.or(bFeeds, i8x16.eq(b, comma)),
      v128.or(cFeeds, i8x16.eq(c, comma)),
      v128.or(dFeeds, i8x16.eq(d, comma)),
    );
    const quotes = v128.or(
      v128.or(i8x16.eq(a, quote), i8x16.eq(b, quote)),
      v128.or(i8x16.eq(c, quote), i8x16.eq(d, quote)),
    );
    if (i8x16.bitmask(quotes) != 0) {
      const before = (<u64>1 << ctz(equal64(a, b, c, d, quote))) - 1;
      next = listEnds(ends & before, at, next);
      count = <u32>popcnt(mask64(aFeeds, bFeeds, cFeeds, dFeeds) & before);
      break;
    }
    const feeds = i8x16.add(i8x16.add(aFeeds, bFeeds), i8x16.add(cFeeds, dFeeds));
    counts = i16x8.sub(counts, i16x8.extadd_pairwise_i8x16_s(feeds));
    next = listEnds(ends, at, next);
    at += 64;
  } while (at < end);
  // The line feed before that quote
  const isBehind = <u32>(<usize>load<u32>(next - 4) == limit);
  listEnd = next - (isBehind << 2);
  return count + sumOf(counts) - isBehind;
}

/** Whether that many records, of which each has as many fields as it should, are what the listed line feeds end. */
function areRecords(count: usize): bool {
  const length = fieldBytes;
  let at = delimiters;
  if (listEnd - at <= count * length) return false;
  let before: usize = load<u32>(at);
  for (; count > 0; count--) {
    at += length;
    const end: usize = load<u32>(at);
    if (load<u8>(end) != 10 || end - before > RECORD_BYTES + 1) return false;
    before = end;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function sumOf(counts: v128): u32 {
  const fours = i32x4.extadd_pairwise_i16x8_u(counts);
  const twos = i32x4.add(fours, i32x4.shuffle(fours, fours, 2, 3, 0, 1));
  return i32x4.extract_lane(twos, 0) + i32x4.extract_lane(twos, 1);
}

/** Index the records from p on, of which some cannot be. */
function indexOddRecords(p: usize): void {
  const enough = p + WINDOW_BYTES;
  const end = p + INDEX_BYTES < inputEnd ? p + INDEX_BYTES : inputEnd;
  const limit = inputEnd;
  const length = fieldBytes;
  const feed = v128.load(FEEDS);
  const comma = v128.load(COMMAS);
  const quote = v128.load(QUOTES);
  store<u32>(delimiters, <u32>p - 1);
  let next = delimiters + 4;
  let start = p;
  let first = next;
  let found = runs;
  let behindLast: usize = 0;
  let lines: u32 = 0;
  for (let at = p; at < end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let feeds = equal64(a, b, c, d, feed);
    let ends = equal64(a, b, c, d, comma) | feeds;
    const anyQuote = v128.or(
      v128.or(i8x16.eq(a, quote), i8x16.eq(b, quote)),
      v128.or(i8x16.eq(c, quote), i8x16.eq(d, quote)),
    );
    const isLast = v128.any_true(anyQuote);
    if (isLast) {
      const quotes = equal64(a, b, c, d, quote);
      const before = (quotes & -quotes) - 1;
      feeds &= before;
      ends &= before;
    }
    for (let rest = feeds; rest != 0; rest &= rest - 1) {
      const lineEnd = at + <usize>ctz(rest);
      if (lineEnd >= limit) break;
      const behind = next + (<usize>popcnt(ends & (rest ^ (rest - 1))) << 2);
      if (behind - first == length && lineEnd - start <= RECORD_BYTES) {
        if (first == behindLast) {
          store<u32>(found - RUN_BYTES, load<u32>(found - RUN_BYTES, 8) + 1, 8);
        } else {
          store<u32>(found, <u32>start);
          store<u32>(found, <u32>first, 4);
          store<u32>(found, 1, 8);
          found += RUN_BYTES;
        }
        behindLast = behind;
      }
      lines++;
      first = behind;
      start = lineEnd + 1;
    }
    next = listEnds(ends, at, next);
    if (isLast || (feeds != 0 && at >= enough && lines >= WINDOW_RECORDS)) break;
  }
  run = runs;
  runsEnd = found;
  pause = found > runs ? 0 : pause < WINDOW_BYTES ? 2 * pause + LEAST_PAUSE : pause;
  indexedTo = found > runs ? start : p + pause;
}

/** List where bits are set; returns the end of the list, 32 bytes behind which may be written. */
// @ts-ignore: decorator
@inline
export function listEnds(ends: u64, at: usize, next: usize): usize {
  const behind = next + (<usize>popcnt(ends) << 2);
  for (; next < behind; next += 32) {
    ends = listFour(ends, at, next);
    ends = listFour(ends, at, next + 16);
  }
  return behind;
}

// @ts-ignore: decorator
@inline
function listFour(ends: u64, at: usize, target: usize): u64 {
  store<u32>(target, <u32>(at + <usize>ctz(ends)));
  ends &= ends - 1;
  store<u32>(target, <u32>(at + <usize>ctz(ends)), 4);
  ends &= ends - 1;
  store<u32>(target, <u32>(at + <usize>ctz(ends)), 8);
  ends &= ends - 1;
  store<u32>(target, <u32>(at + <usize>ctz(ends)), 12);
  return ends & (ends - 1);
}

// @ts-ignore: decorator
@inline
function equal64(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return mask64(i8x16.eq(a, byte), i8x16.eq(b, byte), i8x16.eq(c, byte), i8x16.eq(d, byte));
}

/** Bit i: lane i of the 64 is set. */
// @ts-ignore: decorator
@inline
export function mask64(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16));
  const high = <u64>(<u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16));
  return low | (high << 32);
}
