import { FeatureSpace, type ItemOutput, type OutputFeatures, type SlotOutput } from './dictionary.js';
import { BIAS_FEATURE, FIRST_FEATURE } from './rows.js';

/** What one output has learned. */
export type LearnedOutput = {
  /** Provisional number of each slot, 0 for a slot that cannot have a feature; or of each item, in order of first appearance. */
  readonly features: Uint32Array;
  /** Hash of the text of each. */
  readonly hashes: Uint32Array;
} & (
  | { readonly output: SlotOutput }
  /** item: text of the i-th category or run of tokens */
  | { readonly output: ItemOutput; readonly item: (i: number) => string }
);

/** The features of a model and how they come from the provisional ones. */
export interface LearnedFeatures {
  readonly features: FeatureSpace;
  /** Provisional number → final number; `PADDING_FEATURE` for a feature that is not in the model. */
  readonly remap: Uint32Array;
  /** Rows that contain each feature, final numbers; [0] is 0. Of a number: rows where it is not 0 after scaling. */
  readonly rowsPerFeature: Float64Array;
  /** Features that occurred and did not fit. */
  readonly droppedCount: number;
}

/**
 * Choose and number the features of a model.
 *
 * Features in no row are left out. Where there are more than `maxFeatures`, those in the fewest rows go first, among equals
 * the one with the larger hash of its text. Numbers run over the outputs in recipe order; slots keep their order, items
 * are sorted by falling row count, equal counts by first appearance.
 *
 * @param rowCounts rows that contain each provisional feature
 * @param maxFeatures bias included, padding not; the bias is always kept
 */
export function selectFeatures(
  learned: readonly LearnedOutput[],
  rowCounts: Uint32Array,
  rowCount: number,
  maxFeatures: number,
): LearnedFeatures {
  const { kept, droppedCount } = chooseKept(learned, rowCounts, Math.max(0, maxFeatures - 1));
  const remap = new Uint32Array(rowCounts.length);
  remap[BIAS_FEATURE] = BIAS_FEATURE;
  const counts: number[] = [0, rowCount];
  const outputs = learned.map((part): OutputFeatures => {
    const order = part.features.map((_, i) => i).filter((i) => kept[part.features[i]] === 1);
    const rows = (i: number) => rowCounts[part.features[i]];
    if ('item' in part) order.sort((a, b) => rows(b) - rows(a) || a - b);
    for (const i of order) {
      remap[part.features[i]] = counts.length;
      counts.push(rows(i));
    }
    return describe(part, order);
  });
  return { features: new FeatureSpace(outputs), remap, rowsPerFeature: Float64Array.from(counts), droppedCount };
}

function describe(part: LearnedOutput, order: Uint32Array): OutputFeatures {
  const { prefix } = part.output;
  if ('item' in part) return { kind: part.output.kind, prefix, texts: Array.from(order, part.item) };
  const { output } = part;
  const slots = [...order];
  return output.kind === 'bins'
    ? { kind: output.kind, prefix, edges: output.edges, slots }
    : { kind: output.kind, prefix, slots };
}

/** kept[provisional number] is 1 for the `room` features that stay. */
function chooseKept(
  learned: readonly LearnedOutput[],
  rowCounts: Uint32Array,
  room: number,
): { kept: Uint8Array; droppedCount: number } {
  const kept = new Uint8Array(rowCounts.length);
  const present = rowCounts.subarray(FIRST_FEATURE).filter((rows) => rows > 0);
  const fits = present.length <= room;
  present.sort();
  /** Features in more rows stay; of those in as many rows, some do. */
  const threshold = fits ? 0 : room === 0 ? Number.POSITIVE_INFINITY : present[present.length - room];
  for (let feature = FIRST_FEATURE; feature < kept.length; feature++) {
    kept[feature] = Number(rowCounts[feature] > threshold);
  }
  if (fits) return { kept, droppedCount: 0 };

  const above = present.length - present.findLastIndex((rows) => rows <= threshold) - 1;
  keepSmallestHashes(learned, (feature) => rowCounts[feature] === threshold, room - above, kept);
  return { kept, droppedCount: present.length - room };
}

/** Keep `room` of the features that are tied; the first of those whose hashes are equal. */
function keepSmallestHashes(
  learned: readonly LearnedOutput[],
  tied: (feature: number) => boolean,
  room: number,
  kept: Uint8Array,
): void {
  if (room === 0) return;
  const isTied = (feature: number) => feature >= FIRST_FEATURE && tied(feature);
  const all = learned.map(({ features, hashes }) => hashes.filter((_, i) => isTied(features[i])));
  const sorted = new Uint32Array(all.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of all) {
    sorted.set(part, end);
    end += part.length;
  }
  sorted.sort();
  const greatest = sorted[room - 1];
  let equalLeft = room - sorted.indexOf(greatest);
  for (const { features, hashes } of learned) {
    for (let i = 0; i < features.length; i++) {
      if (!isTied(features[i]) || hashes[i] > greatest) continue;
      if (hashes[i] === greatest && equalLeft-- <= 0) continue;
      kept[features[i]] = 1;
    }
  }
}
