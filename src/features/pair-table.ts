import { grown } from './numbering.js';

const LEAST_BITS = 10;
/** Below this size the table grows by a factor of 8. */
const FAST_GROWTH_BITS = 20;
/** Bits of a slot that hold a part of the pair's hash; the others hold its index + 1. */
const TAG_BITS = 6;
const TAG_MASK = (1 << TAG_BITS) - 1;
/** Greatest share of slots in use; tags make long searches cheap. */
const MAX_LOAD = 0.75;
const MOST_PAIRS = 2 ** (32 - TAG_BITS) - 2;

/** Words of a pair's record, which is 4 words long: its first and second number, its node, the user's mark. */
const RECORD_BITS = 2;
const SECOND = 1;
export const NODE = 2;
export const MARK = 3;

/**
 * (first, second) → node, all numbers from 1: the edges of the tree in which every run of tokens, or every combination of
 * items, is a node.
 *
 * Records lie in order of first appearance, so that frequent pairs are close together in memory. They are found by open
 * addressing with linear probing in slots of 4 bytes. Small slots keep most searches within what the processor's address
 * translation buffer covers.
 */
export class PairTable {
  /** Number of pairs. */
  count = 0;
  /** The first one is not used. Replaced when they grow. */
  records = new Uint32Array(4 << LEAST_BITS);
  private slots = new Uint32Array(1 << LEAST_BITS);
  private shift = 32 - LEAST_BITS;
  /** Hashes of the pairs of `findAll`. */
  private codes = new Int32Array(1 << 8);
  /** Keeps the compiler from leaving reads out. */
  protected sum = 0;

  /** First word of a pair's record; -1 when it is not in the table. */
  find(first: number, second: number): number {
    const { slots, records } = this;
    const mask = slots.length - 1;
    const code = hash(first, second);
    const tag = code & TAG_MASK;
    let place = code >>> this.shift;
    for (let slot = slots[place]; slot !== 0; slot = slots[place]) {
      if ((slot & TAG_MASK) === tag) {
        const record = (slot >>> TAG_BITS) << RECORD_BITS;
        if (records[record] === first && records[record + SECOND] === second) return record;
      }
      place = (place + 1) & mask;
    }
    return -1;
  }

  /**
   * Find the pairs firsts[i], seconds[i + 1] together: their cache misses overlap, which those of `find` do not.
   *
   * @param from first i; up to `end` - 1
   * @param found written: for each i what `find` gives
   */
  findAll(firsts: Uint32Array, seconds: Uint32Array, from: number, end: number, found: Int32Array): void {
    if (this.codes.length < end) this.codes = new Int32Array(end * 2);
    const { slots, records, codes, shift } = this;
    const mask = slots.length - 1;
    for (let i = from; i < end; i++) {
      const code = hash(firsts[i], seconds[i + 1]);
      codes[i] = code;
      found[i] = slots[code >>> shift];
    }
    let sum = 0;
    for (let i = from; i < end; i++) sum ^= records[((found[i] >>> TAG_BITS) << RECORD_BITS) | NODE];
    this.sum = sum;
    for (let i = from; i < end; i++) {
      const code = codes[i];
      const tag = code & TAG_MASK;
      let place = code >>> shift;
      let slot = found[i];
      let record = -1;
      while (slot !== 0) {
        if ((slot & TAG_MASK) === tag) {
          const candidate = (slot >>> TAG_BITS) << RECORD_BITS;
          if (records[candidate] === firsts[i] && records[candidate + SECOND] === seconds[i + 1]) {
            record = candidate;
            break;
          }
        }
        place = (place + 1) & mask;
        slot = slots[place];
      }
      found[i] = record;
    }
  }

  /** The node of a pair; 0 when it is not in the table. */
  get(first: number, second: number): number {
    const record = this.find(first, second);
    return record < 0 ? 0 : this.records[record + NODE];
  }

  /** Add a pair that is not in the table. @throws RangeError for more pairs than can be told apart */
  add(first: number, second: number, node: number, mark = 0): void {
    const record = (this.count + 1) << RECORD_BITS;
    if (record === this.records.length) this.records = grown(this.records, record + 1);
    const { records } = this;
    records[record] = first;
    records[record + SECOND] = second;
    records[record + NODE] = node;
    records[record + MARK] = mark;
    this.count++;
    if (this.count > this.slots.length * MAX_LOAD) this.grow();
    else this.place(this.count - 1, first, second);
  }

  first(i: number): number {
    return this.records[(i + 1) << RECORD_BITS];
  }

  second(i: number): number {
    return this.records[((i + 1) << RECORD_BITS) + SECOND];
  }

  node(i: number): number {
    return this.records[((i + 1) << RECORD_BITS) + NODE];
  }

  /** The nodes of all pairs. */
  nodes(): Uint32Array {
    const nodes = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) nodes[i] = this.node(i);
    return nodes;
  }

  /** Forget the pairs whose node is not kept. */
  keep(kept: Uint8Array): void {
    const { records } = this;
    this.slots.fill(0);
    let end = 0;
    for (let i = 0; i < this.count; i++) {
      const from = (i + 1) << RECORD_BITS;
      if (kept[records[from + NODE]] === 0) continue;
      const to = (end + 1) << RECORD_BITS;
      records[to] = records[from];
      records[to + SECOND] = records[from + SECOND];
      records[to + NODE] = records[from + NODE];
      records[to + MARK] = 0;
      this.place(end++, records[to], records[to + SECOND]);
    }
    this.count = end;
  }

  private place(i: number, first: number, second: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    const code = hash(first, second);
    let place = code >>> this.shift;
    while (slots[place] !== 0) place = (place + 1) & mask;
    slots[place] = ((i + 1) << TAG_BITS) | (code & TAG_MASK);
  }

  private grow(): void {
    if (this.count > MOST_PAIRS) throw new RangeError(`more than ${MOST_PAIRS} combinations`);
    const bits = 32 - this.shift;
    const more = bits < FAST_GROWTH_BITS ? Math.min(3, FAST_GROWTH_BITS - bits) : 1;
    this.slots = new Uint32Array(2 ** (bits + more));
    this.shift = 32 - bits - more;
    for (let i = 0; i < this.count; i++) this.place(i, this.first(i), this.second(i));
  }
}

/** Mixes two numbers; the high bits are the good ones (multipliers of MurmurHash3, Appleby 2011). */
function hash(first: number, second: number): number {
  let h = Math.imul(first, 0xcc9e2d51) ^ Math.imul((second << 16) | (second >>> 16), 0x1b873593);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
}
