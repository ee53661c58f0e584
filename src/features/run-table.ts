import type { RankRule } from './learner.js';
import { mixHash } from './text-hash.js';

const LEAST_BITS = 10;
/** Below this size the table grows by a factor of 8. */
const FAST_GROWTH_BITS = 20;
/** Greatest share of entries in use. */
const MAX_LOAD = 0.7;
const MOST_BITS = 28;

/** Words of an entry, which is 4 words long; the first, the first number of a pair, is 0 in an entry not in use. */
const ENTRY_BITS = 2;
export const SECOND = 1;
export const NODE = 2;
/** How many rows the run is in, and may have been in before it was learned. */
export const RANK = 3;

/** What runs are made of, by the first and by the second number of their pairs. */
export interface RunParts {
  readonly firstHashes: Uint32Array;
  readonly secondHashes: Uint32Array;
  /** Written: 1 for those of runs that are kept. */
  readonly keptFirsts: Uint8Array;
  readonly keptSeconds: Uint8Array;
}

/**
 * Runs of tokens of one length: (the run without its last token, that token) → node and rank, all numbers from 1.
 *
 * Open addressing with linear probing. An entry takes 16 bytes, so that finding a run and counting it touches one cache line; the
 * home of a pair ascends with its hash, so that what rewrites the table goes through memory in order.
 */
export class RunTable {
  /** Number of runs. */
  count = 0;
  /** Replaced when they grow. */
  entries = new Uint32Array(1 << (LEAST_BITS + ENTRY_BITS));
  private shift = 32 - LEAST_BITS;
  /** Keeps the compiler from leaving reads out. */
  protected sum = 0;

  /**
   * First words of the entries at which the searches for the pairs firsts[i], seconds[i + 1] begin. They are read one right after
   * the other, so that their cache misses overlap: about 12 ns each instead of 170.
   *
   * @param homes written, from `from` to `end` - 1
   */
  locate(firsts: Uint32Array, seconds: Uint32Array, from: number, end: number, homes: Uint32Array): void {
    const { entries, shift } = this;
    for (let i = from; i < end; i++) homes[i] = (hashPair(firsts[i], seconds[i + 1]) >>> shift) << ENTRY_BITS;
    let [a, b, c, d] = [0, 0, 0, 0];
    let i = from;
    for (; i + 4 <= end; i += 4) {
      a ^= entries[homes[i]];
      b ^= entries[homes[i + 1]];
      c ^= entries[homes[i + 2]];
      d ^= entries[homes[i + 3]];
    }
    for (; i < end; i++) a ^= entries[homes[i]];
    this.sum = a ^ b ^ c ^ d;
  }

  /** Make room for so many more runs. @throws RangeError for more than can be told apart */
  reserve(more: number): void {
    let bits = 32 - this.shift;
    if (this.count + more <= MAX_LOAD * 2 ** bits) return;
    while (this.count + more > MAX_LOAD * 2 ** bits)
      bits += bits < FAST_GROWTH_BITS ? Math.min(3, FAST_GROWTH_BITS - bits) : 1;
    if (bits > MOST_BITS) throw new RangeError(`more than ${this.count} combinations of tokens`);
    const { entries: old } = this;
    this.entries = new Uint32Array(2 ** (bits + ENTRY_BITS));
    this.shift = 32 - bits;
    for (let e = 0; e < old.length; e += 1 << ENTRY_BITS) if (old[e] !== 0) this.place(old, e);
  }

  /** First word of a pair's entry, or of the free one where it belongs. */
  find(first: number, second: number): number {
    const { entries } = this;
    const mask = entries.length - 1;
    let e = (hashPair(first, second) >>> this.shift) << ENTRY_BITS;
    while (entries[e] !== 0 && (entries[e] !== first || entries[e + SECOND] !== second)) e = (e + 4) & mask;
    return e;
  }

  /** Put a pair that is not in the table into the free entry where it belongs. */
  put(e: number, first: number, second: number, node: number, rank: number): void {
    const { entries } = this;
    entries[e] = first;
    entries[e + SECOND] = second;
    entries[e + NODE] = node;
    entries[e + RANK] = rank;
    this.count++;
  }

  private place(from: Uint32Array, at: number): void {
    const { entries } = this;
    const mask = entries.length - 1;
    const first = from[at];
    const second = from[at + SECOND];
    const node = from[at + NODE];
    const rank = from[at + RANK];
    let e = (hashPair(first, second) >>> this.shift) << ENTRY_BITS;
    while (entries[e] !== 0) e = (e + 4) & mask;
    entries[e] = first;
    entries[e + SECOND] = second;
    entries[e + NODE] = node;
    entries[e + RANK] = rank;
  }

  /** Ranks of all runs, in no order. @returns where they end in `into` */
  ranks(into: Uint32Array, at: number): number {
    const { entries } = this;
    let to = at;
    for (let e = 0; e < entries.length; e += 4) {
      into[to] = entries[e + RANK];
      to += Number(entries[e] !== 0) | 0;
    }
    return to;
  }

  /**
   * Hashes of the texts of the runs of a rank.
   *
   * @param firstHashes by the first number of a pair
   * @param secondHashes by the second
   * @returns where they end in `into`
   */
  hashes(rank: number, firstHashes: Uint32Array, secondHashes: Uint32Array, into: Uint32Array, at: number): number {
    const { entries } = this;
    let to = at;
    for (let e = 0; e < entries.length; e += 4) {
      if (entries[e + RANK] !== rank || entries[e] === 0) continue;
      into[to++] = mixHash(firstHashes[entries[e]], secondHashes[entries[e + SECOND]]);
    }
    return to;
  }

  /** Forget the runs that neither the rule keeps nor `kept`, and mark what the others are made of. */
  keep(rule: RankRule, kept: Uint8Array | undefined, parts: RunParts): void {
    const { entries } = this;
    const { firstHashes, secondHashes, keptFirsts, keptSeconds } = parts;
    const mask = entries.length - 1;
    const { rank, hash } = rule;
    let free = 0;
    while (entries[free] !== 0) free += 4;
    let count = 0;
    // Begins behind a free entry, so that none moves to one that is still to be looked at.
    for (let n = 4, e = (free + 4) & mask; n <= entries.length; n += 4, e = (e + 4) & mask) {
      const first = entries[e];
      if (first === 0) continue;
      entries[e] = 0;
      const second = entries[e + SECOND];
      const ownRank = entries[e + RANK];
      if (ownRank <= rank && (kept === undefined || kept[entries[e + NODE]] === 0)) {
        if (ownRank < rank) continue;
        const ownHash = mixHash(firstHashes[first], secondHashes[second]);
        if (ownHash > hash || (ownHash === hash && rule.equalLeft-- <= 0)) continue;
      }
      keptFirsts[first] = 1;
      keptSeconds[second] = 1;
      count++;
      let to = (hashPair(first, second) >>> this.shift) << ENTRY_BITS;
      while (entries[to] !== 0) to = (to + 4) & mask;
      const node = entries[e + NODE];
      entries[to] = first;
      entries[to + SECOND] = second;
      entries[to + NODE] = node;
      entries[to + RANK] = ownRank;
    }
    this.count = count;
  }
}

/** Mixes two numbers; the high bits are the good ones (multipliers of MurmurHash3, Appleby 2011). */
function hashPair(first: number, second: number): number {
  const h = Math.imul(first, 0xcc9e2d51) + Math.imul(second, 0x1b873593);
  return Math.imul(h ^ (h >>> 15), 0x85ebca6b);
}
