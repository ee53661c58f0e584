import { applyRemap } from '../features/encode.js';
import { type RowLayout, remappedLayout } from '../features/rows.js';
import { placeHead, replaceHead } from '../kernel/head.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import { recordWords, type Segment, type ShardPlan, startsOf } from './shards.js';
import type { SpillStore } from './spill.js';

/** Rows that are given other numbers at a time; the engine goes on with faster code of a kernel only when it is called again. */
const ROWS_PER_CALL = 4096;

/**
 * Give the features of all rows other numbers, where they are; features that become `PADDING_FEATURE` leave the rows.
 *
 * @returns where the rows are afterwards; the plan that was given is no longer true
 */
export async function repack(
  plan: ShardPlan,
  remap: Uint32Array,
  kernel: Kernel,
  memory: KernelMemory,
  spill: SpillStore | undefined,
): Promise<ShardPlan> {
  const all = plan.shards.flatMap(({ segments }) => segments);
  const mark = memory.mark();
  const resident = all.filter(({ address }) => address >= 0);
  const inKernel =
    plan.layout.form === 'sparse' && resident.length > 0
      ? new KernelRepacker(kernel, memory, plan.layout, remap, resident)
      : undefined;
  let bytes = 0;
  let row = 0;
  const repackSegment = async (segment: Segment): Promise<Segment> => {
    const inFile = segment.address < 0;
    if (!inFile && inKernel !== undefined) {
      const list = plan.starts && plan.starts + row * 4;
      return { ...segment, bytes: segment.stride > 0 ? inKernel.remapPlaced(segment) : inKernel.repack(segment, list) };
    }
    const words = inFile ? new Uint32Array(segment.bytes / 4) : memory.u32;
    if (inFile) await spill!.rows.read(new Uint8Array(words.buffer), segment.offset);
    const first = inFile ? 0 : segment.address / 4;
    const startOf =
      plan.starts === undefined
        ? startsOf(words, first, segment, plan.layout)
        : (i: number): number => words[plan.starts! / 4 + row + i] / 4;
    const listed = Uint32Array.from({ length: segment.rowCount }, (_, i) => i).map(startOf);
    applyRemap(words, listed, plan.layout, remap);
    if (plan.layout.form === 'dense' && !inFile) return segment;
    let end = first;
    for (const start of listed) {
      const length = recordWords(words, start, plan.layout);
      words.copyWithin(end, start, start + length);
      end += length;
    }
    const left = (end - first) * 4;
    if (inFile) await spill!.write(new Uint8Array(words.buffer, 0, left), segment.offset);
    return { ...segment, bytes: left };
  };
  const shards = [];
  for (const { rowCount, segments } of plan.shards) {
    const repacked: Segment[] = [];
    for (const segment of segments) {
      repacked.push(await repackSegment(segment));
      row += segment.rowCount;
    }
    for (const segment of repacked) bytes += segment.bytes;
    shards.push({ rowCount, segments: repacked });
  }
  memory.release(mark);
  const layout = remappedLayout(plan.layout, remap);
  replaceHead(memory, plan.head, layout);
  return { ...plan, layout, shards, bytes };
}

/** Gives other numbers to the features of the sparse records of a segment. */
class KernelRepacker {
  readonly #table: number;
  readonly #head: number;
  readonly #list: number;
  readonly #result: number;

  constructor(
    readonly kernel: Kernel,
    readonly memory: KernelMemory,
    layout: RowLayout,
    remap: Uint32Array,
    segments: readonly Segment[],
  ) {
    this.#table = memory.allocate(remap.length * 4, 64);
    this.#head = placeHead(memory, layout, remap);
    const moving = segments.filter(({ stride }) => stride === 0);
    this.#list = memory.allocate(4 * Math.max(0, ...moving.map(({ rowCount }) => rowCount)), 64);
    this.#result = memory.allocate(8);
    memory.u32.set(remap, this.#table / 4);
  }

  /** Where they are. @returns their bytes, as before */
  remapPlaced({ address, rowCount, stride, bytes }: Segment): number {
    for (let row = 0; row < rowCount; row += ROWS_PER_CALL) {
      const count = Math.min(ROWS_PER_CALL, rowCount - row);
      this.kernel.remapPlaced(address + row * stride, count, stride, this.#head, this.#table);
    }
    return bytes;
  }

  /**
   * Towards the first of them, so that they are close again: none grows.
   *
   * @param list u32[rowCount], written: where they are afterwards
   * @returns bytes that are left
   */
  repack({ address, rowCount, bytes }: Segment, list = this.#list): number {
    const { kernel, memory } = this;
    memory.u32.fill(0, this.#result / 4, this.#result / 4 + 2);
    kernel.listFollowing(address, rowCount, this.#head, list);
    const end = address + bytes;
    return (kernel.remapSparse(list, rowCount, this.#head, this.#table, address, end, this.#result) >>> 0) - address;
  }
}
