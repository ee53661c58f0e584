import { type KernelMemory, scratchBytes } from '../kernel/memory.js';
import type { FitInput } from './fit-input.js';
import type { TrainingOptions } from './options.js';
import { type OpenThreads, type Pool, singleThread } from './pool.js';
import { Runner, type Workspace } from './runner.js';
import { MOST_CALL_ROWS, type ShardPlan } from './shards.js';

/** Opens the pool when the memory that threads need at once has been allocated. */
export class PoolOpener {
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
    const { module, memory, plan, type, outputs, spill, crew, signal } = this.input;
    const workspaces = this.#workspaces;
    return openThreads({
      module,
      memory: memory.memory,
      workspaces,
      plan,
      type,
      outputs,
      spill: spill?.handle,
      crew,
      signal,
    });
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}

/**
 * Whether stage 1 goes through all rows in one descent, whatever the number of threads: merged weights are worse where no pass
 * follows that makes up for it, and with L1, whose zeros they lose.
 */
export function isSerial({ maxPasses, l1 }: TrainingOptions): boolean {
  return maxPasses === 1 || l1 > 0;
}

/** The rows as one shard, whose tasks `inTurn` does. */
export function asOneShard(plan: ShardPlan): ShardPlan {
  return { ...plan, shards: [{ rowCount: plan.rowCount, segments: [] }] };
}

/** A pool that trains one shard after the other, each from where the one before it ended, as one task. */
export function inTurn(pool: Pool, { f64 }: KernelMemory, plan: ShardPlan): Pool {
  return {
    ...pool,
    slots: 1,
    async run(_count, make, settle, onRows) {
      const task = make(0, 0);
      if (task.kind !== 'train') throw new Error('only the descent is done in turn');
      const { sums, sumCount } = task.weights;
      const ofShard = f64.subarray(sums / 8, sums / 8 + sumCount);
      const ofAll = new Float64Array(sumCount);
      let lossSum = 0;
      for (let shard = 0; shard < plan.shards.length; shard++) {
        await pool.run(
          1,
          () => ({ ...task, shard }),
          (_index, loss) => {
            lossSum += loss;
          },
          onRows,
        );
        for (let i = 0; i < sumCount; i++) ofAll[i] += ofShard[i];
      }
      ofShard.set(ofAll);
      settle(0, lossSum, 0);
    },
  };
}
