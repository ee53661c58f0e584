import type { OutputFeatures } from './dictionary.js';

/** What an output has learned. */
export interface Learned {
  /** Provisional numbers, 0 for a slot that cannot have a feature. Items ascending, which is order of first appearance. */
  readonly features: Uint32Array;
  /** Items are found in the data and may be forgotten; slots are known beforehand and keep their order. */
  readonly kind: 'items' | 'slots';
  /** Hash of the text of the i-th. */
  hash(i: number): number;
  /** The output with some of its features, the i-th of them in the given order. */
  describe(order: ArrayLike<number>): OutputFeatures;
}

/** An output whose features are learned from the rows. */
export interface Learner {
  /** All that has been learned and not forgotten. Valid until more is learned. */
  learned(): Learned;
  /**
   * Forget features.
   *
   * @param kept 1 for each provisional number that is kept; features that a kept one is made of are kept with it, and
   *   then set to 1
   */
  forget(kept: Uint8Array): void;
}
