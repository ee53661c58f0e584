import { InvalidInput } from '../errors.js';
import { BIAS_FEATURE, PADDING_FEATURE } from '../features/rows.js';
import type { PassProgress, PriorChoice } from '../model/state.js';
import type { TrainingState } from './checkpoint.js';
import { Descent } from './descent.js';
import type { FitInput, Fitted } from './fit-input.js';
import { flatSquares } from './flat-squares.js';
import { sharesOf } from './left-features.js';
import { asOneShard, inTurn, isSerial, PoolOpener } from './pool-opener.js';
import { choosePrior } from './prior.js';
import { survivors } from './prune.js';
import { type RefineState, refine } from './refine.js';
import { repack } from './repack.js';
import { ShardObjective } from './shard-objective.js';
import type { ShardPlan } from './shards.js';
import { firstStagePasses } from './stages.js';
import { TOLERANCE } from './stopping.js';

export type { FitInput, Fitted } from './fit-input.js';

/**
 * Learn the weights of a model from encoded rows: passes of stochastic gradient descent, then, where there are passes left,
 * of L-BFGS. Features that do not fit the model go in between, so that the others make up for them.
 *
 * @throws InvalidInput when numbers leave their range
 */
export async function fit(input: FitInput): Promise<Fitted> {
  const resumed = await input.checkpoint?.read();
  const chooses = input.options.prior === 'auto' && !input.isOneClass;
  const choice = chooses ? (resumed?.prior ?? (await choosePrior(input))) : undefined;
  const pool = new PoolOpener(input);
  try {
    return await new Fit(input, choice, pool, resumed).run();
  } finally {
    await pool.close();
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
    readonly prior: PriorChoice | undefined,
    readonly opener: PoolOpener,
    readonly resumed: TrainingState | undefined,
  ) {
    const { options, plan, featureCount, outputs, maxFeatures } = input;
    this.#l2 = options.l2 + (prior?.chosen ?? Number(options.prior)) / plan.rowCount;
    this.#plan = plan;
    this.#featureCount = featureCount;
    const { maxPasses, l1 } = options;
    const features = Math.min(featureCount - 1, maxFeatures);
    this.#firstPasses = firstStagePasses({ maxPasses, features, outputs, hasL1: l1 > 0 });
    this.#passes = [...(resumed?.passes ?? [])];
  }

  async run(): Promise<Fitted> {
    const { resumed } = this;
    const { options, memory, outputs } = this.input;
    if (this.input.isOneClass) return this.#constant();
    const mark = memory.mark();
    let candidates: readonly Float64Array[] = [];
    let left = resumed?.survivors;
    if (resumed?.refine === undefined) {
      candidates = await this.#descend();
      if (!this.#tells()) candidates = [this.#nullModel()];
      memory.release(mark);
      left = this.#choose(candidates[0]);
      if (left !== undefined) candidates = candidates.map((weights) => pick(weights, left!, outputs));
    }
    const done = { passes: this.#passes, prior: this.prior, survivors: left };
    if (this.#firstPasses === options.maxPasses) return { ...done, weights: candidates[0], stoppedEarly: false };
    if (left !== undefined) await this.#drop(left);
    return { ...done, ...(await this.#refine(candidates, left)) };
  }

  /** The null model, whatever the features: it has the least loss that there is. */
  #constant(): Fitted {
    const { type, bias, outputs } = this.input;
    const weights = this.#nullModel();
    const survivors = this.#choose(weights);
    this.#ended({ pass: 1, loss: type === 'BINARY' ? Math.log1p(Math.exp(-Math.abs(bias[0]))) : 0 }, () => weights);
    const left = survivors === undefined ? weights : pick(weights, survivors, outputs);
    return { passes: this.#passes, prior: undefined, survivors, weights: left, stoppedEarly: true };
  }

  /** Stage 1; returns the averages and the last weights. */
  async #descend(): Promise<Float64Array[]> {
    const { input, opener } = this;
    const serial = isSerial(input.options);
    const plan = serial ? asOneShard(this.#plan) : this.#plan;
    const descent = new Descent({
      ...input,
      layout: plan.layout,
      rowCount: plan.rowCount,
      l1: input.options.l1,
      l2: this.#l2,
      slots: serial ? 1 : opener.slots,
      cut: plan.shards.length > 1,
    });
    if (this.resumed?.descent !== undefined) descent.restore(this.resumed.descent);
    const opened = await opener.open();
    const pool = serial ? inTurn(opened, input.memory, this.#plan) : opened;
    for (let pass = this.#passes.length + 1; pass <= this.#firstPasses; pass++) {
      const lossSum = await descent.pass(pass, pool, plan, this.#onRows);
      if (!Number.isFinite(lossSum)) throw diverged(pass);
      this.#ended({ pass, stage: 1, loss: lossSum / plan.rowCount }, () => descent.averages());
      await input.checkpoint?.offer(() => ({ passes: this.#passes, prior: this.prior, descent: descent.state() }));
    }
    const averages = descent.averages();
    if (!areFinite(averages)) throw diverged(this.#firstPasses);
    return [averages, descent.last()];
  }

  /** Whether some feature differs between rows. */
  #tells(): boolean {
    const { rowsPerFeature, isNumber } = this.input;
    return rowsPerFeature.some(
      (rows, feature) => feature > BIAS_FEATURE && rows > 0 && (rows < this.#plan.rowCount || isNumber(feature)),
    );
  }

  /** Always answers the shares of the classes, or the mean. */
  #nullModel(): Float64Array {
    const { outputs, bias } = this.input;
    const weights = new Float64Array(this.#featureCount * outputs);
    weights.set(bias, BIAS_FEATURE * outputs);
    return weights;
  }

  /** The features to go on with; undefined when all fit. */
  #choose(weights: Float64Array): Uint32Array | undefined {
    const { rowsPerFeature, outputs, maxFeatures, isNumber } = this.input;
    if (this.#featureCount - 1 <= maxFeatures) return undefined;
    const shares = sharesOf(rowsPerFeature, this.#plan.rowCount);
    return survivors({ weights, outputs, shares, isNumber, maxFeatures });
  }

  /** Take features out of the rows, and of those that are held out. */
  async #drop(left: Uint32Array): Promise<void> {
    const remap = new Uint32Array(this.#featureCount).fill(PADDING_FEATURE);
    for (let i = 0; i < left.length; i++) remap[left[i]] = i;
    this.#plan = await repack(this.#plan, remap, this.input.kernel, this.input.memory, this.input.spill);
    this.#featureCount = left.length;
    this.input.heldOut?.renumber(remap, left.length);
    await (await this.opener.open()).replan(this.#plan);
  }

  /** Stage 2. */
  async #refine(candidates: readonly Float64Array[], left: Uint32Array | undefined) {
    const { input } = this;
    const { options, type, checkpoint } = input;
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
    let state = this.resumed?.refine;
    const { weights, stoppedEarly } = await refine({
      objective,
      type,
      layout: this.#plan.layout,
      module: input.module,
      candidates,
      nullModel: this.#nullModel(),
      squares: this.#squares(left),
      l1: options.l1,
      l2: this.#l2,
      passes: options.maxPasses - this.#firstPasses,
      tolerance: { ...TOLERANCE, suboptimality: options.tolerance },
      state,
      signal: input.signal,
      onState(changed) {
        state = changed;
      },
      onPass: ({ pass, weights, loss, gradientNorm, suboptimality }) => {
        const progress = { pass: this.#firstPasses + pass, stage: 2, loss, gradientNorm, suboptimality } as const;
        this.#ended(progress, () => weights);
      },
    });
    return { weights, stoppedEarly };
  }

  /** Of the features that are left. */
  #squares(left: Uint32Array | undefined): Float64Array | undefined {
    const all = flatSquares(this.input, this.#l2);
    return all === undefined || left === undefined ? all : pick(all, left, 1);
  }

  /** Passes that were made in search of the next state belong to that one. */
  #refineState(refine: RefineState, survivors: Uint32Array | undefined): TrainingState {
    const done = this.#firstPasses + refine.passes;
    return { passes: this.#passes.filter(({ pass }) => pass <= done), prior: this.prior, survivors, refine };
  }

  readonly #onRows = (rows: number): void => {
    this.#visited += rows;
    const part = Math.min(1, this.#visited / this.#plan.rowCount);
    this.input.onShare?.((this.#passes.length + part) / this.input.options.maxPasses);
  };

  /** @param weights of the model as it is now */
  #ended({ pass, stage, loss, ...rest }: PassProgress, weights: () => Float64Array): void {
    const rowsPerSecond = (this.#visited / (performance.now() - this.#passBegan)) * 1000;
    const heldOutLoss = this.input.heldOut?.loss(weights());
    const held = Number.isFinite(heldOutLoss) ? { heldOutLoss } : {};
    const progress = { pass, stage, loss, ...held, ...rest };
    this.#passes.push(progress);
    this.input.onPass?.(progress, rowsPerSecond);
    this.#visited = 0;
    this.#passBegan = performance.now();
  }
}

/** The weights of some of the features. */
function pick(weights: Float64Array, features: Uint32Array, outputs: number): Float64Array {
  const picked = new Float64Array(features.length * outputs);
  for (let i = 0, to = 0; i < features.length; i++) {
    for (let k = 0; k < outputs; k++) picked[to++] = weights[features[i] * outputs + k];
  }
  return picked;
}

function areFinite(values: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  return sum === 0;
}

function diverged(pass: number): InvalidInput {
  return new InvalidInput(`training left the range of numbers in pass ${pass}`, {
    hint: 'lower the regularization amounts and trainer.prior, or look for extreme values in the data',
  });
}
