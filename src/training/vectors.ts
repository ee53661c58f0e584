import { instantiateKernel, openMemory } from '../kernel/instantiate.js';
import type { Kernel } from '../kernel/kernel.js';
import { KernelMemory } from '../kernel/memory.js';

/** Vectors of one length in kernel memory of their own, and arithmetic on them. Those that are given back are used again. */
export class Vectors {
  readonly #kernel: Kernel;
  readonly #all: readonly Float64Array[];
  #free: Float64Array[];

  /**
   * Memory that is never written takes no room.
   *
   * @param module the kernel
   * @param length of each vector
   * @param count vectors that may be taken at a time
   * @throws InvalidInput when they do not fit in 4 GiB
   */
  constructor(
    module: WebAssembly.Module,
    readonly length: number,
    count: number,
  ) {
    const wasm = openMemory();
    this.#kernel = instantiateKernel(module, wasm);
    const memory = new KernelMemory(wasm, this.#kernel);
    const stride = (length + 7) & ~7;
    // All at once: views of a memory that grows later would be lost.
    const first = memory.allocate(8 * stride * count, 64) / 8;
    this.#all = Array.from({ length: count }, (_, i) => {
      const begin = first + (count - 1 - i) * stride;
      return memory.f64.subarray(begin, begin + length);
    });
    this.#free = [...this.#all];
  }

  /** A vector with arbitrary elements. */
  take(): Float64Array {
    const vector = this.#free.pop();
    if (vector === undefined) throw new Error('no vector is left');
    return vector;
  }

  give(...vectors: readonly Float64Array[]): void {
    this.#free.push(...vectors);
  }

  /** No vector is in use any more. */
  giveAll(): void {
    this.#free = [...this.#all];
  }

  /** A vector with the elements of an array. */
  copy(array: Float64Array): Float64Array {
    const vector = this.take();
    vector.set(array);
    return vector;
  }

  /** sum a b */
  dot(a: Float64Array, b: Float64Array): number {
    return this.#kernel.dotVectors(a.byteOffset, b.byteOffset, this.length);
  }

  /** a += scale b, in place; returns sum a c. */
  addScaledThenDot(a: Float64Array, scale: number, b: Float64Array, c: Float64Array): number {
    return this.#kernel.addScaledThenDot(a.byteOffset, scale, b.byteOffset, c.byteOffset, this.length);
  }

  /** a *= scale, in place; returns sum a b. */
  scaleThenDot(a: Float64Array, scale: number, b: Float64Array): number {
    return this.#kernel.scaleThenDot(a.byteOffset, scale, b.byteOffset, this.length);
  }

  /** a + scale b, written to a result that may be one of them, and returned. */
  addScaled(result: Float64Array, a: Float64Array, scale: number, b: Float64Array): Float64Array {
    this.#kernel.addScaled(result.byteOffset, a.byteOffset, scale, b.byteOffset, this.length);
    return result;
  }

  /** a b, element by element, written to the result. */
  multiply(result: Float64Array, a: Float64Array, b: Float64Array): void {
    this.#kernel.multiplyVectors(result.byteOffset, a.byteOffset, b.byteOffset, this.length);
  }

  /** -a, written to the result. */
  negate(result: Float64Array, a: Float64Array): void {
    this.#kernel.divideVector(result.byteOffset, a.byteOffset, -1, this.length);
  }

  /** The largest absolute element; NaN if one is. */
  largest(a: Float64Array): number {
    return this.#kernel.largestSize(a.byteOffset, this.length);
  }
}
