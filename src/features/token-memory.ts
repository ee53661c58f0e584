import { instantiateExports, openMemory } from '../kernel/instantiate.js';
import { plainTokenKernel } from './plain-token-kernel.js';
import type { TokenKernel } from './token-kernel.js';

const PAGE_BYTES = 65_536;
const LEAST_BYTES = 64;

/** Memory of an encoder for tokens and runs of tokens, taken when first used; hands out blocks of 2^n bytes. */
export class TokenMemory {
  /** Of the whole memory. Replaced when it grows. */
  bytes = new Uint8Array(0);
  private work: { readonly memory: WebAssembly.Memory; readonly kernel: TokenKernel } | undefined;
  private top = LEAST_BYTES;
  /** Blocks that were given back, by their size. */
  private readonly unused = new Map<number, number[]>();

  /** @param module the kernel: the same features, sooner */
  constructor(private readonly module?: WebAssembly.Module) {}

  get kernel(): TokenKernel {
    return this.opened().kernel;
  }

  private opened(): { readonly memory: WebAssembly.Memory; readonly kernel: TokenKernel } {
    if (this.work !== undefined) return this.work;
    const memory = openMemory();
    this.bytes = new Uint8Array(memory.buffer);
    if (this.module === undefined) {
      this.work = { memory, kernel: plainTokenKernel(() => this.bytes.buffer) };
    } else {
      const instance = instantiateExports<TokenKernel>(this.module, memory);
      this.top = Math.ceil(instance.__heap_base.value / LEAST_BYTES) * LEAST_BYTES;
      this.work = { memory, kernel: instance };
    }
    return this.work;
  }

  /**
   * A block of zeros.
   *
   * @returns its address
   * @throws RangeError when the memory would pass 4 GiB, or the machine has no more
   */
  allocate(bytes: number): number {
    const { memory } = this.opened();
    const size = blockSize(bytes);
    const used = this.unused.get(size)?.pop();
    if (used !== undefined) {
      // By words: engines clear shared memory item by item.
      new Float64Array(memory.buffer, used, size / 8).fill(0);
      return used;
    }
    const address = this.top;
    const lack = address + size - this.bytes.length;
    if (lack > 0) {
      memory.grow(Math.ceil(lack / PAGE_BYTES));
      this.bytes = new Uint8Array(memory.buffer);
    }
    this.top += size;
    return address;
  }

  /** Give back the block for so many bytes. */
  free(address: number, bytes: number): void {
    const size = blockSize(bytes);
    const list = this.unused.get(size);
    if (list === undefined) this.unused.set(size, [address]);
    else list.push(address);
  }
}

function blockSize(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(LEAST_BYTES, bytes)));
}

/** Numbers of 32 bits in the memory. */
export class Numbers32 {
  /** Byte address; another one after the array has grown. */
  address = 0;
  length = 0;
  private view = new Uint32Array(0);

  constructor(private readonly memory: TokenMemory) {}

  /** The array. Out of date as soon as anything is allocated. */
  get words(): Uint32Array {
    const { buffer } = this.memory.bytes;
    if (this.view.buffer !== buffer) this.view = new Uint32Array(buffer, this.address, this.length);
    return this.view;
  }

  /** Make room for at least so many numbers; new ones are 0. */
  reserve(length: number): void {
    if (length <= this.length) return;
    const { memory } = this;
    const old = this.length;
    const larger = blockSize(4 * Math.max(length, 2 * old)) / 4;
    const address = memory.allocate(4 * larger);
    if (old > 0) {
      memory.bytes.copyWithin(address, this.address, this.address + 4 * old);
      memory.free(this.address, 4 * old);
    }
    this.address = address;
    this.length = larger;
    this.view = new Uint32Array(memory.bytes.buffer, address, larger);
  }

  clear(): void {
    this.words.fill(0);
  }
}
