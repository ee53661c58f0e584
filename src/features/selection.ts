import { FeatureSpace } from './dictionary.js';
import { finalNumbers } from './final-numbers.js';
import type { Learned, RankedFeatures, RankRule } from './learner.js';
import type { Numbering } from './numbering.js';
import { BIAS_FEATURE, PADDING_FEATURE } from './rows.js';

/** The features of a model and how they come from the provisional ones. */
export interface LearnedFeatures {
  readonly features: FeatureSpace;
  /** Provisional number → final number; `PADDING_FEATURE` for a feature that is not in the model. */
  readonly remap: Uint32Array;
  /** Rows that contain each feature, final numbers; [0] is 0. Of a number: rows where it is not 0 after scaling. */
  readonly rowsPerFeature: Float64Array;
  /** Features that occurred and did not fit; one that was forgotten, came back and did not fit again counts again. */
  readonly droppedCount: number;
  /**
   * The features when only some are left; in the same order.
   *
   * @param survivors their final numbers, ascending; padding and bias, which always are, may be among them
   */
  restrict(survivors: Uint32Array): FeatureSpace;
}

/** What an output has learned, and how often. */
export interface Candidates {
  readonly learned: Learned;
  /** Rows that contain the i-th. */
  readonly rowCounts: Uint32Array;
  /** The same, or more for a feature that may have been in rows before it was learned; 0 for one in no row. */
  readonly ranks: Uint32Array;
}

export function candidatesOf(learned: Learned, numbering: Numbering): Candidates {
  if (learned.counts !== undefined) return { learned, ...learned.counts };
  const { features } = learned;
  const rowCounts = numbering.countsOf(features);
  const ranks = rowCounts.map((count, i) => (count === 0 ? 0 : count + numbering.baseOf(features[i])));
  for (let i = 0; i < features.length; i++) if (features[i] === PADDING_FEATURE) ranks[i] = 0;
  return { learned, rowCounts, ranks };
}

/**
 * Choose and number the features of a model.
 *
 * Features in no row are left out. Where there are more than `maxFeatures`, those of the least rank go first, among equals
 * the one with the larger hash of its text. Numbers run over the outputs in recipe order; slots keep their order, items
 * are sorted by falling row count, equal counts by first appearance.
 *
 * @param maxFeatures bias included, padding not; the bias is always kept
 */
export function selectFeatures(
  learned: readonly Learned[],
  numbering: Numbering,
  rowCount: number,
  maxFeatures: number,
): LearnedFeatures {
  const candidates = learned.map((one) => candidatesOf(one, numbering));
  const { droppedCount, stays } = keepHighest(candidates, Math.max(0, maxFeatures - 1));
  return { ...numberFeatures(candidates, stays, numbering.size, rowCount), droppedCount };
}

/**
 * Number the features that are kept, as `selectFeatures` does.
 *
 * @param stays of each output: 1 for each feature that is kept; the bias always is
 * @param size provisional numbers are below it
 */
function numberFeatures(
  candidates: readonly Candidates[],
  stays: readonly Uint8Array[],
  size: number,
  rowCount: number,
): Omit<LearnedFeatures, 'droppedCount'> {
  const { starts, remap, orders } = finalNumbers(
    candidates.map(({ learned: { features, kind }, rowCounts }, i) => ({
      features,
      rowCounts,
      items: keptOf(stays[i]),
      isSorted: kind === 'items',
    })),
    size,
  );
  const features = new FeatureSpace(candidates.map(({ learned }, i) => learned.describe(orders[i])));
  const rowsPerFeature = new Float64Array(features.size);
  remap[BIAS_FEATURE] = BIAS_FEATURE;
  rowsPerFeature[BIAS_FEATURE] = rowCount;
  for (const [i, { rowCounts }] of candidates.entries()) {
    const order = orders[i];
    for (let place = 0; place < order.length; place++) rowsPerFeature[starts[i] + place] = rowCounts[order[place]];
  }
  const restrict = (survivors: Uint32Array): FeatureSpace =>
    new FeatureSpace(
      candidates.map(({ learned }, i) => {
        const [first, end] = features.starts.subarray(i, i + 2);
        const own = new Uint32Array(survivors.length);
        let count = 0;
        for (let j = 0; j < survivors.length; j++) {
          if (survivors[j] >= first && survivors[j] < end) own[count++] = orders[i][survivors[j] - first];
        }
        return learned.describe(own.subarray(0, count));
      }),
    );
  return { features, remap, rowsPerFeature, restrict };
}

/** The items that stay, ascending. */
function keptOf(stays: Uint8Array): Uint32Array {
  const order = new Uint32Array(stays.length + 1);
  let count = 0;
  for (let i = 0; i < stays.length; i++) {
    order[count] = i;
    count += stays[i];
  }
  return order.subarray(0, count);
}

