import type { FeatureSpace } from '../features/dictionary.js';
import type { LearnedFeatures } from '../features/encode.js';
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
  { features, rowsPerFeature, droppedCount, restrict }: LearnedFeatures,
  survivors: Uint32Array,
): Pick<LearnedFeatures, 'features' | 'rowsPerFeature' | 'droppedCount'> {
  const rowsLeft = new Float64Array(survivors.length);
  for (let i = 0; i < survivors.length; i++) rowsLeft[i] = rowsPerFeature[survivors[i]];
  return {
    features: restrict(survivors),
    rowsPerFeature: rowsLeft,
    droppedCount: droppedCount + features.size - survivors.length,
  };
}

/** Shares of the rows that contain each feature, 0 .. 1. */
export function sharesOf(rowsPerFeature: Float64Array, rowCount: number): Float64Array {
  const shares = new Float64Array(rowsPerFeature.length);
  for (let feature = 0; feature < shares.length; feature++) shares[feature] = rowsPerFeature[feature] / rowCount;
  return shares;
}
