import type { RowLayout } from '../features/rows.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { Sample } from './sampled-rows.js';
import { recordWords, type ShardPlan, startsOf } from './shards.js';
import type { SpilledRows } from './spill.js';

/** Words to begin with, in units of those that the sample takes if its rows are as long as the others. */
const ROOM = 1.05;

/** Copies of at most `count` rows, evenly spaced in the order of every pass. */
export async function sampleRows(
  plan: ShardPlan,
  memory: KernelMemory,
  spilled: SpilledRows | undefined,
  count: number,
): Promise<Sample> {
  const sampler = new RowSampler(plan, count);
  let first = 0;
  for (const segment of plan.shards.flatMap(({ segments }) => segments)) {
    const { address, rowCount, offset, bytes } = segment;
    if (sampler.next < first + rowCount) {
      const from = address < 0 ? new Uint32Array(bytes / 4) : memory.u32;
      if (address < 0) await spilled!.read(new Uint8Array(from.buffer), offset);
      const startOf =
        plan.starts === undefined
          ? startsOf(from, Math.max(0, address / 4), segment, plan.layout)
          : listed(memory.u32, plan.starts / 4 + first);
      sampler.take(from, first, rowCount, startOf);
    }
    first += rowCount;
  }
  return sampler.sample;
}

class RowSampler {
  readonly #rowCount: number;
  readonly #layout: RowLayout;
  readonly #starts: Uint32Array;
  #words: Uint32Array;
  #length = 0;
  #taken = 0;

  constructor({ rowCount, layout, bytes }: ShardPlan, count: number) {
    this.#rowCount = rowCount;
    this.#layout = layout;
    this.#starts = new Uint32Array(Math.min(count, rowCount));
    // A little more than the mean; grows when the rows turn out to be longer.
    this.#words = new Uint32Array(Math.ceil((ROOM * bytes * this.#starts.length) / (4 * Math.max(1, rowCount))));
  }

  /** The row to be taken next, infinite when there are enough. */
  get next(): number {
    const { length } = this.#starts;
    return this.#taken < length ? Math.floor((this.#taken * this.#rowCount) / length) : Number.POSITIVE_INFINITY;
  }

  /** Take what is wanted of rows first .. first + count - 1. */
  take(from: Uint32Array, first: number, count: number, startOf: (row: number) => number): void {
    for (let row = this.next; row < first + count; row = this.next) {
      const start = startOf(row - first);
      const size = recordWords(from, start, this.#layout);
      this.#reserve(size);
      this.#words.set(from.subarray(start, start + size), this.#length);
      this.#starts[this.#taken++] = this.#length;
      this.#length += size;
    }
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#words.length) return;
    const larger = new Uint32Array(Math.max(this.#words.length * 2, this.#length + size));
    larger.set(this.#words);
    this.#words = larger;
  }

  get sample(): Sample {
    return { words: this.#words.subarray(0, this.#length), starts: this.#starts };
  }
}

/** The word at which each record of a list begins. */
function listed(words: Uint32Array, list: number): (row: number) => number {
  return (row) => words[list + row] / 4;
}
