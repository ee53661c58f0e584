import type { Learner } from './learner.js';
import type { Numbering } from './numbering.js';
import { FIRST_FEATURE, PADDING_FEATURE } from './rows.js';
import { candidatesOf, keepHighest } from './selection.js';

/** Features learned, in units of those wanted, at which the rare ones are forgotten. */
const FULL = 2;
/** No dictionary is smaller than this: forgetting has a cost of its own. */
const LEAST_FEATURES = 1 << 10;

/** Features that an encoder may have learned, given how many are wanted, before it forgets some. */
export function featureLimit(maxFeatures: number): number {
  return FULL * Math.max(LEAST_FEATURES, maxFeatures);
}

/**
 * Keeps the dictionary of a learning encoder at no more than about twice the features that are wanted.
 *
 * When it is full, the features in the fewest rows are forgotten, among equals those with the larger hash of their text.
 * A feature that is learned afterwards counts as if it had been in as many rows as the least frequent one that was kept, so
 * that one that has become frequent can still enter (space-saving: Metwally, Agrawal, El Abbadi, 2005). Records that
 * contain a forgotten feature keep its number, which the final numbering turns into padding.
 */
export class Pruning {
  /** Features that were forgotten; one that came back and was forgotten again counts twice. */
  forgottenCount = 0;
  private readonly wanted: number;
  private limit: number;
  /** Numbers given before the last time. */
  private size = FIRST_FEATURE;
  /** Features that were kept then. */
  private keptCount = 0;

  /** Elements of features that are not learned now mean nothing. Replaced when it grows. */
  private kept = new Uint8Array(1 << 12);

  /** @param maxFeatures wanted at the end */
  constructor(maxFeatures: number) {
    this.wanted = Math.max(LEAST_FEATURES, maxFeatures);
    this.limit = featureLimit(maxFeatures);
  }

  /** Is the dictionary full, so that rare features are to be forgotten? */
  isFull(numbering: Numbering): boolean {
    return this.room(numbering) <= 0;
  }

  /** Features that can be learned until it is full. */
  room(numbering: Numbering): number {
    return this.limit - (this.keptCount + numbering.size - this.size);
  }

  /** Forget the rarest features. */
  forgetRare(learners: readonly Learner[], numbering: Numbering): void {
    const ranked = learners.flatMap((learner) => learner.ranked ?? []);
    const learned = learners.flatMap((learner) => (learner.ranked === undefined ? learner.learned() : []));
    if (this.kept.length < numbering.rowCounts.length) this.kept = new Uint8Array(numbering.rowCounts.length);
    const { kept } = this;
    const rankedCount = (): number => ranked.reduce((sum, { count }) => sum + count, 0);
    const before = learned.reduce((sum, { features }) => sum + features.length, rankedCount());
    const items = learned.filter(({ kind }) => kind === 'items').map((one) => candidatesOf(one, numbering));
    const { rule, droppedCount, stays } = keepHighest(items, this.wanted, ranked);
    for (const [i, { learned }] of items.entries()) mark(learned.features, stays[i], kept);
    for (const { features, kind } of learned) if (kind === 'slots') for (const slot of features) kept[slot] = 1;
    if (droppedCount > 0) for (const learner of learners) learner.forget(kept, rule);
    this.keptCount = rankedCount();
    for (const { features } of learned) {
      for (let i = 0; i < features.length; i++) this.keptCount += kept[features[i]];
    }
    this.forgottenCount += before - this.keptCount;
    this.limit = Math.max(FULL * this.wanted, this.keptCount + this.wanted);
    this.size = numbering.size;
    numbering.begin(Math.max(rule.rank, numbering.base));
  }
}

/** Copy what is known of each feature of a list to its number. */
function mark(features: Uint32Array, values: Uint8Array, byNumber: Uint8Array): void {
  for (let i = 0; i < features.length; i++) byNumber[features[i]] = values[i];
  byNumber[PADDING_FEATURE] = 0;
}
