import type { RowLayout } from '../features/rows.js';
import { BIAS_FEATURE } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import { KernelWeights } from '../kernel/weights.js';
import { Merge } from './merge.js';
import type { Pool } from './pool.js';
import type { ShardPlan } from './shards.js';

/** Largest penalty of a single step; it leaves nothing of any weight, and larger ones would leave single precision. */
const STRONGEST_PENALTY = 1e12;

/** What the kernels add to S. */
const LEAST_CURVATURE = 4;
/** Of larger ones single precision would leave too little room for what rows add. */
const MOST_PRECISION = 100;

export interface DescentInput {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
  readonly layout: RowLayout;
  readonly featureCount: number;
  readonly outputs: number;
  /** Rows that contain each feature, whatever their weights. */
  readonly rowsPerFeature: Float64Array;
  readonly rowCount: number;
  /** Starting bias per output. */
  readonly bias: Float64Array;
  /** Per observation. */
  readonly l1: number;
  /** Per observation, the prior included. */
  readonly l2: number;
  /** Tasks that will run at a time. */
  readonly slots: number;
  /** Whether there is more than one shard. */
  readonly cut: boolean;
}

/** How far stage 1 has come; enough to go on and end with the identical result. */
export interface DescentState {
  /** All f32 of the weights, as in kernel memory. */
  readonly weights: Float32Array;
  readonly sums: Float64Array;
  readonly summedSteps: number;
}

/**
 * Stage 1: curvature-adaptive implicit stochastic gradient descent with averaging. The average begins anew with pass 2.
 *
 * Per-coordinate rates: Duchi, Hazan, Singer (2011); implicit steps: Kulis, Bartlett (2010), Toulis, Airoldi (2017);
 * averaging: Polyak, Juditsky (1992); lazy penalties: Langford, Li, Zhang (2009), Duchi, Singer (2009).
 *
 * A prior of precision P = n L2 on each weight makes the first rate 1 / P, that of the exact implicit step from the prior's mean: S
 * begins with P^2 - 4 where that is above 0. Weaker priors are left to the penalty.
 *
 * In each pass all shards of the rows are trained from the same weights and then merged in their order, so that nothing depends
 * on the number of threads.
 */
export class Descent {
  readonly #weights: KernelWeights;
  /** What shards are trained on, one per slot; a single shard is trained in place. */
  readonly #replicas: readonly KernelWeights[];
  readonly #merge: Merge | undefined;
  readonly #sums: Float64Array;
  #summedSteps = 0;
  #averages: Float64Array | undefined;
  readonly #l1: number;
  readonly #l2: number;

  constructor(readonly input: DescentInput) {
    const { memory, layout, featureCount, outputs, slots, rowCount, rowsPerFeature } = input;
    const open = (): KernelWeights => new KernelWeights(memory, layout, featureCount, outputs);
    this.#weights = open();
    const rarest = rowsPerFeature.reduce((least, rows) => (rows > 0 ? Math.min(least, rows) : least), rowCount);
    const strongest = (STRONGEST_PENALTY * rarest) / rowCount;
    this.#l1 = Math.min(input.l1, strongest);
    this.#l2 = Math.min(input.l2, strongest);
    const precision = this.#l2 * rowCount;
    const first = Math.max(0, Math.min(precision, MOST_PRECISION) ** 2 - LEAST_CURVATURE);
    this.#weights.initialise(inverseShares(input), first, BIAS_FEATURE, input.bias);
    this.#replicas = input.cut ? Array.from({ length: slots }, open) : [this.#weights];
    this.#merge = input.cut ? new Merge(input.kernel, this.#weights, first > 0 ? precision : 0) : undefined;
    this.#sums = new Float64Array(this.#weights.sumCount);
  }

  /**
   * @param pass from 1
   * @returns sum over the rows of weight * loss, each before its step
   */
  async pass(pass: number, pool: Pool, plan: ShardPlan, onRows?: (rows: number) => void): Promise<number> {
    if (pass === 2) {
      this.#sums.fill(0);
      this.#summedSteps = 0;
    }
    let lossSum = 0;
    await pool.run(
      plan.shards.length,
      (shard, slot) => ({
        kind: 'train',
        shard,
        from: this.#weights.address,
        weights: addressesOf(this.#replicas[slot]),
        featureCount: this.input.featureCount,
        l1: this.#l1,
        l2: this.#l2,
      }),
      (shard, loss, slot) => {
        lossSum += loss;
        this.#merge?.add(this.#replicas[slot], plan.shards[shard].rowCount);
      },
      onRows,
    );
    if (this.#merge !== undefined) this.#merge.finish(this.#sums, plan.rowCount);
    else {
      const { f64 } = this.input.memory;
      const from = this.#weights.sums / 8;
      for (let i = 0; i < this.#sums.length; i++) this.#sums[i] += f64[from + i];
    }
    this.#summedSteps += plan.rowCount;
    this.#averages = undefined;
    return lossSum;
  }

  /** f64[featureCount * outputs], feature major; the same array until the next pass. */
  averages(): Float64Array {
    this.#averages ??= this.#weights.means(this.#sums, this.#summedSteps);
    return this.#averages;
  }

  /** The weights after the last step, as `averages`. */
  last(): Float64Array {
    return this.#weights.read();
  }

  state(): DescentState {
    const { address, floats } = this.#weights;
    return {
      weights: this.input.memory.f32.slice(address >>> 2, (address >>> 2) + floats),
      sums: this.#sums.slice(),
      summedSteps: this.#summedSteps,
    };
  }

  /** Go on from where another run was. */
  restore({ weights, sums, summedSteps }: DescentState): void {
    this.input.memory.f32.set(weights, this.#weights.address >>> 2);
    this.#sums.set(sums);
    this.#summedSteps = summedSteps;
    this.#averages = undefined;
  }
}

function addressesOf({ address, floats, sums, sumCount }: KernelWeights) {
  return { address, floats, sums, sumCount };
}

/** rows / rows containing the feature: how much stronger a penalty must be that acts only when the feature occurs. */
function inverseShares({ rowsPerFeature, rowCount }: DescentInput): Float64Array {
  const shares = rowsPerFeature.map((rows) => (rows > 0 ? rowCount / rows : 0));
  shares[BIAS_FEATURE] = 0;
  return shares;
}