/**
 * Choose features by rank, among equals those with the smaller hash of their text.
 *
 * @param room most features to keep
 * @param ranked further features; the rule says which of them stay
 * @returns with `stays`, of each output 1 for each feature that does, 0 for the others
 */
export function keepHighest(
  candidates: readonly Candidates[],
  room: number,
  ranked: readonly RankedFeatures[] = [],
): { rule: RankRule; droppedCount: number; stays: Uint8Array[] } {
  const rankedCount = ranked.reduce((sum, { count }) => sum + count, 0);
  const total = candidates.reduce((sum, { ranks }) => sum + ranks.length, rankedCount);
  const candidateCount = candidates.reduce((sum, { ranks }) => sum + countAbove(ranks, 0), rankedCount);
  const droppedCount = Math.max(0, candidateCount - room);
  if (droppedCount === 0 || room === 0) {
    const stays = candidates.map(({ ranks }) => above(ranks, droppedCount === 0 ? 0 : 0xffff_ffff));
    return { rule: { rank: 0, hash: 0, equalLeft: 0 }, droppedCount, stays };
  }
  const countRanks: CountHalves = (high, counts) => {
    for (const { ranks } of candidates) countHalves(ranks, high, counts);
    for (const features of ranked) features.countRanks(high, counts);
  };
  const least = nthSmallest(countRanks, total - room, true);
  const stays = candidates.map(({ ranks }) => above(ranks, least.value));
  const left = room - (total - least.below - least.equal);
  const rule =
    left > 0
      ? keepSmallestHashes(candidates, least.value, left, stays, ranked)
      : { rank: least.value, hash: 0, equalLeft: 0 };
  return { rule, droppedCount, stays };
}

function countAbove(ranks: Uint32Array, rank: number): number {
  let count = 0;
  for (let i = 0; i < ranks.length; i++) count += Number(ranks[i] > rank) | 0;
  return count;
}

/** 1 for each rank above another. */
function above(ranks: Uint32Array, rank: number): Uint8Array {
  const are = new Uint8Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) are[i] = Number(ranks[i] > rank) | 0;
  return are;
}

/** Keep `room` of the features of a rank; the first of those whose hashes are equal. */
function keepSmallestHashes(
  candidates: readonly Candidates[],
  rank: number,
  room: number,
  stays: readonly Uint8Array[],
  ranked: readonly RankedFeatures[],
): RankRule {
  const tied = candidates.map(({ learned, ranks }) => {
    const items: number[] = [];
    for (let i = 0; i < ranks.length; i++) if (ranks[i] === rank) items.push(i);
    return { items, hashes: Uint32Array.from(items, learned.hash) };
  });
  const others = ranked.map((features) => features.tied(rank));
  const countHashes: CountHalves = (high, counts) => {
    for (const { hashes } of tied) countHalves(hashes, high, counts);
    for (const features of others) features.countHashes(high, counts);
  };
  const greatest = nthSmallest(countHashes, room - 1);
  let equalLeft = room - greatest.below;
  for (const [output, { items, hashes }] of tied.entries()) {
    for (let i = 0; i < items.length; i++) {
      const isKept = hashes[i] < greatest.value || (hashes[i] === greatest.value && equalLeft-- > 0);
      if (isKept) stays[output][items[i]] = 1;
    }
  }
  return { rank, hash: greatest.value, equalLeft: Math.max(0, equalLeft) };
}

/** Adds to counts by the high halves of values, 16 bits; given a high half, by the low halves of the values that have it. */
type CountHalves = (high: number | undefined, counts: Uint32Array) => void;

function countHalves(values: Uint32Array, high: number | undefined, counts: Uint32Array): void {
  if (high === undefined) for (let i = 0; i < values.length; i++) counts[values[i] >>> 16]++;
  else for (let i = 0; i < values.length; i++) if (values[i] >>> 16 === high) counts[values[i] & 0xffff]++;
}

/**
 * The element that stands at an index when the values are sorted; by halves of 16 bits.
 *
 * @param small look first among the values below 2^16
 */
function nthSmallest(
  countValues: CountHalves,
  index: number,
  small = false,
): { readonly value: number; readonly below: number; readonly equal: number } {
  const counts = new Uint32Array(1 << 16);
  let below = 0;
  const find = (): number => {
    let half = 0;
    while (half < counts.length && index - below >= counts[half]) below += counts[half++];
    return half;
  };
  if (small) {
    countValues(0, counts);
    const low = find();
    if (low < counts.length) return { value: low, below, equal: counts[low] };
    counts.fill(0);
    below = 0;
  }
  countValues(undefined, counts);
  const high = find();
  counts.fill(0);
  countValues(high, counts);
  const low = find();
  return { value: high * 65536 + low, below, equal: counts[low] };
}
