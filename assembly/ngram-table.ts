// Sweeps over a table of runs. The home of a pair ascends with its hash, so what rewrites the table goes through memory in order.

import { BUCKET_BYTES, COUNT, ENTRIES, ENTRY_BYTES, ENTRY_SHIFT, NODE, RANK, SHIFT, WORD_BYTES, WORD_RANK } from './ngram-layout';

/** Entries that are looked at before those that stay are put back; the smallest table has more. */
const SWEEP: usize = 256;

/** Mixes two numbers; the high bits are the good ones (multipliers of MurmurHash3, Appleby 2011). */
// @ts-ignore: decorator
@inline
function hashPair(pair: u64): u32 {
  const h = <u32>pair * 0xcc9e2d51 + <u32>(pair >> 32) * 0x1b873593;
  return (h ^ (h >> 15)) * 0x85ebca6b;
}

/** From the first entry to where the search for a pair begins. */
// @ts-ignore: decorator
@inline
function homeOf(pair: u64, shift: u32): usize {
  return ((<usize>(hashPair(pair) >> shift)) << ENTRY_SHIFT) & ~(BUCKET_BYTES - 1);
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
function endOf(level: usize): usize {
  return <usize>load<u32>(level, ENTRIES) + (((<usize>1) << (32 - load<u32>(level, SHIFT))) << ENTRY_SHIFT);
}

/** Put the entries in [from, end) into the table of the level. */
export function placeRuns(level: usize, from: usize, end: usize): void {
  const entries: usize = load<u32>(level, ENTRIES);
  const shift = load<u32>(level, SHIFT);
  const mask = endOf(level) - entries - 1;
  for (; from < end; from += ENTRY_BYTES) {
    const pair = load<u64>(from);
    if (pair == 0) continue;
    let to = homeOf(pair, shift);
    while (load<u64>(entries + to) != 0) to = (to + ENTRY_BYTES) & mask;
    v128.store(entries + to, v128.load(from));
  }
}

/** Add to counts by the high halves of the ranks; given a high half, by the low halves of those that have it. */
export function countRanks(level: usize, high: u32, counts: usize): void {
  const byHigh = high > 0xffff;
  for (let entry: usize = load<u32>(level, ENTRIES), end = endOf(level); entry < end; entry += ENTRY_BYTES) {
    const rank = load<u32>(entry, RANK);
    const isUsed = <u32>(load<u32>(entry) != 0);
    const count = counts + ((<usize>(byHigh ? rank >> 16 : rank & 0xffff)) << 2);
    store<u32>(count, load<u32>(count) + (isUsed & (<u32>byHigh | <u32>(rank >> 16 == high))));
  }
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

/** Hashes of the texts of the runs of a rank, in the order of the table. @returns their end, where there is room for one more */
export function runHashesOfRank(level: usize, rank: u32, firstHashes: usize, secondHashes: usize, into: usize): usize {
  for (let entry: usize = load<u32>(level, ENTRIES), end = endOf(level); entry < end; entry += ENTRY_BYTES) {
    const pair = load<u64>(entry);
    const hash = hashOf(pair, firstHashes, secondHashes);
    store<u32>(into, hash);
    into += (<usize>(<u32>(pair != 0) & <u32>(load<u32>(entry, RANK) == rank))) << 2;
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
  for (let entry: usize = load<u32>(level, ENTRIES), end = endOf(level); entry < end; entry += ENTRY_BYTES) {
    const pair = load<u64>(entry);
    if (pair == 0) continue;
    store<u32>(into + ((<usize>load<u32>(entry, NODE)) << 2), hashOf(pair, firstHashes, secondHashes));
  }
}

/**
 * Forget runs: all but those of higher rank, of the rank those with smaller hashes, and those in `kept`.
 *
 * @param kept u8 by node; 0: none
 * @param keptFirsts written: 1 for the first numbers of the pairs that stay; `keptSeconds`: for the second ones
 * @param list room for SWEEP entries and one more
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
  list: usize,
): u32 {
  const entries: usize = load<u32>(level, ENTRIES);
  const shift = load<u32>(level, SHIFT);
  const size = endOf(level) - entries;
  const mask = size - 1;
  // Begins behind a free entry, so that runs with one home keep their order and none moves beyond what has been looked at.
  let free: usize = 0;
  while (load<u64>(entries + free) != 0) free += ENTRY_BYTES;
  let count: u32 = 0;
  for (let n: usize = 0; n < size; n += SWEEP << ENTRY_SHIFT) {
    let end = list;
    for (let i: usize = 1; i <= SWEEP; i++) {
      const entry = entries + ((free + n + (i << ENTRY_SHIFT)) & mask);
      const pair = load<u64>(entry);
      const rest = load<u64>(entry, NODE);
      const ownRank = <u32>(rest >> 32);
      const hash = hashOf(pair, firstHashes, secondHashes);
      let stays = <u32>(ownRank > rank) | (<u32>(ownRank == rank) & <u32>(hash < greatest));
      if (hash == greatest && ownRank == rank && equalLeft > 0 && pair != 0) {
        if (kept == 0 || load<u8>(kept + <usize>(<u32>rest)) == 0) equalLeft--;
        stays = 1;
      }
      if (kept != 0) stays |= load<u8>(kept + <usize>(<u32>rest));
      store<u64>(entry, 0);
      store<u64>(end, pair);
      store<u64>(end, rest, NODE);
      end += (<usize>(stays & <u32>(pair != 0))) << ENTRY_SHIFT;
    }
    count += <u32>(end - list) >> <u32>ENTRY_SHIFT;
    for (let from = list; from < end; from += ENTRY_BYTES) {
      const pair = load<u64>(from);
      store<u8>(keptFirsts + <usize>(<u32>pair), 1);
      store<u8>(keptSeconds + <usize>(pair >> 32), 1);
      let to = homeOf(pair, shift);
      while (load<u64>(entries + to) != 0) to = (to + ENTRY_BYTES) & mask;
      v128.store(entries + to, v128.load(from));
    }
  }
  store<u32>(level, count, COUNT);
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
