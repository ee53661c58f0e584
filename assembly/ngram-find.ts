// The records of runs of tokens in their table.
//
// A run is looked up by its node without the last token (two tokens: by the word) and that token. Many are looked up together, so
// that their cache misses overlap: first the buckets of all are read, then the records that these lead to. What is not found there
// comes last: it is in another bucket, or new.

import {
  BASE,
  BITS,
  BUCKET_BYTES,
  BUCKET_SHIFT,
  COUNT,
  HOMES_MISSES,
  HOMES_RECORDS,
  HOMES_TAGS,
  NEXT_NODE,
  NODE,
  RECORD_SHIFT,
  RECORDS,
  SLOT_SHIFT,
  SLOTS,
} from './ngram-layout';
import { hashPairs, matches } from './ngram-table';

/** Keeps the compiler from leaving reads out. */
let touched: u32 = 0;

/**
 * Find the records of pairs where their search begins.
 *
 * @param homes written: of each pair its bucket, its tag, and the address of its record, the unused one where it is not found
 * @returns the end of the list of pairs that are not found, by their offsets
 */
// @ts-ignore: decorator
@inline
export function findRecords(level: usize, runs: usize, token: usize, bytes: usize, homes: usize): usize {
  const slots: usize = load<u32>(level, SLOTS);
  const records: usize = load<u32>(level, RECORDS);
  const bits = load<u32>(level, BITS);
  const toBucket = 32 - bits + <u32>(BUCKET_SHIFT - SLOT_SHIFT);
  const base = i32x4.splat(<i32>slots);
  for (let i: usize = 0; i < bytes; i += 16) {
    const hash = hashPairs(v128.load(runs + i), v128.load(token + i));
    v128.store(homes + i, i32x4.add(base, i32x4.shl(i32x4.shr_u(hash, toBucket), <i32>BUCKET_SHIFT)));
    v128.store(homes + i, i32x4.shl(hash, bits), HOMES_TAGS);
  }
  const end = homes + bytes;
  const sum = touchAll(homes, end);
  const isTag = i32x4.splat(-1 << bits);
  const isIndex = ((<u32>1) << bits) - 1;
  for (let at = homes; at < end; at += 4) {
    const bucket: usize = load<u32>(at);
    const slot = matches(bucket, isTag, v128.load32_splat(at, HOMES_TAGS));
    const index = load<u32>(bucket + ((<usize>ctz(slot) & 15) << SLOT_SHIFT)) & isIndex;
    const record = records + (<usize>(slot == 0 ? 0 : index) << RECORD_SHIFT);
    store<u32>(at, <u32>record, HOMES_RECORDS);
  }
  touched = sum ^ touchAll(homes + HOMES_RECORDS, end + HOMES_RECORDS);
  let misses = homes + HOMES_MISSES;
  for (let i: usize = 0; i < bytes; i += 4) {
    const record: usize = load<u32>(homes + i, HOMES_RECORDS);
    const pair = (<u64>load<u32>(token + i) << 32) | load<u32>(runs + i);
    store<u32>(misses, <u32>i);
    misses += <usize>(load<u64>(record) != pair) << 2;
  }
  return misses;
}

/** Find the records of pairs that are not where their search begins, and learn those that are nowhere. */
export function settleMisses(state: usize, level: usize, runs: usize, token: usize, homes: usize, end: usize): void {
  const slots: usize = load<u32>(level, SLOTS);
  const records: usize = load<u32>(level, RECORDS);
  const bits = load<u32>(level, BITS);
  const last = slots + (((<usize>1) << bits) << SLOT_SHIFT) - BUCKET_BYTES;
  const isTag = i32x4.splat(-1 << bits);
  const none = i32x4.splat(0);
  const isIndex = ((<u32>1) << bits) - 1;
  const rank = load<u32>(state, BASE);
  let next = load<u32>(state, NEXT_NODE);
  const learns = next != 0;
  let count = load<u32>(level, COUNT);
  for (let miss = homes + HOMES_MISSES; miss < end; miss += 4) {
    const i: usize = load<u32>(miss);
    const first = load<u32>(runs + i);
    const second = load<u32>(token + i);
    let record = records;
    if (first != 0 && second != 0) {
      const pair = (<u64>second << 32) | first;
      const tag = v128.load32_splat(homes + i, HOMES_TAGS);
      let bucket: usize = load<u32>(homes + i);
      while (true) {
        let found = matches(bucket, isTag, tag);
        for (; found != 0; found &= found - 1) {
          record = records + (<usize>(load<u32>(bucket + (<usize>ctz(found) << SLOT_SHIFT)) & isIndex) << RECORD_SHIFT);
          if (load<u64>(record) == pair) break;
        }
        if (found != 0) break;
        if (load<u32>(bucket, BUCKET_BYTES - 4) != 0) {
          bucket = bucket == last ? slots : bucket + BUCKET_BYTES;
          continue;
        }
        record = records;
        if (learns) {
          count++;
          record += <usize>count << RECORD_SHIFT;
          const free = bucket + (<usize>ctz(matches(bucket, i32x4.splat(-1), none)) << SLOT_SHIFT);
          store<u32>(free, load<u32>(homes + i, HOMES_TAGS) | count);
          store<u64>(record, pair);
          store<u64>(record, ((<u64>rank) << 32) | next, NODE);
          next++;
        }
        break;
      }
    }
    store<u32>(homes + i, <u32>record, HOMES_RECORDS);
  }
  store<u32>(level, count, COUNT);
  store<u32>(state, next, NEXT_NODE);
}

/** Read where the addresses on a list point, as many at a time as the processor can. */
// @ts-ignore: decorator
@inline
function touchAll(at: usize, end: usize): u32 {
  let sum: u32 = 0;
  for (; at < end; at += 16) {
    sum ^= load<u32>(<usize>load<u32>(at));
    sum ^= load<u32>(<usize>load<u32>(at, 4));
    sum ^= load<u32>(<usize>load<u32>(at, 8));
    sum ^= load<u32>(<usize>load<u32>(at, 12));
  }
  return sum;
}
