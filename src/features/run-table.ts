import { BITS, COUNT, LIMIT, RECORD_WORDS, RECORDS, SLOTS } from './token-layout.js';
import type { Numbers32, TokenMemory } from './token-memory.js';
import { RUN_NUMBERS } from './token-runs.js';

const LEAST_BITS = 10;
/** Below this size the table grows by a factor of 8. */
const FAST_GROWTH_BITS = 21;
/** Greatest share of slots in use. */
const MAX_LOAD = 0.75;
const MOST_BITS = 27;
const RECORD_BYTES = 4 * RECORD_WORDS;

/**
 * Runs of tokens of one length: (the run without its last token, that token) → node and rank, all numbers from 1.
 *
 * Records stand in the order in which the runs were learned, so that those of frequent runs are close together. They are found by
 * open addressing in slots of 4 bytes, 16 of which, a cache line, are compared at once.
 */
export class RunTable {
  private bits = LEAST_BITS;

  /** @param level index of the level's fields in the state */
  constructor(
    private readonly memory: TokenMemory,
    private readonly state: Numbers32,
    private readonly level: number,
  ) {
    this.open();
  }

  private get slotBytes(): number {
    return 4 * 2 ** this.bits;
  }

  /** The one that is not used included. */
  private get recordBytes(): number {
    return RECORD_BYTES * (1 + Math.floor(MAX_LOAD * 2 ** this.bits));
  }

  /** Take memory for as many slots as `bits` says, and for records. */
  private open(): void {
    const slots = this.memory.allocate(this.slotBytes);
    const records = this.memory.allocate(this.recordBytes);
    const { words } = this.state;
    words[this.level + SLOTS] = slots;
    words[this.level + BITS] = this.bits;
    words[this.level + LIMIT] = Math.floor(MAX_LOAD * 2 ** this.bits);
    words[this.level + RECORDS] = records;
  }

  /** Number of runs. */
  get count(): number {
    return this.state.words[this.level + COUNT];
  }

  /** Address of the level's fields. */
  get address(): number {
    return this.state.address + 4 * this.level;
  }

  /** In the order in which the runs were learned. Out of date as soon as anything is allocated. */
  get records(): Uint32Array {
    return this.recordsFrom(0, this.count);
  }

  private recordsFrom(first: number, count: number): Uint32Array {
    const address = this.state.words[this.level + RECORDS] + RECORD_BYTES * (1 + first);
    return new Uint32Array(this.memory.bytes.buffer, address, count * RECORD_WORDS);
  }

  /** Make room for so many more runs. @throws RangeError for more than can be told apart */
  reserve(more: number): void {
    const { count, bits: oldBits } = this;
    if (count + more <= MAX_LOAD * 2 ** oldBits) return;
    let bits = oldBits;
    while (count + more > MAX_LOAD * 2 ** bits)
      bits += bits < FAST_GROWTH_BITS ? Math.min(3, FAST_GROWTH_BITS - bits) : 1;
    if (bits > MOST_BITS) throw new RangeError(`more than ${count} combinations of tokens`);
    const { memory, slotBytes, recordBytes } = this;
    const { words } = this.state;
    const slots = words[this.level + SLOTS];
    const records = words[this.level + RECORDS];
    memory.free(slots, slotBytes);
    this.bits = bits;
    this.open();
    memory.bytes.copyWithin(this.state.words[this.level + RECORDS], records, records + RECORD_BYTES * (1 + count));
    memory.free(records, recordBytes);
    memory.kernel.placeRuns(this.address, 1, 1 + count);
  }

  /**
   * Put runs into the table, which has none of them.
   *
   * @param runs as `TokenRuns` describes those of a length
   * @param toFirst added to the beginnings, `toNode` to the places
   */
  fill(runs: Uint32Array, toFirst: number, toNode: number): void {
    const { memory } = this;
    const count = runs.length / RUN_NUMBERS;
    this.reserve(count);
    // They become records, which are longer, from the first one on: at the end of the room for these none is overwritten too early.
    const room = this.recordsFrom(this.count, count);
    const from = room.subarray(room.length - runs.length);
    from.set(runs);
    memory.kernel.fillRuns(this.address, from.byteOffset, count, toFirst, toNode);
  }
}
