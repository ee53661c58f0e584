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
  /** How `trainer.prior=auto` was decided; absent when the prior was given. */
  readonly prior?: PriorChoice;
  readonly passes: readonly PassProgress[];
  /** Observations, evenly spaced among those kept for evaluation, that `heldOutLoss` is of; absent where there are none. */
  readonly heldOutCount?: number;
  /** Whether the optimum was reached in fewer passes than were allowed; absent in older models. */
  readonly stoppedEarly?: boolean;
}

/** A choice of the strength of the prior on the weights. */
export interface PriorChoice {
  /** The strength that the model was trained with. */
  readonly chosen: number;
  /**
   * What was tried, the weakest first; weaker ones would have done worse. None where there are so many observations per
   * feature that the prior does not matter.
   */
  readonly trials: readonly {
    readonly prior: number;
    /** Mean loss on observations that were held out in the trials. */
    readonly heldOutLoss: number;
  }[];
  /** Observations that the losses are of. */
  readonly heldOutCount: number;
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
  /**
   * Mean loss of the model as it would be if training ended here, on observations that are not learned from; absent where
   * there are none. Stage 1: of the averaged weights; stage 2: of the best weights so far.
   */
  readonly heldOutLoss?: number;
  /** Largest absolute component of the gradient of what is minimised, penalties included; stage 2. */
  readonly gradientNorm?: number;
  /** Estimate of how far loss and penalties are from their optimum: 0 there, 1 for a constant model; stage 2. */
  readonly suboptimality?: number;
}
