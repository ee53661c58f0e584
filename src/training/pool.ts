import type { ModelType } from '../model/types.js';
import { otherWork } from '../other-work.js';
import type { Crew } from '../threads/crew.js';
import type { Runner, Task, Workspace } from './runner.js';
import type { ShardPlan } from './shards.js';

/** Time after which other work of the process gets its turn, ms. */
const TURN_MS = 40;

/** Threads that do tasks on the rows. */
export interface Pool {
  /** How many tasks run at a time; each has its slot, from 0. */
  readonly slots: number;
  /**
   * Do one task for each of `count` numbers.
   *
   * @param make the task with a number, to be done in a slot
   * @param settle called for each task, in the order of their numbers; until then nothing else happens in its slot
   * @param onRows called now and then with the rows that were visited since the last time
   * @throws the signal's reason when it is aborted; what a task threw
   */
  run(
    count: number,
    make: (index: number, slot: number) => Task,
    settle: (index: number, result: number, slot: number) => void,
    onRows?: (rows: number) => void,
  ): Promise<void>;
  /** Tell all threads where the rows are now. */
  replan(plan: ShardPlan): Promise<void>;
  close(): Promise<void>;
}

/** All tasks one after the other in this thread; other work of the process gets its turn in between. */
export function singleThread(open: (plan: ShardPlan) => Runner, plan: ShardPlan, signal?: AbortSignal): Pool {
  let runner = open(plan);
  let turn = performance.now();
  return {
    slots: 1,
    async run(count, make, settle, onRows) {
      let visited = 0;
      const pause = (rows: number): Promise<void> | undefined => {
        visited += rows;
        if (performance.now() - turn <= TURN_MS) return undefined;
        onRows?.(visited);
        visited = 0;
        return otherWork().then(() => {
          signal?.throwIfAborted();
          turn = performance.now();
        });
      };
      for (let index = 0; index < count; index++) settle(index, await runner.run(make(index, 0), pause), 0);
      onRows?.(visited);
    },
    async replan(changed) {
      runner = open(changed);
    },
    async close() {},
  };
}

/** What threads work on. */
export interface ThreadsInput {
  /** Of the kernel, for shared memory. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** One per thread. */
  readonly workspaces: readonly Workspace[];
  readonly plan: ShardPlan;
  readonly type: ModelType;
  readonly outputs: number;
  /** `SpillStore.handle`. */
  readonly spill: number | undefined;
  /** The threads of the run. */
  readonly crew?: Crew;
  readonly signal?: AbortSignal;
}

/** Starts threads; where there is none, everything is done in the calling thread. */
export type OpenThreads = (input: ThreadsInput) => Promise<Pool>;
