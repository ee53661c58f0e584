// Tables of runs: records in the order in which the runs were learned, and slots by which pairs find theirs.
//
// Records of frequent runs lie close together, new ones are written one behind the other, and what sweeps over a table reads
// it in order. Slots are small: most searches stay within what the processor's address translation buffer covers.

import {
  BATCH,
  BITS,
  BUCKET_BYTES,
  BUCKET_SHIFT,
  COUNT,
  NODE,
  RANK,
  RECORD_BYTES,
  RECORD_SHIFT,
  RECORDS,
  SLOT_SHIFT,
  SLOTS,
  WORD_BYTES,
  WORD_RANK,
} from './ngram-layout';

/** Mixes two numbers; the high bits are the good ones (multipliers of MurmurHash3, Appleby 2011). */
// @ts-ignore: decorator
@inline
function hashPair(pair: u64): u32 {
  const h = <u32>pair * 0xcc9e2d51 + <u32>(pair >> 32) * 0x1b873593;
  return (h ^ (h >> 15)) * 0x85ebca6b;
}

/** As `hashPair`, of four. */
// @ts-ignore: decorator
@inline
export function hashPairs(firsts: v128, seconds: v128): v128 {
  const a = i32x4.mul(firsts, i32x4.splat(0xcc9e2d51));
  const sum = i32x4.add(a, i32x4.mul(seconds, i32x4.splat(0x1b873593)));
  return i32x4.mul(v128.xor(sum, i32x4.shr_u(sum, 15)), i32x4.splat(0x85ebca6b));
}

/** Bit i: the i-th slot of the bucket, but for the bits that are 0 in the mask, is that of the vector. */
// @ts-ignore: decorator
@inline
export function matches(bucket: usize, mask: v128, wanted: v128): i32 {
  const a = i32x4.eq(v128.and(v128.load(bucket), mask), wanted);
  const b = i32x4.eq(v128.and(v128.load(bucket, 16), mask), wanted);
  const c = i32x4.eq(v128.and(v128.load(bucket, 32), mask), wanted);
  const d = i32x4.eq(v128.and(v128.load(bucket, 48), mask), wanted);
  return i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
}

/** Keeps the compiler from leaving reads out. */
let touched: u32 = 0;

/** Give records their slots, those with numbers from `from` to `end` - 1. */
export function placeRuns(level: usize, from: u32, end: u32): void {
  const slots: usize = load<u32>(level, SLOTS);
  const bits = load<u32>(level, BITS);
  const mask = (((<usize>1) << bits) << SLOT_SHIFT) - 1;
  const toBucket = 32 - bits + <u32>(BUCKET_SHIFT - SLOT_SHIFT);
  const isAny = i32x4.splat(-1);
  const none = i32x4.splat(0);
  let record = <usize>load<u32>(level, RECORDS) + (<usize>from << RECORD_SHIFT);
  while (from < end) {
    const stop = min(end, from + <u32>BATCH);
    let sum: u32 = 0;
    for (let i = from, at = record; i < stop; i++, at += RECORD_BYTES)
      sum ^= load<u32>(slots + (<usize>(hashPair(load<u64>(at)) >> toBucket) << BUCKET_SHIFT));
    touched = sum;
    for (; from < stop; from++, record += RECORD_BYTES) {
      const hash = hashPair(load<u64>(record));
      let bucket = <usize>(hash >> toBucket) << BUCKET_SHIFT;
      while (load<u32>(slots + bucket, BUCKET_BYTES - 4) != 0) bucket = (bucket + BUCKET_BYTES) & mask;
      const slot = slots + bucket + (<usize>ctz(matches(slots + bucket, isAny, none)) << SLOT_SHIFT);
      store<u32>(slot, (hash << bits) | from);
    }
  }
}

/**
 * Add runs, of which the table has none.
 *
 * @param runs u32[count][3]: the beginning, the last word, the place; may lie at the end of the room for the records
 * @param toFirst added to beginnings, `toNode` to places
 */
