import { DENSE_WEIGHT_WORD, type RowLayout, SPARSE_WEIGHT_WORD } from '../features/rows.js';
import { GradientState, gradientPass } from '../kernel/gradient-state.js';
import { placeHead } from '../kernel/head.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { ModelType } from '../model/types.js';
import { otherWork } from '../other-work.js';

/** Rows that are scored together, at most. */
const ROWS_PER_CALL = 512;
/** Time after which other work of the process gets its turn, ms. */
const TURN_MS = 40;

/** Some rows, and their margins. */
export interface RowBatch {
  /** Address of the list of rows. */
  readonly rows: number;
  /** Address of the table of their head, 0 for none. */
  readonly head: number;
  readonly count: number;
  /** For each of the weights asked for the address of f64[count * outputs], row major; valid during the call. */
  readonly margins: readonly number[];
}

/** Row records, one after the other, and the word at which each begins: what `Objective.sample` gives. */
export interface Sample {
  readonly words: Uint32Array;
  readonly starts: Uint32Array;
}

/** A sample of the rows, to look at with a kernel that has memory of its own. */
export class SampledRows {
  readonly count: number;
  /** Address of the list of rows. */
  readonly list: number;
  /** Bytes from the beginning of a record to its weight. */
  readonly toWeight: number;

  /** Copies the records. */
  constructor(
    readonly kernel: Kernel,
    readonly memory: KernelMemory,
    sample: Sample,
    readonly layout: RowLayout,
    readonly outputs: number,
    readonly signal?: AbortSignal,
  ) {
    const { words, starts } = sample;
    this.count = starts.length;
    this.toWeight = 4 * (layout.form === 'dense' ? DENSE_WEIGHT_WORD : SPARSE_WEIGHT_WORD);
    const records = memory.allocate(4 * words.length);
    this.list = memory.allocate(4 * starts.length);
    const { u32 } = memory;
    u32.set(words, records / 4);
    u32.set(
      starts.map((start) => records + 4 * start),
      this.list / 4,
    );
  }

