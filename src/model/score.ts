import type { ColumnBlock } from '../datasource/block.js';
import { type Encoder, openEncoder } from '../features/encode.js';
import { instantiateKernel } from '../kernel/instantiate.js';
import type { Kernel } from '../kernel/kernel.js';
import { KernelMemory } from '../kernel/memory.js';
import type { KernelModules } from '../kernel/modules.js';
import type { ModelState } from './state.js';

/** Scores observations with a model: encoder, weights and kernel, ready for block after block. */
export class Scorer {
  readonly #memory: KernelMemory;
  readonly #kernel: Kernel;
  readonly #encoder: Encoder;
  readonly #weights: number;
  readonly #mark: number;
  #starts = new Uint32Array(0);
  #targets = new Float32Array(0);

  constructor(
    readonly state: ModelState,
    modules: KernelModules,
  ) {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
    this.#kernel = instantiateKernel(modules.plain, memory);
    this.#memory = new KernelMemory(memory, this.#kernel);
    this.#encoder = openEncoder(state.recipe, { features: state.features });
    this.#weights = this.#writeWeights();
    this.#mark = this.#memory.mark();
  }

  #writeWeights(): number {
    const { weights, outputs, features } = this.state;
    const { layout } = this.#encoder;
    if (layout.form === 'sparse') {
      const address = this.#memory.allocate(weights.length * 8);
      this.#memory.f64.set(weights, address / 8);
      return address;
    }
    const address = this.#memory.allocate(layout.width * outputs * 8);
    const values = this.#memory.f64;
    values.fill(0, address / 8, address / 8 + layout.width * outputs);
    for (let output = 0; output < outputs; output++) {
      for (let feature = 0; feature < features.size; feature++) {
        values[address / 8 + output * layout.width + feature] = weights[feature * outputs + output];
      }
    }
    return address;
  }

  /**
   * Margins of the listed rows of a block.
   *
   * @returns f64[rows * outputs], row major; for regression already in the target's unit
   */
  margins(block: ColumnBlock, rows: Uint32Array): Float64Array {
    const { outputs, target } = this.state;
    if (rows.length === 0) return new Float64Array(0);
    const memory = this.#memory;
    memory.release(this.#mark);
    const records = memory.allocate(this.#encoder.prepare(block, rows) * 4);
    const order = memory.allocate(rows.length * 4);
    const margins = memory.allocate(rows.length * outputs * 8);
    if (this.#starts.length < rows.length) {
      this.#starts = new Uint32Array(rows.length);
      this.#targets = new Float32Array(rows.length);
    }
    this.#encoder.write(memory.u32, memory.f32, records >>> 2, this.#targets, this.#starts);
    const list = memory.u32.subarray(order >>> 2, (order >>> 2) + rows.length);
    for (let i = 0; i < rows.length; i++) list[i] = this.#starts[i] * 4;
    const { layout } = this.#encoder;
    if (layout.form === 'dense') {
      this.#kernel.scoreDense(order, rows.length, layout.width, this.#weights, outputs, margins);
    } else {
      this.#kernel.scoreSparse(order, rows.length, layout.valued ? 1 : 0, this.#weights, outputs, margins);
    }
    const result = memory.f64.slice(margins / 8, margins / 8 + rows.length * outputs);
    if (target.type === 'REGRESSION') {
      for (let i = 0; i < result.length; i++) result[i] = target.mean + target.standardDeviation * result[i];
    }
    return result;
  }
}
