import type { FeatureSpace } from '../features/dictionary.js';
import type { Encoder, LearnedFeatures } from '../features/encode.js';
import { PADDING_FEATURE } from '../features/rows.js';
import type { FittedRecipe } from '../recipe/fitted.js';

/** Whether a feature is the value of a number, scaled to a standard deviation of 1. */
export function numberTest(recipe: FittedRecipe, features: FeatureSpace): (feature: number) => boolean {
  const isNumber = new Uint8Array(features.size);
  for (const [i, output] of features.outputs.entries()) {
    if (recipe.outputs[i].kind !== 'number' || !('slots' in output)) continue;
    output.slots.forEach((slot, place) => {
      if (slot === 0) isNumber[features.starts[i] + place] = 1;
    });
  }
  return (feature) => isNumber[feature] === 1;
}

/**
 * What was learned, without the features that pruning took out.
 *
 * @param survivors the others, ascending, padding and bias included
 */
export function leftFeatures(
  encoder: Encoder,
  { features, remap, rowsPerFeature, droppedCount }: LearnedFeatures,
  survivors: Uint32Array,
): Omit<LearnedFeatures, 'remap'> {
  const stays = new Uint8Array(features.size);
  for (const feature of survivors) stays[feature] = 1;
  stays[PADDING_FEATURE] = 0;
  const kept = new Uint8Array(remap.length);
  for (let feature = 0; feature < remap.length; feature++) kept[feature] = stays[remap[feature]];
  return {
    features: encoder.restrict(kept),
    rowsPerFeature: Float64Array.from(survivors, (feature) => rowsPerFeature[feature]),
    droppedCount: droppedCount + features.size - survivors.length,
  };
}
