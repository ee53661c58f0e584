import { type GradientGoal, GradientState } from '../kernel/gradient-state.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { Objective } from './objective.js';
import type { Pool } from './pool.js';
import { sampleRows } from './sample-rows.js';
import type { Sample } from './sampled-rows.js';
import type { ShardPlan } from './shards.js';
import type { SpilledRows } from './spill.js';

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

  constructor(input: ShardObjectiveInput) {
    const { memory, plan, pool, featureCount, outputs } = input;
    this.#input = input;
    this.featureCount = featureCount;
    this.outputs = outputs;
    this.rowCount = plan.rowCount;
    this.#weights = memory.allocate(8 * featureCount * outputs, 64);
    const slots = Math.min(pool.slots, plan.shards.length);
    this.#states = Array.from({ length: slots }, () => new GradientState(memory, plan.layout, featureCount, outputs));
  }

  async evaluate(weights: Float64Array, gradient: Float64Array, curvature?: Float64Array): Promise<number> {
    gradient.fill(0);
    curvature?.fill(0);
    const loss = await this.#pass(weights, curvature === undefined ? 'gradient' : 'curvature', (state) => {
      state.addTo(gradient, curvature);
    });
    for (let i = 0; i < gradient.length; i++) gradient[i] /= this.rowCount;
    if (curvature !== undefined) for (let i = 0; i < curvature.length; i++) curvature[i] /= this.rowCount;
    return loss;
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
    return sampleRows(plan, memory, spilled, count);
  }
}
