import { FeatureSpace } from './dictionary.js';
import type { Learned, RankedFeatures, RankRule } from './learner.js';
import { BIAS_FEATURE, PADDING_FEATURE } from './rows.js';

/** Numbers are sorted by so many bits at a time. */
const DIGIT_BITS = 11;
const DIGIT_MASK = 2 ** DIGIT_BITS - 1;

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

/**
 * Choose and number the features of a model.
 *
 * Features in no row are left out. Where there are more than `maxFeatures`, those of the least rank go first, among equals
 * the one with the larger hash of its text. Numbers run over the outputs in recipe order; slots keep their order, items
 * are sorted by falling row count, equal counts by first appearance.
 *
 * @param rowCounts rows that contain each provisional feature
 * @param ranks the same, or more for a feature that may have been in rows before it was learned; 0 for a forgotten one
 * @param maxFeatures bias included, padding not; the bias is always kept
 */
export function selectFeatures(
  learned: readonly Learned[],
  rowCounts: Uint32Array,
  ranks: Uint32Array,
  rowCount: number,
  maxFeatures: number,
): LearnedFeatures {
  const kept = new Uint8Array(rowCounts.length);
  const { droppedCount } = keepHighest(learned, ranks, Math.max(0, maxFeatures - 1), kept);
  return { ...numberFeatures(learned, rowCounts, kept, rowCount), droppedCount };
}

/**
 * Number the features that are kept, as `selectFeatures` does.
 *
 * @param kept 1 for each provisional number that is; the bias always is
 */
function numberFeatures(
  learned: readonly Learned[],
  rowCounts: Uint32Array,
  kept: Uint8Array,
  rowCount: number,
): Omit<LearnedFeatures, 'droppedCount'> {
  const orders = learned.map(({ features, kind }) =>
    kind === 'items' ? byRows(features, kept, rowCounts) : keptOf(features, kept),
  );
  const features = new FeatureSpace(learned.map(({ describe }, i) => describe(orders[i])));
  const remap = new Uint32Array(rowCounts.length);
  const rowsPerFeature = new Float64Array(features.size);
  remap[BIAS_FEATURE] = BIAS_FEATURE;
  rowsPerFeature[BIAS_FEATURE] = rowCount;
  for (const [i, { features: numbers }] of learned.entries()) {
    const order = orders[i];
    for (let place = 0, final = features.starts[i]; place < order.length; place++, final++) {
      const number = numbers[order[place]];
      remap[number] = final;
      rowsPerFeature[final] = rowCounts[number];
    }
  }
  const restrict = (survivors: Uint32Array): FeatureSpace =>
    new FeatureSpace(
      learned.map(({ describe }, i) => {
        const [first, end] = features.starts.subarray(i, i + 2);
        const own = survivors.filter((feature) => feature >= first && feature < end);
        return describe(own.map((feature) => orders[i][feature - first]));
      }),
    );
  return { features, remap, rowsPerFeature, restrict };
}

/** Items that are kept, by falling row count, equal counts by ascending feature. */
function byRows(features: Uint32Array, kept: Uint8Array, rowCounts: Uint32Array): Uint32Array {
  const itemOf = new Uint32Array(rowCounts.length);
  for (let i = 0; i < features.length; i++) itemOf[features[i]] = i + 1;
  let order = new Uint32Array(features.length);
  let count = 0;
  let most = 0;
  for (let feature = 0; feature < itemOf.length; feature++) {
    if (itemOf[feature] === 0 || kept[feature] !== 1) continue;
    order[count++] = feature;
    most = Math.max(most, rowCounts[feature]);
  }
  order = order.subarray(0, count);
  for (let shift = 0; most >>> shift !== 0 && shift < 32; shift += DIGIT_BITS) {
    order = sortByDigit(order, rowCounts, shift);
  }
  return order.map((feature) => itemOf[feature] - 1);
}

