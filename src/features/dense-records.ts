import type { ColumnBlock } from '../datasource/block.js';
import { instantiateExports, openMemory } from '../kernel/instantiate.js';
import { DenseEncoder, type DensePlan, denseWorkBytes } from './dense-encoder.js';
import type { DenseKernel } from './dense-kernel.js';
import { plainDenseKernel } from './plain-dense-kernel.js';
import { DENSE_HEADER_WORDS, DENSE_WEIGHT_WORD } from './rows.js';

const PAGE_BYTES = 65_536;
const ALIGNMENT = 64;

/** Dense records of one block, as `rows.ts` lays them out, in memory of their own. */
export class DenseRecords {
  readonly #memory: WebAssembly.Memory;
  readonly #encoder: DenseEncoder;
  readonly #recordWords: number;
  /** Address of the records. */
  readonly #records: number;
  #rowCount = 0;
  #targets = new Float32Array(0);

  /** @param module the kernel: the same records, sooner */
  constructor(plan: DensePlan, module?: WebAssembly.Module) {
    const workBytes = denseWorkBytes(plan);
    this.#memory = openMemory(Math.ceil(workBytes / PAGE_BYTES));
    const instance = module && instantiateExports<DenseKernel>(module, this.#memory);
    const work = aligned(instance?.__heap_base.value ?? ALIGNMENT);
    this.#records = aligned(work + workBytes);
    this.#reserve(this.#records);
    this.#encoder = new DenseEncoder(plan, instance ?? plainDenseKernel(this.#memory), this.#memory, work);
    this.#recordWords = DENSE_HEADER_WORDS + plan.width;
  }

  #reserve(end: number): void {
    const lack = end - this.#memory.buffer.byteLength;
    if (lack > 0) this.#memory.grow(Math.ceil(lack / PAGE_BYTES));
  }

  /**
   * Encode rows of a block; targets are left 0.
   *
   * @returns words that the records take
   */
  encode(block: ColumnBlock, rows: Uint32Array): number {
    if (rows.length > this.#targets.length) {
      this.#reserve(this.#records + rows.length * 4 * this.#recordWords);
      this.#targets = new Float32Array(rows.length);
    }
    this.#rowCount = rows.length;
    this.#encoder.encode(block, rows, this.#records, this.#targets);
    return rows.length * this.#recordWords;
  }

  /** Copy the records: see `Encoder.write`. */
  write(
    words: Uint32Array,
    floats: Float32Array,
    wordOffset: number,
    targets: Float32Array,
    starts: Uint32Array | Float64Array,
    weights?: Float32Array,
  ): void {
    const length = this.#rowCount * this.#recordWords;
    words.set(new Uint32Array(this.#memory.buffer, this.#records, length), wordOffset);
    for (let row = 0, start = wordOffset; row < this.#rowCount; row++, start += this.#recordWords) {
      starts[row] = start;
      floats[start] = targets[row];
      if (weights !== undefined) floats[start + DENSE_WEIGHT_WORD] = weights[row];
    }
  }

  /** See `DenseEncoder.takeCounts`. */
  takeCounts(): Uint32Array {
    return this.#encoder.takeCounts();
  }
}

const aligned = (address: number): number => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
