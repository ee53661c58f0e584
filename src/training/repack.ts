import { applyRemap } from '../features/encode.js';
import type { KernelMemory } from '../kernel/memory.js';
import { listStarts, recordWords, type Segment, type ShardPlan } from './shards.js';
import type { SpillStore } from './spill.js';

/**
 * Give the features of all rows other numbers, where they are; features that become `PADDING_FEATURE` leave the rows.
 *
 * @returns where the rows are afterwards; the plan that was given is no longer true
 */
export async function repack(
  plan: ShardPlan,
  remap: Uint32Array,
  memory: KernelMemory,
  spill: SpillStore | undefined,
): Promise<ShardPlan> {
  const starts = new Uint32Array(Math.max(...plan.shards.flatMap(({ segments }) => segments).map((s) => s.rowCount)));
  let bytes = 0;
  const repackSegment = async (segment: Segment): Promise<Segment> => {
    const inFile = segment.address < 0;
    const words = inFile ? new Uint32Array(segment.bytes / 4) : memory.u32;
    if (inFile) await spill!.rows.read(new Uint8Array(words.buffer), segment.offset);
    const first = inFile ? 0 : segment.address / 4;
    const listed = starts.subarray(0, segment.rowCount);
    listStarts(words, first, segment.rowCount, plan.layout, listed);
    applyRemap(words, listed, plan.layout, remap);
    let end = first;
    for (const start of listed) {
      const length = recordWords(words, start, plan.layout);
      words.copyWithin(end, start, start + length);
      end += length;
    }
    const left = (end - first) * 4;
    if (inFile) await spill!.write(new Uint8Array(words.buffer, 0, left), segment.offset);
    bytes += left;
    return { ...segment, bytes: left };
  };
  const shards = [];
  for (const { rowCount, segments } of plan.shards) {
    const repacked: Segment[] = [];
    for (const segment of segments) repacked.push(await repackSegment(segment));
    shards.push({ rowCount, segments: repacked });
  }
  return { ...plan, shards, bytes };
}
