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
  const wanted = Math.min(count, plan.rowCount);
  const starts = new Uint32Array(wanted);
  // A little more than the mean; grows when the rows turn out to be longer.
  let words = new Uint32Array(Math.ceil((ROOM * plan.bytes * wanted) / (4 * Math.max(1, plan.rowCount))));
  let length = 0;
  let taken = 0;
  let first = 0;
  const next = (): number => Math.floor((taken * plan.rowCount) / wanted);
  for (const segment of plan.shards.flatMap(({ segments }) => segments)) {
    const { address, rowCount, offset, bytes } = segment;
    if (taken < wanted && next() < first + rowCount) {
      const from = address < 0 ? new Uint32Array(bytes / 4) : memory.u32;
      if (address < 0) await spilled!.read(new Uint8Array(from.buffer), offset);
      const startOf =
        plan.starts === undefined
          ? startsOf(from, Math.max(0, address / 4), segment, plan.layout)
          : listed(memory.u32, plan.starts / 4 + first);
      for (; taken < wanted && next() < first + rowCount; taken++) {
        const start = startOf(next() - first);
        const size = recordWords(from, start, plan.layout);
        if (length + size > words.length) {
          const larger = new Uint32Array(Math.max(words.length * 2, length + size));
          larger.set(words);
          words = larger;
        }
        words.set(from.subarray(start, start + size), length);
        starts[taken] = length;
        length += size;
      }
    }
    first += rowCount;
  }
  return { words: words.subarray(0, length), starts };
}

/** The word at which each record of a list begins. */
function listed(words: Uint32Array, list: number): (row: number) => number {
  return (row) => words[list + row] / 4;
}
