import { type DensePlan, denseWorkBytes } from '../features/dense-encoder.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { Crew, Wire } from '../threads/crew.js';
import type { EncoderThreadData, FromEncoder, ToEncoder } from '../threads/encode-role.js';

/** Blocks that each thread has before it. */
const BLOCKS_AHEAD = 3;

/** Rows of one block; see `ToEncoder`. */
export type DenseRows = Exclude<ToEncoder, { readonly end: true }>;

/** Threads of a crew that encode dense rows to their places in kernel memory. */
export class DenseThreads {
  readonly #wires: Wire[];
  /** Blocks that each thread has before it. */
  readonly #ahead: number[];
  readonly #counts: Uint32Array[] = [];
  #wake = (): void => {};
  #failure: Error | undefined;

  /** @param module the kernel */
  constructor(crew: Crew, module: WebAssembly.Module, memory: KernelMemory, plan: DensePlan) {
    this.#ahead = Array.from({ length: crew.size }, () => 0);
    this.#wires = this.#ahead.map((_, slot) => {
      const work = memory.allocate(denseWorkBytes(plan), 64);
      const data: EncoderThreadData = { module, memory: memory.memory, plan, work };
      return crew.open(slot, 'encode', data, {
        message: (answer: FromEncoder) => {
          if ('counts' in answer) this.#counts.push(answer.counts);
          this.#ahead[slot]--;
          this.#wake();
        },
        fail: (error) => {
          this.#failure ??= error;
          this.#wake();
        },
      });
    });
    for (const wire of this.#wires) wire.waits(true);
  }

  /**
   * Encode rows, at the latest until `finish` has returned.
   *
   * @param rows their columns are shared memory and must stay as they are
   * @throws what a thread failed with
   */
  async encode(rows: DenseRows): Promise<void> {
    await this.#until(() => Math.min(...this.#ahead) < BLOCKS_AHEAD);
    this.#send(this.#ahead.indexOf(Math.min(...this.#ahead)), rows);
  }

  #send(slot: number, message: ToEncoder): void {
    this.#ahead[slot]++;
    this.#wires[slot].post(message);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (this.#failure === undefined && !isSo()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Wait for all rows.
   *
   * @returns counts of features, as `DenseEncoder.takeCounts` gives them, one list per thread
   * @throws what a thread failed with
   */
  async finish(): Promise<readonly Uint32Array[]> {
    for (let slot = 0; slot < this.#wires.length; slot++) this.#send(slot, { end: true });
    await this.#until(() => this.#counts.length === this.#wires.length);
    this.close();
    return this.#counts;
  }

  close(): void {
    for (const wire of this.#wires.splice(0)) wire.close();
  }
}
