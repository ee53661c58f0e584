import { headWords, type RowLayout, remappedLayout, SPARSE_HEADER_WORDS } from '../features/rows.js';
import { placeHead, replaceHead } from '../kernel/head.js';
import { otherWork } from '../other-work.js';
import type { Places, StagedRows } from './dataset.js';
import { repack } from './repack.js';
import { callRowsFor, type Segment, type Shard, type ShardPlan, shardBegin, shardCount } from './shards.js';

/** The plan for rows that stand where they belong. */
export async function arrangePlaced(
  staged: StagedRows,
  { address, stride, starts }: Places,
  remap: Uint32Array,
  signal?: AbortSignal,
): Promise<ShardPlan> {
  const { layout, rowCount, bytes } = staged;
  const count = shardCount(rowCount);
  const shards = Array.from({ length: count }, (_, shard): Shard => {
    const begin = shardBegin(shard, count, rowCount);
    const rows = shardBegin(shard + 1, count, rowCount) - begin;
    const segment = { rowCount: rows, address: address + begin * stride, offset: 0, stride, bytes: rows * stride };
    return { rowCount: rows, segments: [segment] };
  });
  signal?.throwIfAborted();
  const callRows = callRowsFor(bytes / rowCount);
  const maxGroups = mostGroups(layout, stride);
  const head = placeHead(staged.pool.memory, layout);
  const plan = { layout, shards, rowCount, callRows, head, maxGroups, starts, windowBytes: 0, bytes };
  return isIdentity(remap) ? plan : repack(plan, remap, staged.kernel, staged.pool.memory, undefined);
}

function isIdentity(remap: Uint32Array): boolean {
  return remap.every((final, provisional) => final === provisional);
}

/** Groups of features that a record of so many bytes has room for. */
function mostGroups(layout: RowLayout, recordBytes: number): number {
  if (layout.form === 'dense') return 0;
  return (recordBytes - (SPARSE_HEADER_WORDS + headWords(layout)) * 4) / 16;
}

/** Copies sparse rows from their buckets to where they will stand, all in kernel memory. */
export async function arrangeSparse(staged: StagedRows, remap: Uint32Array, signal?: AbortSignal): Promise<ShardPlan> {
  const { pool, layout, rowCount, kernel } = staged;
  const { bucketRows } = staged.buckets;
  const { memory } = pool;
  const head = placeHead(memory, layout, remap);
  const toTail = layout.form === 'sparse' ? 4 * (SPARSE_HEADER_WORDS + headWords(layout)) : 0;
  const table = memory.allocate(remap.length * 4, 64);
  memory.u32.set(remap, table / 4);
  const starts = memory.allocate(rowCount * 4, 64);
  const result = memory.allocate(8);
  memory.u32[result / 4 + 1] = 0;
  const writer = new ShardWriter(staged);
  for (let bucket = 0; bucket < staged.buckets.count; bucket++) {
    const list = starts + bucket * bucketRows * 4;
    for (const { address, bytes } of staged.buckets.chunks(bucket)) {
      kernel.listSparse(address, address + bytes, head, list);
    }
    const count = Math.min(bucketRows, rowCount - bucket * bucketRows);
    for (let row = 0; row < count; ) {
      const { open } = writer;
      const next = Math.min(count - row, writer.rowsLeft);
      const from = open.address + open.bytes;
      const end = kernel.remapSparse(list + row * 4, next, head, table, from, writer.chunkEnd, result);
      const { u32 } = memory;
      const moved = u32[result / 4];
      writer.advance(moved, (end >>> 0) - from);
      row += moved;
      if (moved < next) {
        const record = u32[list / 4 + row];
        writer.openChunk(toTail + u32[record / 4 + 1] * 16);
      }
    }
    staged.buckets.give(bucket);
    await otherWork();
    signal?.throwIfAborted();
  }
  const remapped = remappedLayout(layout, remap);
  replaceHead(memory, head, remapped);
  return { ...writer.finish(memory.u32[result / 4 + 1]), layout: remapped, head, starts };
}

/** Where records go, in visiting order, and what shards they are in. */
class ShardWriter {
  open = { address: 0, rowCount: 0, bytes: 0 };
  /** Behind the last byte that may be written. */
  chunkEnd = 0;
  readonly #shardCount: number;
  readonly #shards: Shard[] = [];
  #segments: Segment[] = [];
  #row = 0;
  #bytes = 0;
  #shardBegin = 0;
  #shardEnd: number;

  constructor(readonly staged: StagedRows) {
    this.#shardCount = shardCount(staged.rowCount);
    this.#shardEnd = shardBegin(1, this.#shardCount, staged.rowCount);
  }

  /** Rows of the present shard that are still to come. */
  get rowsLeft(): number {
    return this.#shardEnd - this.#row;
  }

  /** Begin a chunk that has room for a record of so many bytes. */
  openChunk(bytes: number): void {
    const { pool } = this.staged;
    this.#closeSegment();
    const address = pool.take(bytes, true)!;
    this.open = { address, rowCount: 0, bytes: 0 };
    this.chunkEnd = address + pool.sizeFor(bytes);
  }

  /** Records have been written at the end of the open segment. */
  advance(rows: number, bytes: number): void {
    this.open.rowCount += rows;
    this.open.bytes += bytes;
    this.#row += rows;
    this.#bytes += bytes;
    if (this.#row < this.#shardEnd) return;
    this.#closeSegment();
    this.#shards.push({ rowCount: this.#row - this.#shardBegin, segments: this.#segments });
    this.#segments = [];
    this.#shardBegin = this.#row;
    this.#shardEnd = shardBegin(this.#shards.length + 1, this.#shardCount, this.staged.rowCount);
  }

  #closeSegment(): void {
    const { address, rowCount, bytes } = this.open;
    if (rowCount > 0) this.#segments.push({ ...this.open, offset: 0, stride: 0 });
    this.open = { address: address + bytes, rowCount: 0, bytes: 0 };
  }

  finish(maxGroups: number): Omit<ShardPlan, 'head'> {
    const { layout, rowCount, bytes } = this.staged;
    const callRows = callRowsFor(bytes / rowCount);
    return { layout, shards: this.#shards, rowCount, callRows, maxGroups, windowBytes: 0, bytes: this.#bytes };
  }
}