export function fillRuns(level: usize, runs: usize, count: u32, toFirst: u32, toNode: u32): void {
  const from = load<u32>(level, COUNT) + 1;
  let record = <usize>load<u32>(level, RECORDS) + (<usize>from << RECORD_SHIFT);
  for (const end = runs + <usize>count * 12; runs < end; runs += 12, record += RECORD_BYTES) {
    const pair = (<u64>load<u32>(runs, 4) << 32) | (load<u32>(runs) + toFirst);
    const node = load<u32>(runs, 8) + toNode;
    store<u64>(record, pair);
    store<u64>(record, node, NODE);
  }
  store<u32>(level, from + count - 1, COUNT);
  placeRuns(level, from, from + count);
}

/** As `mixHash` of src/features/text-hash.ts. */
// @ts-ignore: decorator
@inline
function mixHash(beginning: u32, last: u32): u32 {
  let hash = beginning * 0xcc9e2d51 + last;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}

// @ts-ignore: decorator
@inline
function firstRecord(level: usize): usize {
  return <usize>load<u32>(level, RECORDS) + RECORD_BYTES;
}

// @ts-ignore: decorator
@inline
function recordsEnd(level: usize): usize {
  return firstRecord(level) + (<usize>load<u32>(level, COUNT) << RECORD_SHIFT);
}

/** Add to counts by the high halves of the ranks; given a high half, by the low halves of those that have it. */
export function countRanks(level: usize, high: u32, counts: usize): void {
  const end = recordsEnd(level);
  // That of most records that are new; a count in memory has to wait for the one before it.
  const common = load<u32>(end - RECORD_BYTES, RANK);
  let commonCount: u32 = 0;
  for (let record = firstRecord(level); record < end; record += RECORD_BYTES) {
    const rank = load<u32>(record, RANK);
    if (rank == common) commonCount++;
    else addRank(rank, high, 1, counts);
  }
  addRank(common, high, commonCount, counts);
}

// @ts-ignore: decorator
@inline
function addRank(rank: u32, high: u32, amount: u32, counts: usize): void {
  const byHigh = high > 0xffff;
  const count = counts + ((<usize>(byHigh ? rank >> 16 : rank & 0xffff)) << 2);
  store<u32>(count, load<u32>(count) + (byHigh || rank >> 16 == high ? amount : 0));
}

/** Add to counts by the high halves of the values; given a high half, by the low halves of those that have it. */
export function countHalves(values: usize, end: usize, high: u32, counts: usize): void {
  if (high > 0xffff) {
    for (; values < end; values += 4) {
      const count = counts + ((<usize>(load<u32>(values) >> 16)) << 2);
      store<u32>(count, load<u32>(count) + 1);
    }
    return;
  }
  for (; values < end; values += 4) {
    const value = load<u32>(values);
    const count = counts + ((<usize>(value & 0xffff)) << 2);
    store<u32>(count, load<u32>(count) + <u32>(value >> 16 == high));
  }
}

/** Hashes of the texts of the runs of a rank, in their order. @returns their end, where there is room for one more */
export function runHashesOfRank(level: usize, rank: u32, firstHashes: usize, secondHashes: usize, into: usize): usize {
  for (let record = firstRecord(level), end = recordsEnd(level); record < end; record += RECORD_BYTES) {
    store<u32>(into, hashOf(load<u64>(record), firstHashes, secondHashes));
    into += (<usize>(load<u32>(record, RANK) == rank)) << 2;
  }
  return into;
}

// @ts-ignore: decorator
@inline
function hashOf(pair: u64, firstHashes: usize, secondHashes: usize): u32 {
  const first = load<u32>(firstHashes + ((<usize>(<u32>pair)) << 2));
  return mixHash(first, load<u32>(secondHashes + ((<usize>(pair >> 32)) << 2)));
}

/** Hashes of the texts of all runs, by node. */
export function hashRuns(level: usize, firstHashes: usize, secondHashes: usize, into: usize): void {
  for (let record = firstRecord(level), end = recordsEnd(level); record < end; record += RECORD_BYTES) {
    const hash = hashOf(load<u64>(record), firstHashes, secondHashes);
    store<u32>(into + ((<usize>load<u32>(record, NODE)) << 2), hash);
  }
}