  /**
   * Score all rows; other work of the process gets its turn in between. One visit at a time.
   *
   * @param weights each f64[featureCount * outputs], feature major
   * @param call may allocate nothing
   * @param rowsPerCall 1 to 512; fewer where a call takes long
   * @throws the signal's reason when it is aborted
   */
  async visit(
    weights: readonly Float64Array[],
    call: (batch: RowBatch) => void,
    rowsPerCall = ROWS_PER_CALL,
  ): Promise<void> {
    const { kernel, memory, layout, outputs } = this;
    const mark = memory.mark();
    const placed = weights.map((array) => this.#place(array));
    const head = placeHead(memory, layout);
    const margins = weights.map(() => memory.allocate(8 * outputs * rowsPerCall));
    let turn = performance.now();
    for (let first = 0; first < this.count; first += rowsPerCall) {
      const rows = this.list + 4 * first;
      const count = Math.min(rowsPerCall, this.count - first);
      margins.forEach((address, i) => {
        if (layout.form === 'dense') kernel.scoreDense(rows, count, layout.width, placed[i], outputs, address);
        else kernel.scoreSparse(rows, count, head, placed[i], outputs, address);
      });
      call({ rows, head, count, margins });
      if (performance.now() - turn < TURN_MS) continue;
      await otherWork();
      this.signal?.throwIfAborted();
      turn = performance.now();
    }
    memory.release(mark);
  }

  /** d' H d of the mean loss at `weights`. */
  async curvatureAlong(type: ModelType, weights: Float64Array, direction: Float64Array): Promise<number> {
    const { kernel, toWeight, outputs } = this;
    const logistic = Number(type === 'BINARY');
    let sum = 0;
    await this.visit([weights, direction], ({ rows, count, margins: [scores, moves] }) => {
      sum += kernel.curvatureAlong(logistic, rows, count, toWeight, outputs, scores, moves);
    });
    return sum / this.count;
  }

  /** Mean of weight * l'' over the rows; one output. */
  async meanCurvature(type: ModelType, weights: Float64Array): Promise<number> {
    const { kernel, memory, toWeight } = this;
    let sum = 0;
    await this.visit([weights], ({ rows, count, margins: [scales] }) => {
      kernel.secondDerivatives(Number(type === 'BINARY'), rows, count, toWeight, 1, scales);
      for (let i = 0; i < count; i++) sum += memory.f64[scales / 8 + i];
    });
    return sum / this.count;
  }

  /**
   * What sums over rows x of a sparse layout tell of the Hessian H of the loss at `weights`; one output.
   *
   * @returns the sums of weight * l'' * u x, u = x'direction, and of weight * l'' * x^2, f64[featureCount] each; the mean of u over
   * the rows, each times weight * l'', and that of weight * l''
   */
  async curvatureProducts(
    type: ModelType,
    weights: Float64Array,
    direction: Float64Array,
  ): Promise<{ products: Float64Array; diagonal: Float64Array; move: number; curvature: number }> {
    const { kernel, memory, layout, toWeight, list, count } = this;
    const mark = memory.mark();
    const [products, diagonal] = [0, 1].map(() => memory.allocate(8 * weights.length, 64));
    const state = new GradientState(memory, layout, weights.length, 1);
    // The squared loss with targets of 0, rows weighed by l'', has the products as its gradient.
    const records = new Uint32Array(memory.u32.subarray(list / 4, list / 4 + count));
    const kept = records.map((record) => memory.u32[(record + toWeight) / 4]);
    const targets = records.map((record) => memory.u32[record / 4]);
    let row = 0;
    let curvature = 0;
    let along = 0;
    await this.visit([weights, direction], ({ rows, count: batch, margins: [scales, moves] }) => {
      kernel.secondDerivatives(Number(type === 'BINARY'), rows, batch, toWeight, 1, scales);
      const { f32, f64 } = memory;
      for (let i = 0; i < batch; i++, row++) {
        const scale = f64[scales / 8 + i];
        curvature += scale;
        along += scale * f64[moves / 8 + i];
        f32[records[row] / 4] = 0;
        f32[(records[row] + toWeight) / 4] = scale;
      }
    });
    state.load(direction, 'curvature');
    gradientPass(kernel, 'REGRESSION', list, count, state);
    const { u32, f64 } = memory;
    for (let i = 0; i < count; i++) {
      u32[records[i] / 4] = targets[i];
      u32[(records[i] + toWeight) / 4] = kept[i];
    }
    for (const sums of [products, diagonal]) f64.fill(0, sums / 8, sums / 8 + weights.length);
    state.addTo(kernel, products, diagonal);
    const [first, second] = [products, diagonal].map((sums) => f64.slice(sums / 8, sums / 8 + weights.length));
    memory.release(mark);
    return { products: first, diagonal: second, move: along / curvature || 0, curvature: curvature / count };
  }

  /** Mean losses by several weights, nats or (m - t)^2 / 2, each times the weight of its row. */
  losses(type: ModelType, weights: readonly Float64Array[]): number[] {
    const { kernel, memory, layout, outputs, list, count } = this;
    const mark = memory.mark();
    const state = new GradientState(memory, layout, weights[0].length / outputs, outputs);
    const losses = weights.map((array) => {
      state.load(array, 'loss');
      gradientPass(kernel, type, list, count, state);
      return state.lossSum(kernel) / count;
    });
    memory.release(mark);
    return losses;
  }

  /** Rows that contain each feature; that of padding is arbitrary. */
  counts(featureCount: number): Float64Array {
    const { kernel, memory, layout, list, count } = this;
    const mark = memory.mark();
    const size = layout.form === 'dense' ? layout.width : featureCount;
    const address = memory.allocate(4 * size);
    memory.u32.fill(0, address / 4, address / 4 + size);
    if (layout.form === 'dense') kernel.countDense(list, count, layout.width, address);
    else kernel.countSparse(list, count, placeHead(memory, layout), address);
    memory.release(mark);
    return new Float64Array(memory.u32.subarray(address / 4, address / 4 + featureCount));
  }

  /** Weights as the scoring kernels read them. */
  #place(weights: Float64Array): number {
    const { memory, layout, outputs } = this;
    if (layout.form === 'sparse') {
      const address = memory.allocate(8 * weights.length);
      memory.f64.set(weights, address / 8);
      return address;
    }
    const { width } = layout;
    const address = memory.allocate(8 * width * outputs);
    const { f64 } = memory;
    f64.fill(0, address / 8, address / 8 + width * outputs);
    for (let i = 0; i < weights.length; i++) {
      f64[address / 8 + (i % outputs) * width + Math.floor(i / outputs)] = weights[i];
    }
    return address;
  }
}
