import type { ModelType } from '../model/types.js';
import type { Task, Workspace } from '../training/runner.js';
import type { ShardPlan } from '../training/shards.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly workspace: Workspace;
  readonly plan: ShardPlan;
  readonly type: ModelType;
  readonly outputs: number;
  /** Of the spill file, open in this process. */
  readonly spill: number | undefined;
  /** [0]: rows that all threads have visited, modulo 2^32. */
  readonly visited: Int32Array;
}

/** What a thread is told: a task to do, or where the rows are from now on. */
export type ToThread = { readonly index: number; readonly task: Task } | { readonly plan: ShardPlan };

/** What a thread answers to a task. */
export type FromThread = { readonly index: number; readonly result: number } | ThreadFailure;

export interface ThreadFailure {
  readonly message: string;
  readonly hint?: string;
  /** Whether the user can repair it. */
  readonly repairable: boolean;
  readonly stack?: string;
}
