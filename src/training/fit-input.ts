import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { PassProgress, PriorChoice } from '../model/state.js';
import type { ModelType } from '../model/types.js';
import type { Crew } from '../threads/crew.js';
import type { Checkpoint } from './checkpoint.js';
import type { HeldOutRows } from './held-out.js';
import type { TrainingOptions } from './options.js';
import type { OpenThreads } from './pool.js';
import type { ShardPlan } from './shards.js';
import type { SpillStore } from './spill.js';

export interface FitInput {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
  readonly type: ModelType;
  readonly plan: ShardPlan;
  readonly spill?: SpillStore;
  readonly featureCount: number;
  readonly outputs: number;
  /** Rows that contain each feature, whatever their weights. */
  readonly rowsPerFeature: Float64Array;
  /** Whether a feature is a scaled number. */
  isNumber(feature: number): boolean;
  /** Features that the model may have, bias included, padding not. */
  readonly maxFeatures: number;
  /** Starting bias per output. */
  readonly bias: Float64Array;
  /** All rows are of one class: nothing can be learned. Default: no. */
  readonly isOneClass?: boolean;
  readonly options: TrainingOptions;
  /** Fixes what is held out to choose the prior. */
  readonly seed: string;
  /** 1 or more. */
  readonly threads: number;
  readonly module: WebAssembly.Module;
  readonly openThreads?: OpenThreads;
  /** The threads of the run. */
  readonly crew?: Crew;
  readonly checkpoint?: Checkpoint;
  /** Measured after each pass. */
  readonly heldOut?: HeldOutRows;
  readonly signal?: AbortSignal;
  /** @param rowsPerSecond of this pass */
  onPass?(progress: PassProgress, rowsPerSecond: number): void;
  /** Share of all passes that is done, 0 .. 1. */
  onShare?(share: number): void;
}

export interface Fitted {
  /** f64[features * outputs], feature major. */
  readonly weights: Float64Array;
  readonly passes: readonly PassProgress[];
  readonly stoppedEarly: boolean;
  /** How the prior was chosen, if it was. */
  readonly prior: PriorChoice | undefined;
  /** Features that are left when there were too many, ascending, padding and bias included. */
  readonly survivors: Uint32Array | undefined;
}
