import { DENSE_WEIGHT_WORD, type RowLayout, SPARSE_WEIGHT_WORD } from '../features/rows.js';
import { placeHead } from '../kernel/head.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { ModelType } from '../model/types.js';
import { otherWork } from '../other-work.js';
import { curvatureAlong } from './curvature.js';

/** Rows that are copied into kernel memory together, at most. */
const ROWS_PER_CALL = 512;
/** Time after which other work of the process gets its turn, ms. */
const TURN_MS = 40;

/** Some rows in kernel memory, and their margins. */
export interface RowBatch {
  /** Address of the list of rows. */
  readonly rows: number;
  /** Address of the table of their head, 0 for none. */
  readonly head: number;
  readonly count: number;
  /** For each of the weights asked for, f64[count * outputs], row major; valid until something is allocated. */
  readonly margins: readonly Float64Array[];
  /** Address of the first of them. */
  readonly marginsAddress: number;
  /** One per row. */
  readonly rowWeights: Float64Array;
}

/** Row records, one after the other, and the word at which each begins: what `Objective.sample` gives. */
export interface Sample {
  readonly words: Uint32Array;
  readonly starts: Uint32Array;
}

/** A sample of the rows, to look at with a kernel that has memory of its own. */
export class SampledRows {
  constructor(
    readonly kernel: Kernel,
    readonly memory: KernelMemory,
    readonly sample: Sample,
    readonly layout: RowLayout,
    readonly outputs: number,
    readonly signal?: AbortSignal,
  ) {}

  get count(): number {
    return this.sample.starts.length;
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
    const { kernel, memory, sample, layout, outputs } = this;
    const { words, starts } = sample;
    const mark = memory.mark();
    const placed = weights.map((array) => this.#place(array));
    const records = memory.allocate(4 * this.#longestBatch());
    const rows = memory.allocate(4 * ROWS_PER_CALL);
    const head = placeHead(memory, layout);
    const addresses = weights.map(() => memory.allocate(8 * outputs * ROWS_PER_CALL));
    const weightWord = layout.form === 'dense' ? DENSE_WEIGHT_WORD : SPARSE_WEIGHT_WORD;
    const { f32, f64, u32 } = memory;
    let turn = performance.now();
    for (let first = 0; first < starts.length; first += rowsPerCall) {
      const part = starts.subarray(first, first + rowsPerCall);
      const count = part.length;
      u32.set(words.subarray(part[0], starts[first + count] ?? words.length), records / 4);
      const rowWeights = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        const row = records / 4 + part[i] - part[0];
        u32[rows / 4 + i] = 4 * row;
        rowWeights[i] = f32[row + weightWord];
      }
      const margins = addresses.map((address, i) => {
        if (layout.form === 'dense') kernel.scoreDense(rows, count, layout.width, placed[i], outputs, address);
        else kernel.scoreSparse(rows, count, head, placed[i], outputs, address);
        return f64.subarray(address / 8, address / 8 + count * outputs);
      });
      call({ rows, head, count, margins, marginsAddress: addresses[0], rowWeights });
      if (performance.now() - turn < TURN_MS) continue;
      await otherWork();
      this.signal?.throwIfAborted();
      turn = performance.now();
    }
    memory.release(mark);
  }

  /** d' H d of the mean loss at `weights`. */
  async curvatureAlong(type: ModelType, weights: Float64Array, direction: Float64Array): Promise<number> {
    const { outputs } = this;
    let sum = 0;
    await this.visit([weights, direction], ({ count, margins, rowWeights }) => {
      for (let row = 0; row < count; row++) {
        sum += rowWeights[row] * curvatureAlong(type, margins[0], margins[1], row * outputs, outputs);
      }
    });
    return sum / this.count;
  }

  /** Words of the longest run of rows that are copied together. */
  #longestBatch(): number {
    const { words, starts } = this.sample;
    let most = 0;
    for (let first = 0; first < starts.length; first += ROWS_PER_CALL) {
      most = Math.max(most, (starts[first + ROWS_PER_CALL] ?? words.length) - starts[first]);
    }
    return most;
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
