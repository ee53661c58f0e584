import { InvalidInput } from '../errors.js';
import { BIAS_FEATURE, PADDING_FEATURE } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import { type KernelMemory, scratchBytes } from '../kernel/memory.js';
import type { KernelModules } from '../kernel/modules.js';
import type { PassProgress } from '../model/state.js';
import type { ModelType } from '../model/types.js';
import type { Checkpoint, TrainingState } from './checkpoint.js';
import { Descent } from './descent.js';
import type { TrainingOptions } from './options.js';
import { type OpenThreads, type Pool, singleThread } from './pool.js';
import { survivors } from './prune.js';
import { type RefineState, refine } from './refine.js';
import { repack } from './repack.js';
import { Runner, type Workspace } from './runner.js';
import { ShardObjective } from './shard-objective.js';
import { MOST_CALL_ROWS, type ShardPlan } from './shards.js';
import type { SpillStore } from './spill.js';
import { firstStagePasses } from './stages.js';

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
  readonly options: TrainingOptions;
  /** 1 or more. */
  readonly threads: number;
  readonly modules: KernelModules;
  readonly openThreads?: OpenThreads;
  readonly checkpoint?: Checkpoint;
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
  /** Features that are left when there were too many, ascending, padding and bias included. */
  readonly survivors: Uint32Array | undefined;
}

/**
 * Learn the weights of a model from encoded rows: passes of stochastic gradient descent, then, where there are passes left,
 * of L-BFGS. Features that do not fit the model go in between, so that the others make up for them.
 *
 * @throws InvalidInput when numbers leave their range
 */
export async function fit(input: FitInput): Promise<Fitted> {
  const resumed = await input.checkpoint?.read();
  const pool = new PoolOpener(input);
  try {
    return await new Fit(input, pool, resumed).run();
  } finally {
    await pool.close();
  }
}

/** Opens the pool when the memory that threads need at once has been allocated. */
class PoolOpener {
  readonly slots: number;
  readonly #workspaces: Workspace[];
  #pool: Pool | undefined;

  constructor(readonly input: FitInput) {
    const { openThreads, threads, plan, memory, outputs } = input;
    this.slots = openThreads === undefined ? 1 : Math.min(threads, plan.shards.length);
    this.#workspaces = Array.from({ length: this.slots }, () => ({
      list: memory.allocate(MOST_CALL_ROWS * 4, 64),
      windows: [memory.allocate(plan.windowBytes, 64), memory.allocate(plan.windowBytes, 64)],
      scratch: memory.allocate(scratchBytes(plan.layout, outputs, plan.maxGroups), 64),
    }));
  }

  async open(): Promise<Pool> {
    this.#pool ??= this.slots === 1 ? this.#single() : await this.#threads(this.input.openThreads!);
    return this.#pool;
  }

  #single(): Pool {
    const { kernel, memory, type, outputs, spill, plan, signal } = this.input;
    const [workspace] = this.#workspaces;
    const shared = { kernel, memory: memory.memory, workspace, type, outputs, spilled: spill?.rows };
    return singleThread((now) => new Runner({ ...shared, plan: now }), plan, signal);
  }

  #threads(openThreads: OpenThreads): Promise<Pool> {
    const { modules, memory, plan, type, outputs, spill, signal } = this.input;
    const workspaces = this.#workspaces;
    return openThreads({
      module: modules.shared,
      memory: memory.memory,
      workspaces,
      plan,
      type,
      outputs,
      spill: spill?.handle,
      signal,
    });
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}

class Fit {
  readonly #l2: number;
  readonly #firstPasses: number;
  readonly #passes: PassProgress[];
  #featureCount: number;
  #plan: ShardPlan;
  /** Rows visited since the last pass ended, and when that was. */
  #visited = 0;
  #passBegan = performance.now();

  constructor(
    readonly input: FitInput,
    readonly opener: PoolOpener,
    readonly resumed: TrainingState | undefined,
  ) {
    const { options, plan, featureCount, outputs, maxFeatures } = input;
    this.#l2 = options.l2 + options.prior / plan.rowCount;
    this.#plan = plan;
    this.#featureCount = featureCount;
    const size = Math.min(featureCount - 1, maxFeatures);
    this.#firstPasses = firstStagePasses(options.maxPasses, size, outputs);
    this.#passes = [...(resumed?.passes ?? [])];
  }

