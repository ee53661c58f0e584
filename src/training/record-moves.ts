import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import { Room } from './chunks.js';

/** Words of a move of `copyRecords`. */
const MOVE_WORDS = 3;

/** Records that are to be copied inside kernel memory. */
export class RecordMoves {
  readonly #room: Room;
  #words: Uint32Array = new Uint32Array(0);
  #count = 0;

  constructor(
    private readonly kernel: Kernel,
    memory: KernelMemory,
  ) {
    this.#room = new Room(memory);
  }

  /** Make room for so many; there must be none. */
  reserve(count: number): void {
    this.#room.reserve(4 * MOVE_WORDS * count);
    this.renew();
  }

  /** To be called when something was allocated, which may have moved the memory. */
  renew(): void {
    this.#words = this.#room.words;
  }

  /** @param bytes a multiple of 16, like the addresses */
  add(from: number, to: number, bytes: number): void {
    const move = this.#count++ * MOVE_WORDS;
    this.#words[move] = from;
    this.#words[move + 1] = to;
    this.#words[move + 2] = bytes;
  }

  /** Copy them all. */
  run(): void {
    this.kernel.copyRecords(this.#room.address, this.#count);
    this.#count = 0;
  }
}