/**
 * Forget runs: all but those of higher rank, of the rank those with smaller hashes, and those in `kept`.
 *
 * @param kept u8 by node; 0: none
 * @param keptFirsts written: 1 for the first numbers of the pairs that stay; `keptSeconds`: for the second ones
 * @returns what is left of `equalLeft`
 */
export function keepRuns(
  level: usize,
  rank: u32,
  greatest: u32,
  equalLeft: u32,
  kept: usize,
  firstHashes: usize,
  secondHashes: usize,
  keptFirsts: usize,
  keptSeconds: usize,
): u32 {
  const first = firstRecord(level);
  let to = first;
  for (let record = first, end = recordsEnd(level); record < end; record += RECORD_BYTES) {
    const pair = load<u64>(record);
    const ownRank = load<u32>(record, RANK);
    const isKept = kept != 0 ? <u32>load<u8>(kept + <usize>load<u32>(record, NODE)) : 0;
    let stays = isKept | <u32>(ownRank > rank);
    if (ownRank == rank) {
      const hash = hashOf(pair, firstHashes, secondHashes);
      stays |= <u32>(hash < greatest);
      if (hash == greatest && equalLeft > 0) {
        equalLeft -= 1 - isKept;
        stays = 1;
      }
    }
    v128.store(to, v128.load(record));
    to += <usize>stays << RECORD_SHIFT;
    const keptFirst = keptFirsts + <usize>(<u32>pair);
    const keptSecond = keptSeconds + <usize>(pair >> 32);
    store<u8>(keptFirst, load<u8>(keptFirst) | stays);
    store<u8>(keptSecond, load<u8>(keptSecond) | stays);
  }
  const count = <u32>((to - first) >> RECORD_SHIFT);
  store<u32>(level, count, COUNT);
  memory.fill(load<u32>(level, SLOTS), 0, ((<usize>1) << load<u32>(level, BITS)) << SLOT_SHIFT);
  placeRuns(level, 1, count + 1);
  return equalLeft;
}

// Words, from the record at `word` on; those without a node do not count.

/** As `countRanks`. */
export function countWordRanks(word: usize, end: usize, high: u32, counts: usize): void {
  const byHigh = high > 0xffff;
  for (; word < end; word += WORD_BYTES) {
    const rank = load<u32>(word, WORD_RANK);
    const isUsed = <u32>(load<u32>(word) != 0);
    const count = counts + ((<usize>(byHigh ? rank >> 16 : rank & 0xffff)) << 2);
    store<u32>(count, load<u32>(count) + (isUsed & (<u32>byHigh | <u32>(rank >> 16 == high))));
  }
}

/** As `runHashesOfRank`. */
export function wordHashesOfRank(word: usize, end: usize, rank: u32, hashes: usize, into: usize): usize {
  for (; word < end; word += WORD_BYTES, hashes += 4) {
    store<u32>(into, load<u32>(hashes));
    into += (<usize>(<u32>(load<u32>(word) != 0) & <u32>(load<u32>(word, WORD_RANK) == rank))) << 2;
  }
  return into;
}

/** Mark the words that stay, as `keepRuns` decides; what is left of `equalLeft`. */
export function keepWords(
  word: usize,
  end: usize,
  rank: u32,
  greatest: u32,
  equalLeft: u32,
  hashes: usize,
  kept: usize,
): u32 {
  for (; word < end; word += WORD_BYTES, hashes += 4, kept++) {
    const ownRank = load<u32>(word, WORD_RANK);
    const hash = load<u32>(hashes);
    let stays = <u32>(ownRank > rank) | (<u32>(ownRank == rank) & <u32>(hash < greatest));
    if (hash == greatest && ownRank == rank && equalLeft > 0 && load<u32>(word) != 0) {
      equalLeft--;
      stays = 1;
    }
    store<u8>(kept, stays & <u32>(load<u32>(word) != 0));
  }
  return equalLeft;
}

/** Take the nodes of words that are not kept. */
export function forgetWords(word: usize, end: usize, kept: usize): void {
  for (; word < end; word += WORD_BYTES, kept++) if (load<u8>(kept) == 0) store<u32>(word, 0);
}
