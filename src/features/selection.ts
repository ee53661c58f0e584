import { FeatureSpace } from './dictionary.js';
import type { Learned, RankedFeatures, RankRule } from './learner.js';
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
export function numberFeatures(
  learned: readonly Learned[],
  rowCounts: Uint32Array,
  kept: Uint8Array,
  rowCount: number,
): Omit<LearnedFeatures, 'droppedCount'> {
  const remap = new Uint32Array(rowCounts.length);
  remap[BIAS_FEATURE] = BIAS_FEATURE;
  const counts: number[] = [0, rowCount];
  const outputs = learned.map(({ features, kind, describe }) => {
    const order = keptOf(features, kept);
    const rows = (i: number) => rowCounts[features[i]];
    if (kind === 'items') order.sort((a, b) => rows(b) - rows(a) || features[a] - features[b]);
    for (const i of order) {
      remap[features[i]] = counts.length;
      counts.push(rows(i));
    }
    return describe(order);
  });
  return { features: new FeatureSpace(outputs), remap, rowsPerFeature: Float64Array.from(counts) };
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
  const candidates = candidateRanks(learned, ranks, ranked);
  const droppedCount = Math.max(0, candidates.length - room);
  const least = droppedCount > 0 && room > 0 ? nthSmallest(candidates, droppedCount) : 0;
  const all = droppedCount === 0;
  let left = room;
  for (let i = 0; i < candidates.length; i++) left -= Number(candidates[i] > least) | 0;
  for (const { features } of learned) {
    for (let i = 0; i < features.length; i++) {
      const stays = (all || room > 0) && ranks[features[i]] > least;
      kept[features[i]] = Number(stays) | 0;
    }
  }
  kept[PADDING_FEATURE] = 0;
  const rule =
    !all && left > 0
      ? keepSmallestHashes(learned, ranks, least, left, kept, ranked)
      : { rank: least, hash: 0, equalLeft: 0 };
  return { rule, droppedCount };
}

/** Ranks of the features that occurred. */
function candidateRanks(
  learned: readonly Learned[],
  ranks: Uint32Array,
  ranked: readonly RankedFeatures[],
): Uint32Array {
  // One more, as a rank is written before it is known to count.
  const all = new Uint32Array(sizeOf(learned, ranked) + 1);
  let count = 0;
  for (const { features } of learned) {
    for (let i = 0; i < features.length; i++) {
      const rank = ranks[features[i]];
      all[count] = rank;
      count += Number(rank > 0 && features[i] !== PADDING_FEATURE) | 0;
    }
  }
  for (const features of ranked) count = features.ranks(all, count);
  return all.subarray(0, count);
}

function sizeOf(learned: readonly Learned[], ranked: readonly RankedFeatures[]): number {
  const size = learned.reduce((sum, { features }) => sum + features.length, 0);
  return ranked.reduce((sum, { count }) => sum + count, size);
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
  const hashes = new Uint32Array(sizeOf(learned, ranked));
  const tied: number[] = [];
  let count = 0;
  for (const { features, hash } of learned) {
    for (let i = 0; i < features.length; i++) {
      if (ranks[features[i]] !== rank || features[i] === PADDING_FEATURE) continue;
      tied.push(features[i]);
      hashes[count++] = hash(i);
    }
  }
  for (const features of ranked) count = features.hashes(rank, hashes, count);
  const greatest = nthSmallest(hashes.subarray(0, count), room - 1);
  let equalLeft = room;
  for (let i = 0; i < count; i++) equalLeft -= Number(hashes[i] < greatest) | 0;
  tied.forEach((feature, i) => {
    if (hashes[i] < greatest || (hashes[i] === greatest && equalLeft-- > 0)) kept[feature] = 1;
  });
  return { rank, hash: greatest, equalLeft: Math.max(0, equalLeft) };
}

/** The element that stands at an index when the values are sorted; by halves of 16 bits. */
function nthSmallest(values: Uint32Array, index: number): number {
  const counts = new Uint32Array(1 << 16);
  for (let i = 0; i < values.length; i++) counts[values[i] >>> 16]++;
  let high = 0;
  while (index >= counts[high]) index -= counts[high++];
  counts.fill(0);
  for (let i = 0; i < values.length; i++) if (values[i] >>> 16 === high) counts[values[i] & 0xffff]++;
  let low = 0;
  while (index >= counts[low]) index -= counts[low++];
  return high * 65536 + low;
}
