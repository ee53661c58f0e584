import { COUNT, ENTRIES, ENTRY_WORDS, LIMIT, SHIFT } from './token-layout.js';
import type { Numbers32, TokenMemory } from './token-memory.js';

const LEAST_BITS = 10;
/** Below this size the table grows by a factor of 8. */
const FAST_GROWTH_BITS = 20;
/** Greatest share of entries in use. */
const MAX_LOAD = 0.7;
const MOST_BITS = 27;

/**
 * Runs of tokens of one length: (the run without its last token, that token) → node and rank, all numbers from 1.
 *
 * Open addressing with linear probing from the first of the four entries of a cache line on, which are compared at once. Finding
 * a run and counting it mostly touches that line only; the home of a pair ascends with its hash, so that what rewrites the table
 * goes through memory in order.
 */
export class RunTable {
  private bits = LEAST_BITS;

  /** @param level index of the level's fields in the state */
  constructor(
    private readonly memory: TokenMemory,
    private readonly state: Numbers32,
    private readonly level: number,
  ) {
    this.open(memory.allocate(2 ** LEAST_BITS * 4 * ENTRY_WORDS));
  }

  private open(address: number): void {
    const { words } = this.state;
    words[this.level + ENTRIES] = address;
    words[this.level + SHIFT] = 32 - this.bits;
    words[this.level + LIMIT] = Math.floor(MAX_LOAD * 2 ** this.bits);
  }

  /** Number of runs. */
  get count(): number {
    return this.state.words[this.level + COUNT];
  }

  /** Address of the level's fields. */
  get address(): number {
    return this.state.address + 4 * this.level;
  }

  /** Out of date as soon as anything is allocated. */
  get entries(): Uint32Array {
    const { buffer } = this.memory.bytes;
    return new Uint32Array(buffer, this.state.words[this.level + ENTRIES], 2 ** this.bits * ENTRY_WORDS);
  }

  /** Make room for so many more runs. @throws RangeError for more than can be told apart */
  reserve(more: number): void {
    const { count, bits: oldBits } = this;
    if (count + more <= MAX_LOAD * 2 ** oldBits) return;
    let bits = oldBits;
    while (count + more > MAX_LOAD * 2 ** bits)
      bits += bits < FAST_GROWTH_BITS ? Math.min(3, FAST_GROWTH_BITS - bits) : 1;
    if (bits > MOST_BITS) throw new RangeError(`more than ${count} combinations of tokens`);
    const { memory } = this;
    const old = this.state.words[this.level + ENTRIES];
    const oldBytes = 2 ** oldBits * 4 * ENTRY_WORDS;
    const address = memory.allocate(2 ** bits * 4 * ENTRY_WORDS);
    this.bits = bits;
    this.open(address);
    memory.kernel.placeRuns(this.address, old, old + oldBytes);
    memory.free(old, oldBytes);
  }

  /**
   * Put runs into the table, which has none of them.
   *
   * @param write is given the room for their entries, all 0
   */
  fill(count: number, write: (entries: Uint32Array) => void): void {
    this.reserve(count);
    const { memory } = this;
    const bytes = count * 4 * ENTRY_WORDS;
    const address = memory.allocate(bytes);
    write(new Uint32Array(memory.bytes.buffer, address, count * ENTRY_WORDS));
    memory.kernel.placeRuns(this.address, address, address + bytes);
    memory.free(address, bytes);
    this.state.words[this.level + COUNT] += count;
  }
}
