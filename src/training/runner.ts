import { type GradientPlace, gradientPass, loadGradient } from '../kernel/gradient-state.js';
import type { Kernel } from '../kernel/kernel.js';
import type { ModelType } from '../model/types.js';
import { MOST_CALL_ROWS, type Segment, type ShardPlan, shardBegin } from './shards.js';
import type { SpilledRows } from './spill.js';

/** Steps after which the running average moves to double precision. */
const STEPS_PER_FOLD = 1 << 18;

/** Kernel memory that one thread works in. */
export interface Workspace {
  /** u32[MOST_CALL_ROWS], for the addresses of rows. */
  readonly list: number;
  /** Two of `ShardPlan.windowBytes` each. */
  readonly windows: readonly [number, number];
  /** `scratchBytes(...)`. */
  readonly scratch: number;
}

/** The weights that stage 1 works on; layout in `kernel.ts`. */
export interface TrainedWeights {
  readonly address: number;
  readonly floats: number;
  /** f64[sumCount], running sums of the weights. */
  readonly sums: number;
  readonly sumCount: number;
}

/** What a thread is to do with the rows of a shard; plain data. */
export type Task =
  | {
      /** Stage 1: begin with a copy of some weights and take a step per row. The result is the sum of losses. */
      readonly kind: 'train';
      readonly shard: number;
      readonly from: number;
      readonly weights: TrainedWeights;
      readonly featureCount: number;
      readonly l1: number;
      readonly l2: number;
    }
  | {
      /** Stage 2: find losses and gradients. The result is 0. */
      readonly kind: 'gradient';
      readonly shard: number;
      /** Address of f64[featureCount * outputs], feature major; undefined when the state has the weights already. */
      readonly weights: number | undefined;
      readonly state: GradientPlace;
    };

export interface RunnerInput {
  readonly kernel: Kernel;
  readonly memory: WebAssembly.Memory;
  readonly workspace: Workspace;
  readonly plan: ShardPlan;
  readonly type: ModelType;
  readonly outputs: number;
  /** Where rows are that are not in memory. */
  readonly spilled?: SpilledRows;
}

/** Called between kernel calls, with the rows done since the last time. */
export type Pause = (rows: number) => Promise<void> | undefined;

/** Does something to rows, u32[rowCount] of whose addresses are at `list`. */
type VisitRows<Rest extends unknown[] = [], Result = void> = (list: number, rowCount: number, ...rest: Rest) => Result;

/** One thread's way through the rows: does tasks, one at a time. */
export class Runner {
  constructor(readonly input: RunnerInput) {}

  run(task: Task, pause: Pause): Promise<number> {
    return task.kind === 'train' ? this.#train(task, pause) : this.#gradient(task, pause);
  }