  async run(): Promise<Fitted> {
    const { resumed } = this;
    const { options, memory, outputs } = this.input;
    const mark = memory.mark();
    let candidates: readonly Float64Array[] = [];
    let left = resumed?.survivors;
    if (resumed?.refine === undefined) {
      candidates = await this.#descend();
      memory.release(mark);
      left = this.#choose(candidates[0]);
      if (left !== undefined) candidates = candidates.map((weights) => pick(weights, left!, outputs));
    }
    const done = { passes: this.#passes, survivors: left };
    if (this.#firstPasses === options.maxPasses) return { ...done, weights: candidates[0], stoppedEarly: false };
    if (left !== undefined) await this.#drop(left);
    return { ...done, ...(await this.#refine(candidates, left)) };
  }

  /** Stage 1; returns the averages and the last weights. */
  async #descend(): Promise<Float64Array[]> {
    const { input, opener } = this;
    const descent = new Descent({
      ...input,
      layout: this.#plan.layout,
      rowCount: this.#plan.rowCount,
      l1: input.options.l1,
      l2: this.#l2,
      slots: opener.slots,
      cut: this.#plan.shards.length > 1,
    });
    if (this.resumed?.descent !== undefined) descent.restore(this.resumed.descent);
    const pool = await opener.open();
    for (let pass = this.#passes.length + 1; pass <= this.#firstPasses; pass++) {
      const lossSum = await descent.pass(pass, pool, this.#plan, this.#onRows);
      if (!Number.isFinite(lossSum)) throw diverged(pass);
      this.#ended({ pass, stage: 1, loss: lossSum / this.#plan.rowCount });
      await input.checkpoint?.offer(() => ({ passes: this.#passes, descent: descent.state() }));
    }
    const averages = descent.averages();
    if (!averages.every(Number.isFinite)) throw diverged(this.#firstPasses);
    return [averages, descent.last()];
  }

  /** The features to go on with; undefined when all fit. */
  #choose(weights: Float64Array): Uint32Array | undefined {
    const { rowsPerFeature, outputs, maxFeatures, isNumber } = this.input;
    if (this.#featureCount - 1 <= maxFeatures) return undefined;
    const shares = rowsPerFeature.map((rows) => rows / this.#plan.rowCount);
    return survivors({ weights, outputs, shares, isNumber, maxFeatures });
  }

  /** Take features out of the rows. */
  async #drop(left: Uint32Array): Promise<void> {
    const remap = new Uint32Array(this.#featureCount).fill(PADDING_FEATURE);
    left.forEach((feature, i) => {
      remap[feature] = i;
    });
    this.#plan = await repack(this.#plan, remap, this.input.memory, this.input.spill);
    this.#featureCount = left.length;
    await (await this.opener.open()).replan(this.#plan);
  }

  /** Stage 2. */
  async #refine(candidates: readonly Float64Array[], left: Uint32Array | undefined) {
    const { input } = this;
    const { outputs, options, type, checkpoint } = input;
    const objective = new ShardObjective({
      ...input,
      plan: this.#plan,
      pool: await this.opener.open(),
      featureCount: this.#featureCount,
      spilled: input.spill?.rows,
      onRows: this.#onRows,
      beforePass: async () => {
        if (state !== undefined) await checkpoint?.offer(() => this.#refineState(state!, left));
      },
    });
    const nullModel = new Float64Array(this.#featureCount * outputs);
    nullModel.set(input.bias, BIAS_FEATURE * outputs);
    let state = this.resumed?.refine;
    const { weights, stoppedEarly } = await refine({
      objective,
      type,
      layout: this.#plan.layout,
      module: input.modules.plain,
      candidates,
      nullModel,
      l1: options.l1,
      l2: this.#l2,
      passes: options.maxPasses - this.#firstPasses,
      state,
      signal: input.signal,
      onState(changed) {
        state = changed;
      },
      onPass: ({ pass, loss, gradientNorm, suboptimality }) => {
        this.#ended({ pass: this.#firstPasses + pass, stage: 2, loss, gradientNorm, suboptimality });
      },
    });
    return { weights, stoppedEarly };
  }

  /** Passes that were made in search of the next state belong to that one. */
  #refineState(refine: RefineState, survivors: Uint32Array | undefined): TrainingState {
    const done = this.#firstPasses + refine.passes;
    return { passes: this.#passes.filter(({ pass }) => pass <= done), survivors, refine };
  }

  readonly #onRows = (rows: number): void => {
    this.#visited += rows;
    const part = Math.min(1, this.#visited / this.#plan.rowCount);
    this.input.onShare?.((this.#passes.length + part) / this.input.options.maxPasses);
  };

  #ended(progress: PassProgress): void {
    const now = performance.now();
    this.#passes.push(progress);
    this.input.onPass?.(progress, (this.#visited / (now - this.#passBegan)) * 1000);
    this.#visited = 0;
    this.#passBegan = now;
  }
}

/** The weights of some of the features. */
function pick(weights: Float64Array, features: Uint32Array, outputs: number): Float64Array {
  const picked = new Float64Array(features.length * outputs);
  features.forEach((feature, i) => {
    picked.set(weights.subarray(feature * outputs, (feature + 1) * outputs), i * outputs);
  });
  return picked;
}

function diverged(pass: number): InvalidInput {
  return new InvalidInput(`training left the range of numbers in pass ${pass}`, {
    hint: 'lower the regularization amounts and trainer.prior, or look for extreme values in the data',
  });
}
