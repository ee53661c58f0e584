import type { FeatureSpace } from '../features/dictionary.js';
import type { FittedRecipe } from '../recipe/fit.js';
import type { Schema } from '../schema/schema.js';
import type { TargetScale } from './target.js';

/** All that a model is: what its file holds. */
export interface ModelState {
  readonly schema: Schema;
  /** Name of the target attribute. */
  readonly targetAttributeName: string;
  readonly target: TargetScale;
  /** The recipe as it was written, JSON text. */
  readonly recipeText: string;
  readonly recipe: FittedRecipe;
  readonly features: FeatureSpace;
  /** 1, or the number of classes. */
  readonly outputs: number;
  /** f64[features.size * outputs], feature major, for scaled features and a standardised target. */
  readonly weights: Float64Array;
  /** Share of the training observations that contain each feature, 0 .. 1; f64[features.size]. */
  readonly featureShares: Float64Array;
  /** P(1) from which on the answer is 1; BINARY only. */
  readonly scoreThreshold: number;
  readonly training: TrainingRecord;
}

/** How a model came to be. */
export interface TrainingRecord {
  /** In the service's spelling. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly seed: string;
  /** Observations learned from. */
  readonly observationCount: number;
  readonly rejectedCount: number;
  /** Of the whole data that the observations are from; absent in older models. */
  readonly dataFingerprint?: string;
  /** Features that did not fit the model size. */
  readonly droppedFeatureCount: number;
  readonly passes: readonly PassProgress[];
}

/** One pass over the training data. */
export interface PassProgress {
  /** From 1. */
  readonly pass: number;
  /** Mean loss of the pass, each observation scored before its update: nats, or squared error / 2 over the variance. */
  readonly loss: number;
}
