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
  /** Whether the optimum was reached in fewer passes than were allowed; absent in older models. */
  readonly stoppedEarly?: boolean;
}

/** One pass over the training data. */
export interface PassProgress {
  /** From 1. */
  readonly pass: number;
  /** 1: stochastic gradient descent, 2: L-BFGS. Absent in older models: 1. */
  readonly stage?: 1 | 2;
  /**
   * Mean loss: nats, or squared error / 2 over the variance. Stage 1: each observation scored before its update; stage 2: of
   * the best weights so far.
   */
  readonly loss: number;
  /** Largest absolute component of the gradient of what is minimised, penalties included; stage 2. */
  readonly gradientNorm?: number;
  /** Estimate of how far loss and penalties are from their optimum: 0 there, 1 for a constant model; stage 2. */
  readonly suboptimality?: number;
}
