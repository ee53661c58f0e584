import { type GradientGoal, GradientState } from '../kernel/gradient-state.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { Objective } from './objective.js';
import type { Pool } from './pool.js';
import { sampleRows } from './sample-rows.js';
import type { Sample } from './sampled-rows.js';
import type { ShardPlan } from './shards.js';
import type { SpilledRows } from './spill.js';

/** Long rows are sampled up to so many bytes, but always so many rows. */
const SAMPLED_BYTES = 6e6;
const LEAST_SAMPLED_ROWS = 2000;

export interface ShardObjectiveInput {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
  readonly plan: ShardPlan;
  readonly pool: Pool;
  readonly featureCount: number;
  readonly outputs: number;
  readonly spilled?: SpilledRows;
  readonly onRows?: (rows: number) => void;
  /** Awaited before each pass. */
  readonly beforePass?: () => Promise<void>;
}

/** The loss over shards: each is summed up by itself, the sums in the order of the shards. */
export class ShardObjective implements Objective {
  readonly featureCount: number;
  readonly outputs: number;
  readonly rowCount: number;
  readonly #input: ShardObjectiveInput;
  /** One per slot of the pool. */
  readonly #states: readonly GradientState[];
  /** Address of f64[featureCount * outputs], for all of them. */
  readonly #weights: number;
  /** Likewise, the sums of the gradient and the curvature over the shards. */
  readonly #gradient: number;
  readonly #curvature: number;

  constructor(input: ShardObjectiveInput) {
    const { memory, plan, pool, featureCount, outputs } = input;
    this.#input = input;
    this.featureCount = featureCount;
    this.outputs = outputs;
    this.rowCount = plan.rowCount;
    const arrays = [0, 1, 2].map(() => memory.allocate(8 * featureCount * outputs, 64));
    [this.#weights, this.#gradient, this.#curvature] = arrays;
    const slots = Math.min(pool.slots, plan.shards.length);
    this.#states = Array.from({ length: slots }, () => new GradientState(memory, plan.layout, featureCount, outputs));
  }

  async evaluate(weights: Float64Array, gradient: Float64Array, curvature?: Float64Array): Promise<number> {
    const hasCurvature = curvature !== undefined;
    this.#clear(this.#gradient);
    if (hasCurvature) this.#clear(this.#curvature);
    const { kernel } = this.#input;
    const loss = await this.#pass(weights, hasCurvature ? 'curvature' : 'gradient', (state) => {
      state.addTo(kernel, this.#gradient, hasCurvature ? this.#curvature : undefined);
    });
    this.#mean(this.#gradient, gradient);
    if (hasCurvature) this.#mean(this.#curvature, curvature);
    return loss;
  }

  get #length(): number {
    return this.featureCount * this.outputs;
  }

  #clear(sums: number): void {
    this.#input.memory.f64.fill(0, sums / 8, sums / 8 + this.#length);
  }

  #mean(sums: number, result: Float64Array): void {
    const { kernel, memory } = this.#input;
    kernel.divideVector(sums, sums, this.rowCount, this.#length);
    result.set(memory.f64.subarray(sums / 8, sums / 8 + this.#length));
  }

  async #pass(weights: Float64Array, goal: GradientGoal, add: (state: GradientState) => void): Promise<number> {
    const { pool, plan, kernel, memory, onRows, beforePass } = this.#input;
    await beforePass?.();
    memory.f64.set(weights, this.#weights / 8);
    let sum = 0;
    const loaded = new Set<number>();
    await pool.run(
      plan.shards.length,
      (shard, slot) => {
        this.#states[slot].begin(goal);
        const weights = loaded.has(slot) ? undefined : this.#weights;
        loaded.add(slot);
        return { kind: 'gradient', shard, weights, state: this.#states[slot].place };
      },
      (_shard, _result, slot) => {
        sum += this.#states[slot].lossSum(kernel);
        add(this.#states[slot]);
      },
      onRows,
    );
    return sum / this.rowCount;
  }

  sample(count: number): Promise<Sample> {
    const { plan, memory, spilled } = this.#input;
    const fit = Math.max(LEAST_SAMPLED_ROWS, Math.floor((SAMPLED_BYTES * plan.rowCount) / plan.bytes));
    return sampleRows(plan, memory, spilled, Math.min(count, fit));
  }
}
