import { applyRemap } from '../features/remap.js';
import { DENSE_WEIGHT_WORD, type RowLayout, remappedLayout, SPARSE_WEIGHT_WORD } from '../features/rows.js';
import { GradientState, gradientPass } from '../kernel/gradient-state.js';
import { instantiateKernel, openMemory } from '../kernel/instantiate.js';
import type { Kernel } from '../kernel/kernel.js';
import { KernelMemory } from '../kernel/memory.js';
import type { ModelType } from '../model/types.js';
import type { Sample } from './sampled-rows.js';

/** Encoded rows that are not learned from, in kernel memory of their own, to measure losses on. */
export class HeldOutRows {
  rowCount = 0;
  totalWeight = 0;
  readonly #kernel: Kernel;
  readonly #memory: KernelMemory;
  /** Lists of addresses of rows. */
  readonly #lists: { readonly address: number; readonly count: number }[] = [];
  #featureCount: number;
  #state: GradientState | undefined;

  /** @param module the kernel */
  constructor(
    module: WebAssembly.Module,
    public layout: RowLayout,
    readonly type: ModelType,
    readonly outputs: number,
    featureCount: number,
  ) {
    this.#featureCount = featureCount;
    const wasm = openMemory(16);
    this.#kernel = instantiateKernel(module, wasm);
    this.#memory = new KernelMemory(wasm, this.#kernel);
  }

  /** Copies the records. */
  add({ words, starts }: Sample): void {
    if (starts.length === 0) return;
    const memory = this.#memory;
    const records = memory.allocate(4 * words.length);
    const address = memory.allocate(4 * starts.length);
    const { u32, f32 } = memory;
    u32.set(words, records / 4);
    const weightWord = this.layout.form === 'dense' ? DENSE_WEIGHT_WORD : SPARSE_WEIGHT_WORD;
    for (let row = 0; row < starts.length; row++) {
      u32[address / 4 + row] = records + 4 * starts[row];
      this.totalWeight += f32[records / 4 + starts[row] + weightWord];
    }
    this.#lists.push({ address, count: starts.length });
    this.rowCount += starts.length;
  }

  /**
   * Give the features of the rows other numbers; those that become `PADDING_FEATURE` leave the rows.
   *
   * @param remap number → new number
   * @param featureCount that there are then
   */
  renumber(remap: Uint32Array, featureCount: number): void {
    const { u32 } = this.#memory;
    for (const { address, count } of this.#lists) {
      const starts = u32.slice(address / 4, address / 4 + count);
      applyRemap(
        u32,
        starts.map((record) => record / 4),
        this.layout,
        remap,
      );
    }
    this.layout = remappedLayout(this.layout, remap);
    this.#featureCount = featureCount;
    this.#state = undefined;
  }

  /**
   * Mean loss by the weights of the rows, nats or squared error / 2 over the variance.
   *
   * @param weights f64[featureCount * outputs], feature major
   */
  loss(weights: Float64Array): number {
    this.#state ??= new GradientState(this.#memory, this.layout, this.#featureCount, this.outputs);
    this.#state.load(weights, 'loss');
    for (const { address, count } of this.#lists) gradientPass(this.#kernel, this.type, address, count, this.#state);
    return this.#state.lossSum(this.#kernel) / this.totalWeight;
  }
}
