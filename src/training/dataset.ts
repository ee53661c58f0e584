import type { ColumnBlock } from '../datasource/block.js';
import type { Encoder } from '../features/encode.js';
import type { KernelMemory } from '../kernel/memory.js';

/** Encoded observations in kernel memory. */
export class EncodedRows {
  #starts = new Uint32Array(1 << 12);
  #rowCount = 0;
  #blockStarts = new Uint32Array(0);
  #maxGroups = 0;

  constructor(readonly memory: KernelMemory) {}

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Where each row record begins, in 32-bit words, in order of arrival. */
  get starts(): Uint32Array {
    return this.#starts.subarray(0, this.#rowCount);
  }

  /** Largest number of index groups in a sparse row. */
  get maxGroups(): number {
    return this.#maxGroups;
  }

  /**
   * Encode rows of a block and keep them.
   *
   * @param rows rows of the block
   * @param targets one per row, as `features/rows.ts` defines them
   * @param weights one per row, likewise; default: 1 each
   */
  add(encoder: Encoder, block: ColumnBlock, rows: Uint32Array, targets: Float32Array, weights?: Float32Array): void {
    if (rows.length === 0) return;
    const address = this.memory.allocate(encoder.prepare(block, rows) * 4);
    if (this.#blockStarts.length < rows.length) this.#blockStarts = new Uint32Array(rows.length);
    encoder.write(this.memory.u32, this.memory.f32, address >>> 2, targets, this.#blockStarts, weights);
    this.#reserve(this.#rowCount + rows.length);
    this.#starts.set(this.#blockStarts.subarray(0, rows.length), this.#rowCount);
    this.#rowCount += rows.length;
    if (encoder.layout.form === 'dense') return;
    const words = this.memory.u32;
    for (let i = 0; i < rows.length; i++) this.#maxGroups = Math.max(this.#maxGroups, words[this.#blockStarts[i] + 1]);
  }

  #reserve(rowCount: number): void {
    if (rowCount <= this.#starts.length) return;
    const larger = new Uint32Array(Math.max(rowCount, this.#starts.length * 2));
    larger.set(this.starts);
    this.#starts = larger;
  }

  /**
   * Write the addresses of the rows into kernel memory.
   *
   * @param order puts them in the order of the passes, in place
   * @returns address of the list, u32[rowCount]
   */
  writeOrder(order: (list: Uint32Array) => void): number {
    const address = this.memory.allocate(this.#rowCount * 4);
    const list = this.memory.u32.subarray(address >>> 2, (address >>> 2) + this.#rowCount);
    for (let i = 0; i < this.#rowCount; i++) list[i] = this.#starts[i] * 4;
    order(list);
    return address;
  }
}
