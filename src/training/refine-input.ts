import type { RowLayout } from '../features/rows.js';
import type { ModelType } from '../model/types.js';
import type { Objective } from './objective.js';
import type { SampledRows } from './sampled-rows.js';
import type { Tolerance } from './stopping.js';
import type { Vectors } from './vectors.js';

/** How far stage 2 has come; enough to go on and end with the identical result. Its arrays hold until the next state is found. */
export interface RefineState {
  /** Passes of stage 2 that are done. */
  readonly passes: number;
  /** The weights, at which the numbers below were found. */
  readonly weights: Float64Array;
  /** Mean loss without penalties. */
  readonly loss: number;
  /** Mean gradient without penalties. */
  readonly gradient: Float64Array;
  /** Where stage 2 began, and the diagonal of the Hessian there, without penalties; 0 where blocks hold all features. */
  readonly origin: Float64Array;
  readonly curvature: Float64Array;
  /** Loss of the null model without penalties. */
  readonly nullLoss: number;
  /** The last steps and the changes of the gradient along them, oldest first. */
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
  /** Step times change, of each. */
  readonly products: readonly number[];
  /** What the last step brought, in units of what the null model is above the objective; 0 when there was none. */
  readonly gained: number;
  /** How many times running the objective has hardly decreased. */
  readonly smallDecreases: number;
}

/** One pass of stage 2. */
export interface RefineProgress {
  /** Passes of stage 2 that are done, from 1. */
  readonly pass: number;
  /** The weights as they would be if this was the end; during the call. */
  readonly weights: Float64Array;
  /** Mean loss of the best weights so far, without penalties; of the last pass before the step that no pass looks at. */
  readonly loss: number;
  /** Loss and penalties, which is what gets minimised. */
  readonly objective: number;
  /** Largest absolute component of the (pseudo-)gradient of the objective. */
  readonly gradientNorm: number;
  /** Estimate of (F - F*) / (F of the null model - F*): 0 the optimum, 1 no better than a constant. */
  readonly suboptimality: number;
}

export interface RefineInput {
  readonly objective: Objective;
  readonly type: ModelType;
  /** Of the rows that `objective.sample` gives. */
  readonly layout: RowLayout;
  /** The kernels, for memory that one thread owns. */
  readonly module: WebAssembly.Module;
  /** Rows that the objective would give, where they are open already; what is allocated beside them stays. */
  readonly sample?: SampledRows;
  /** Made by `refineVectors` and not in use, where there are some already. */
  readonly vectors?: Vectors;
  /** Where to begin, f64[featureCount * outputs] each: the best of them is taken. Averages of stage 1, then its last weights. */
  readonly candidates: readonly Float64Array[];
  /** Weights of the best constant model; a candidate too. */
  readonly nullModel: Float64Array;
  /** Per observation, >= 0. */
  readonly l1: number;
  /** Per observation, >= 0, the prior included. */
  readonly l2: number;
  /** Most passes, from 1; the first compares the candidates. */
  readonly passes: number;
  /** Features in a block of the preconditioner, at most; default 256. */
  readonly blockFeatures?: number;
  /** When to stop before the passes are used up; default `TOLERANCE`. A suboptimality that is not given does not count. */
  readonly tolerance?: Omit<Tolerance, 'suboptimality'> & Partial<Tolerance>;
  /**
   * Mean square of each feature, f64[featureCount], where the second derivative by the margin hardly differs between rows: then no
   * pass looks at the diagonal of the Hessian. One output.
   */
  readonly squares?: Float64Array;
  /** Go on from here; the candidates are not looked at. */
  readonly state?: RefineState;
  readonly signal?: AbortSignal;
  onPass?(progress: RefineProgress): void;
  /** After each pass that changed it. */
  onState?(state: RefineState): void;
}

export interface Refined {
  readonly weights: Float64Array;
  /** Passes that were made. */
  readonly passes: number;
  /** The optimum was reached before the passes were used up. */
  readonly stoppedEarly: boolean;
}
