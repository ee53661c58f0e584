import type { OutputFeatures } from './dictionary.js';

/** What an output has learned. */
export interface Learned {
  /** Provisional numbers, 0 for a slot that cannot have a feature. Items in an order that depends on the rows alone. */
  readonly features: Uint32Array;
  /** Items are found in the data and may be forgotten; slots are known beforehand and keep their order. */
  readonly kind: 'items' | 'slots';
  /** Rows that contain the i-th, and those that it may have been in before it was learned as well; absent: the numbering counts. */
  readonly counts?: { readonly rowCounts: Uint32Array; readonly ranks: Uint32Array };
  /** Hash of the text of the i-th. */
  hash(i: number): number;
  /** The output with some of its features, the i-th of them in the given order. */
  describe(order: Uint32Array): OutputFeatures;
}

/** Which features stay: those of higher rank, and of the rank those with smaller hashes. */
export interface RankRule {
  readonly rank: number;
  /** The greatest hash that stays. */
  readonly hash: number;
  /** How many of that rank and that hash stay. */
  equalLeft: number;
}

/** The features of an output that keep their own ranks, all of them, each the rows it is in and may have been in before. */
export interface RankedFeatures {
  readonly count: number;
  /** Add to counts[rank / 2^16] for each, or, given a high half of 16 bits, to counts[rank mod 2^16] for those that have it. */
  countRanks(high: number | undefined, counts: Uint32Array): void;
  /** Those of a rank. Valid until the next call. */
  tied(rank: number): TiedFeatures;
}

/** Features of equal rank. */
export interface TiedFeatures {
  readonly count: number;
  /** Add to counts[hash / 2^16] for each, or, given a high half of 16 bits, to counts[hash mod 2^16] for those that have it. */
  countHashes(high: number | undefined, counts: Uint32Array): void;
}

/** An output whose features are learned from the rows. */
export interface Learner {
  /** All that has been learned and not forgotten. Valid until more is learned. */
  learned(): Learned;
  readonly ranked?: RankedFeatures;
  /** Nothing needs to be learned any more. */
  close?(): void;
  /**
   * Forget features.
   *
   * @param kept 1 for each provisional number that is kept; features that a kept one is made of are kept with it, and
   *   then set to 1
   * @param rule decides about those that keep their own ranks
   */
  forget(kept: Uint8Array, rule?: RankRule): void;
}
