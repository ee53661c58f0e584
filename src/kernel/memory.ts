import { InvalidInput } from '../errors.js';
import { headWords, type RowLayout } from '../features/rows.js';
import type { HeapBase } from './kernel.js';

const PAGE_BYTES = 65536;
/** The last page stays unused: the end of every array must be an address too. */
const MOST_PAGES = 65535;

/**
 * The host's side of a kernel memory: hands out addresses from `__heap_base` upwards and grows the memory.
 *
 * Only one thread may allocate.
 */
export class KernelMemory {
  #top: number;
  #f32: Float32Array;
  #f64: Float64Array;
  #u32: Uint32Array;
  #i32: Int32Array;

  /** @param module an instance over this memory; all instances of a module have the same heap base */
  constructor(
    readonly memory: WebAssembly.Memory,
    module: HeapBase,
  ) {
    this.#top = module.__heap_base.value;
    const { buffer } = memory;
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#i32 = new Int32Array(buffer);
  }

  /** The whole memory. A view may be out of date after the next `allocate`: keep it only between allocations. */
  get f32(): Float32Array {
    this.#renewViews();
    return this.#f32;
  }

  get f64(): Float64Array {
    this.#renewViews();
    return this.#f64;
  }

  get u32(): Uint32Array {
    this.#renewViews();
    return this.#u32;
  }

  get i32(): Int32Array {
    this.#renewViews();
    return this.#i32;
  }

  /**
   * Reserve bytes; their contents are arbitrary.
   *
   * @param alignment power of two
   * @returns byte address, a multiple of `alignment`, up to 2^32: index views with `address >>> 2` or `address / 8`
   * @throws InvalidInput if the memory would pass 4 GiB, or the machine has no more
   */
  allocate(bytes: number, alignment = 16): number {
    const address = Math.ceil(this.#top / alignment) * alignment;
    this.#reserve(address + bytes);
    this.#top = address + bytes;
    return address;
  }

  /** The present end of what is allocated, for `release`. */
  mark(): number {
    return this.#top;
  }

  /** Free everything that was allocated since `mark()` returned this value. */
  release(mark: number): void {
    this.#top = Math.min(this.#top, mark);
  }

  #reserve(end: number): void {
    const pages = this.memory.buffer.byteLength / PAGE_BYTES;
    const needed = Math.ceil(end / PAGE_BYTES);
    if (needed <= pages) return;
    if (needed > MOST_PAGES) {
      throw new InvalidInput(
        `the encoded data and the model need ${gibibytes(end)} of memory; kernel memory ends at 4 GiB`,
        {
          hint: 'train on fewer observations or features, or lower sgd.maxMLModelSizeInBytes',
        },
      );
    }
    const generous = Math.min(MOST_PAGES, Math.max(needed, Math.ceil(pages * 1.5)));
    if (!this.#grow(generous - pages) && !this.#grow(needed - pages)) {
      throw new InvalidInput(
        `the encoded data and the model need ${gibibytes(end)} of memory, which could not be had`,
        {
          hint: 'free some memory, or train on fewer observations or features',
        },
      );
    }
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #renewViews(): void {
    const { buffer } = this.memory;
    if (this.#f32.buffer === buffer) return;
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#i32 = new Int32Array(buffer);
  }
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

/**
 * Bytes of scratch memory that the training kernels need.
 *
 * @param outputs K
 * @param maxGroups largest number of index groups in a row, behind the head; sparse rows only
 */
export function scratchBytes(layout: RowLayout, outputs: number, maxGroups = 0): number {
  const perOutput = outputs === 1 ? 0 : 2 * 4 * Math.ceil(outputs / 4) * 4;
  if (layout.form === 'sparse') {
    const headGroups = headWords(layout) / 4;
    return perOutput + (headGroups === 0 ? 80 : 96) * Math.max(1, maxGroups + headGroups);
  }
  return perOutput + (outputs === 1 ? 16 : 32 * outputs) + 4 * layout.width * (2 + 2 * outputs);
}