/** Sort by falling digits of keys; equal ones keep their order (radix sort). */
function sortByDigit(order: Uint32Array, keys: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const ends = new Uint32Array(2 ** DIGIT_BITS + 1);
  for (let i = 0; i < order.length; i++) ends[DIGIT_MASK - ((keys[order[i]] >>> shift) & DIGIT_MASK) + 1]++;
  for (let digit = 0; digit < DIGIT_MASK; digit++) ends[digit + 1] += ends[digit];
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    sorted[ends[DIGIT_MASK - ((keys[order[i]] >>> shift) & DIGIT_MASK)]++] = order[i];
  }
  return sorted;
}

function keptOf(features: Uint32Array, kept: Uint8Array): Uint32Array {
  const order = new Uint32Array(features.length);
  let count = 0;
  for (let i = 0; i < features.length; i++) if (kept[features[i]] === 1) order[count++] = i;
  return order.slice(0, count);
}

/**
 * Choose features by rank, among equals those with the smaller hash of their text.
 *
 * @param ranks of each provisional number that is learned
 * @param room most features to keep
 * @param kept written: 1 for each provisional number that stays, 0 for the others that are learned
 * @param ranked further features; the rule says which of them stay
 */
export function keepHighest(
  learned: readonly Learned[],
  ranks: Uint32Array,
  room: number,
  kept: Uint8Array,
  ranked: readonly RankedFeatures[] = [],
): { rule: RankRule; droppedCount: number } {
  const candidates = candidateRanks(learned, ranks);
  const candidateCount = ranked.reduce((sum, { count }) => sum + count, candidates.length);
  const droppedCount = Math.max(0, candidateCount - room);
  const all = droppedCount === 0;
  const countRanks: CountHalves = (high, counts) => {
    countHalves(candidates, high, counts);
    for (const features of ranked) features.countRanks(high, counts);
  };
  const least = !all && room > 0 ? nthSmallest(countRanks, droppedCount, true) : { value: 0, below: 0, equal: 0 };
  for (const { features } of learned) {
    for (let i = 0; i < features.length; i++) {
      const stays = (all || room > 0) && ranks[features[i]] > least.value;
      kept[features[i]] = Number(stays) | 0;
    }
  }
  kept[PADDING_FEATURE] = 0;
  const left = room - (candidateCount - least.below - least.equal);
  const rule =
    !all && left > 0
      ? keepSmallestHashes(learned, ranks, least.value, left, kept, ranked)
      : { rank: least.value, hash: 0, equalLeft: 0 };
  return { rule, droppedCount };
}

/** Ranks of the features that occurred. */
function candidateRanks(learned: readonly Learned[], ranks: Uint32Array): Uint32Array {
  // One more, as a rank is written before it is known to count.
  const all = new Uint32Array(sizeOf(learned) + 1);
  let count = 0;
  for (const { features } of learned) {
    for (let i = 0; i < features.length; i++) {
      const rank = ranks[features[i]];
      all[count] = rank;
      count += Number(rank > 0 && features[i] !== PADDING_FEATURE) | 0;
    }
  }
  return all.subarray(0, count);
}

function sizeOf(learned: readonly Learned[]): number {
  return learned.reduce((sum, { features }) => sum + features.length, 0);
}

/** Keep `room` of the features of a rank; the first of those whose hashes are equal. */
function keepSmallestHashes(
  learned: readonly Learned[],
  ranks: Uint32Array,
  rank: number,
  room: number,
  kept: Uint8Array,
  ranked: readonly RankedFeatures[],
): RankRule {
  const hashes = new Uint32Array(sizeOf(learned));
  const tied: number[] = [];
  for (const { features, hash } of learned) {
    for (let i = 0; i < features.length; i++) {
      if (ranks[features[i]] !== rank || features[i] === PADDING_FEATURE) continue;
      hashes[tied.length] = hash(i);
      tied.push(features[i]);
    }
  }
  const others = ranked.map((features) => features.tied(rank));
  const countHashes: CountHalves = (high, counts) => {
    countHalves(hashes.subarray(0, tied.length), high, counts);
    for (const features of others) features.countHashes(high, counts);
  };
  const greatest = nthSmallest(countHashes, room - 1);
  let equalLeft = room - greatest.below;
  tied.forEach((feature, i) => {
    if (hashes[i] < greatest.value || (hashes[i] === greatest.value && equalLeft-- > 0)) kept[feature] = 1;
  });
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
