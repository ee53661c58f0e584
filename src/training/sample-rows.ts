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
  const copies = new Copies(plan, Math.min(count, plan.rowCount));
  let first = 0;
  for (const segment of plan.shards.flatMap(({ segments }) => segments)) {
    const { address, rowCount, offset, bytes } = segment;
    if (copies.next() < first + rowCount) {
      const from = address < 0 ? new Uint32Array(bytes / 4) : memory.u32;
      if (address < 0) await spilled!.read(new Uint8Array(from.buffer), offset);
      const startOf =
        plan.starts === undefined
          ? startsOf(from, Math.max(0, address / 4), segment, plan.layout)
          : listed(memory.u32, plan.starts / 4 + first);
      copies.add(from, startOf, first, rowCount);
    }
    first += rowCount;
  }
  return copies.sample();
}

/** Records that have been copied, one behind the other. */
class Copies {
  readonly #starts: Uint32Array;
  #words: Uint32Array;
  #length = 0;
  #taken = 0;

  constructor(
    readonly plan: ShardPlan,
    wanted: number,
  ) {
    this.#starts = new Uint32Array(wanted);
    // A little more than the mean; grows when the rows turn out to be longer.
    this.#words = new Uint32Array(Math.ceil((ROOM * plan.bytes * wanted) / (4 * Math.max(1, plan.rowCount))));
  }

  /** The next row to be copied, by its place in a pass; infinite after the last. */
  next(): number {
    const wanted = this.#starts.length;
    return this.#taken < wanted ? Math.floor((this.#taken * this.plan.rowCount) / wanted) : Number.POSITIVE_INFINITY;
  }

  /** Copy what is wanted of the rows `first` .. `first + rowCount`, of which `startOf` tells the words they begin at. */
  add(from: Uint32Array, startOf: (row: number) => number, first: number, rowCount: number): void {
    for (let row = this.next(); row < first + rowCount; row = this.next()) {
      const start = startOf(row - first);
      this.#copy(from.subarray(start, start + recordWords(from, start, this.plan.layout)));
    }
  }

  #copy(record: Uint32Array): void {
    const end = this.#length + record.length;
    if (end > this.#words.length) {
      const larger = new Uint32Array(Math.max(this.#words.length * 2, end));
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words.set(record, this.#length);
    this.#starts[this.#taken++] = this.#length;
    this.#length = end;
  }

  sample(): Sample {
    return { words: this.#words.subarray(0, this.#length), starts: this.#starts };
  }
}

/** The word at which each record of a list begins. */
function listed(words: Uint32Array, list: number): (row: number) => number {
  return (row) => words[list + row] / 4;
}