  async #train(task: Task & { kind: 'train' }, pause: Pause): Promise<number> {
    const { kernel, memory, plan, outputs } = this.input;
    const { weights, featureCount, from } = task;
    const bytes = new Uint8Array(memory.buffer);
    if (from !== weights.address) bytes.copyWithin(weights.address, from, from + weights.floats * 4);
    new Float64Array(memory.buffer, weights.sums, weights.sumCount).fill(0);
    const step = this.#stepper(task);
    const { rowCount } = plan.shards[task.shard];
    let lossSum = 0;
    let done = 0;
    let folded = 0;
    await this.#visit(task.shard, pause, (list, rows) => {
      lossSum += step(list, rows, done - folded + 1);
      done += rows;
      if (done - folded < STEPS_PER_FOLD && done < rowCount) return;
      if (plan.layout.form === 'dense') {
        kernel.foldAveragesDense(weights.address, plan.layout.width, outputs, done - folded, weights.sums);
      } else kernel.foldAveragesSparse(weights.address, featureCount, outputs, done - folded, weights.sums);
      folded = done;
    });
    return lossSum;
  }

  /** The kernel for a model type and row layout, as a function of the list of rows, their number and that of the first step. */
  #stepper({ weights: { address }, l1, l2 }: Task & { kind: 'train' }): VisitRows<[step: number], number> {
    const { kernel, outputs, type, plan } = this.input;
    const { scratch } = this.input.workspace;
    if (plan.layout.form === 'dense') {
      const { width } = plan.layout;
      if (type === 'MULTICLASS') {
        return (list, rows, step) =>
          kernel.trainSoftmaxDense(list, rows, width, address, outputs, step, l1, l2, scratch);
      }
      const dense = (type === 'BINARY' ? kernel.trainLogisticDense : kernel.trainSquaredDense).bind(kernel);
      return (list, rows, step) => dense(list, rows, width, address, step, l1, l2, scratch);
    }
    const { head } = plan;
    if (type === 'MULTICLASS') {
      return (list, rows, step) => kernel.trainSoftmaxSparse(list, rows, head, address, outputs, step, l1, l2, scratch);
    }
    const sparse = (type === 'BINARY' ? kernel.trainLogisticSparse : kernel.trainSquaredSparse).bind(kernel);
    return (list, rows, step) => sparse(list, rows, head, address, step, l1, l2, scratch);
  }

  async #gradient(task: Task & { kind: 'gradient' }, pause: Pause): Promise<number> {
    const { kernel, memory, type } = this.input;
    const { state } = task;
    if (task.weights !== undefined) {
      const weights = new Float64Array(memory.buffer, task.weights, state.featureCount * state.outputs);
      loadGradient(new Float64Array(memory.buffer), state, weights);
    }
    await this.#visit(task.shard, pause, (list, rows) => gradientPass(kernel, type, list, rows, state));
    return 0;
  }

  /** Call a function for the rows of a shard, always for the same numbers of rows. */
  async #visit(shard: number, pause: Pause, call: VisitRows): Promise<void> {
    const { starts, shards, rowCount, callRows } = this.input.plan;
    if (starts === undefined) {
      await this.#visitSegments(shard, pause, call);
      return;
    }
    const end = shardBegin(shard + 1, shards.length, rowCount);
    for (let row = shardBegin(shard, shards.length, rowCount); row < end; row += callRows) {
      const rows = Math.min(callRows, end - row);
      call(starts + row * 4, rows);
      const wait = pause(rows);
      if (wait !== undefined) await wait;
    }
  }

  async #visitSegments(shard: number, pause: Pause, call: VisitRows): Promise<void> {
    const { plan, memory, workspace } = this.input;
    const { segments } = plan.shards[shard];
    const words = new Uint32Array(memory.buffer);
    const list = words.subarray(workspace.list / 4, workspace.list / 4 + MOST_CALL_ROWS);
    const ahead = new ReadAhead(segments, this.input);
    let listed = 0;
    const flush = (): Promise<void> | undefined => {
      if (listed === 0) return undefined;
      const rows = listed;
      listed = 0;
      call(workspace.list, rows);
      return pause(rows);
    };
    for (const [i, segment] of segments.entries()) {
      const inFile = segment.address < 0;
      let address = inFile ? await ahead.take(i) : segment.address;
      for (let left = segment.rowCount; left > 0; ) {
        const rows = Math.min(left, plan.callRows - listed);
        address = this.#list(address, rows, segment.stride, list, listed);
        listed += rows;
        left -= rows;
        const wait = listed === plan.callRows ? flush() : undefined;
        if (wait !== undefined) await wait;
      }
      if (inFile) await flush();
    }
    await flush();
  }

  /** List the addresses of records of a segment, from one of them on; returns the address of the one after them. */
  #list(address: number, rows: number, stride: number, list: Uint32Array, first: number): number {
    const { layout, head } = this.input.plan;
    if (stride === 0 && layout.form === 'sparse') {
      const at = this.input.workspace.list + first * 4;
      return this.input.kernel.listFollowing(address, rows, head, at) >>> 0;
    }
    for (let i = 0; i < rows; i++) list[first + i] = address + i * stride;
    return address + rows * stride;
  }
}

/** Reads the segments of a shard that are in the spill file, the next one while the present one is worked on. */
class ReadAhead {
  readonly #bytes: Uint8Array;
  #next = -1;
  #reading: Promise<void> | undefined;
  #window: 0 | 1 = 0;

  constructor(
    readonly segments: readonly Segment[],
    readonly input: RunnerInput,
  ) {
    this.#bytes = new Uint8Array(input.memory.buffer);
    this.#begin(0);
  }

  /** Begin to read the next segment in the file, from an index on, into the window that is free. */
  #begin(from: number): void {
    const { segments, input } = this;
    let next = from;
    while (next < segments.length && segments[next].address >= 0) next++;
    this.#next = next;
    if (next === segments.length) return;
    const { offset, bytes } = segments[next];
    const address = input.workspace.windows[this.#window];
    this.#reading = input.spilled!.read(this.#bytes.subarray(address, address + bytes), offset);
    // Awaited when its turn comes; an error until then is not unhandled.
    this.#reading.catch(() => {});
  }

  /** @returns address of the records of the segment, valid until the next call but one */
  async take(index: number): Promise<number> {
    if (index !== this.#next) throw new Error(`segment ${index} is not the next one`);
    await this.#reading;
    const address = this.input.workspace.windows[this.#window];
    this.#window = this.#window === 0 ? 1 : 0;
    this.#begin(index + 1);
    return address;
  }
}
