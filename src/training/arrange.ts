import { applyRemap } from '../features/encode.js';
import { type RowLayout, remappedLayout } from '../features/rows.js';
import { placeHead } from '../kernel/head.js';
import { otherWork } from '../other-work.js';
import { arrangePlaced, arrangeSparse } from './arrange-memory.js';
import type { StagedRows } from './dataset.js';
import { placeWord } from './row-buckets.js';
import {
  callRowsFor,
  closeStride,
  recordWords,
  type Segment,
  type Shard,
  type ShardPlan,
  shardBegin,
  shardCount,
} from './shards.js';

/**
 * Put staged rows in visiting order, give their features the final numbers and cut them in shards.
 *
 * Where rows were spilled, part of each shard stays in memory, as far as there is room beside the windows that the others are
 * read into; which part does not matter to what is learned.
 *
 * @param remap provisional feature → final feature
 * @param threads that will train; each has two calls' rows of the spill file in memory at a time
 */
export async function arrange(
  staged: StagedRows,
  remap: Uint32Array,
  threads: number,
  signal?: AbortSignal,
): Promise<ShardPlan> {
  await staged.close();
  if (staged.placed !== undefined) return arrangePlaced(staged, staged.placed, remap, signal);
  if (staged.spill === undefined && staged.layout.form === 'sparse') return arrangeSparse(staged, remap, signal);
  return arrangeSpilled(staged, remap, threads, signal);
}

async function arrangeSpilled(
  staged: StagedRows,
  remap: Uint32Array,
  threads: number,
  signal?: AbortSignal,
): Promise<ShardPlan> {
  const { layout, rowCount, buckets } = staged;
  const { bucketRows } = buckets;
  const writer = new SegmentWriter(staged, threads);
  const tag = placeWord(layout);
  for (let bucket = 0; bucket < staged.buckets.count; bucket++) {
    const words = await staged.buckets.takeSpilled(bucket);
    const count = Math.min(bucketRows, rowCount - bucket * bucketRows);
    const starts = new Uint32Array(count);
    for (let row = 0, start = 0; row < count; row++) {
      starts[words[start + tag]] = start;
      words[start + tag] = 0;
      start += recordWords(words, start, layout);
    }
    applyRemap(words, starts, layout, remap);
    await writer.add(words, starts);
    await otherWork();
    signal?.throwIfAborted();
  }
  return writer.finish(remap);
}

/** A segment that is being written. */
interface OpenSegment {
  readonly address: number;
  rowCount: number;
  bytes: number;
}

/** Writes records, given in visiting order, to memory or to the spill file. */
class SegmentWriter {
  readonly #layout: RowLayout;
  readonly #stride: number;
  readonly #shardCount: number;
  readonly #callRows: number;
  /** Share of the calls whose rows stay in memory, 0 .. 1. */
  readonly #residentShare: number;
  readonly #shards: Shard[] = [];
  #segments: Segment[] = [];
  #row = 0;
  /** First row of the present shard, and of the next. */
  #shardBegin = 0;
  #shardEnd: number;
  #maxGroups = 0;
  #windowBytes = 0;
  #bytes = 0;
  #fileBytes = 0;
  #open: OpenSegment | undefined;
  /** End of the chunk being filled, and its bytes that are not used. */
  #chunkEnd = 0;
  #chunkRest = 0;
  /** Kernel memory, as it was when a chunk was last taken. */
  #memory: Uint32Array = new Uint32Array(0);
  /** Records of the present call, when it goes to the file. */
  #batch = new Uint32Array(1 << 16);
  #batchWords = 0;
  #batchRows = 0;

  constructor(
    readonly staged: StagedRows,
    threads: number,
  ) {
    this.#layout = staged.layout;
    this.#stride = closeStride(staged.layout);
    this.#shardCount = shardCount(staged.rowCount);
    this.#shardEnd = shardBegin(1, this.#shardCount, staged.rowCount);
    const rowBytes = staged.bytes / staged.rowCount;
    this.#callRows = callRowsFor(rowBytes);
    // A call's rows may take twice the mean, and chunks are not filled to the end.
    const windows = 2 * Math.min(threads, this.#shardCount);
    const room = staged.pool.limitBytes - windows * 2 * this.#callRows * rowBytes;
    this.#residentShare = Math.max(0, Math.min(1, (0.8 * room) / staged.bytes));
  }

  async add(words: Uint32Array, starts: Uint32Array): Promise<void> {
    for (let i = 0; i < starts.length; i++) {
      const length = recordWords(words, starts[i], this.#layout);
      if (this.#layout.form === 'sparse') this.#maxGroups = Math.max(this.#maxGroups, words[starts[i] + 1]);
      if (this.#inMemory()) this.#keep(words, starts[i], length);
      else this.#batchRecord(words, starts[i], length);
      this.#bytes += length * 4;
      this.#row++;
      if (this.#row === this.#shardEnd) await this.#closeShard();
      else if (this.#batchRows === this.#callRows) await this.#writeBatch();
    }
  }

  /** Whether the rows of the present call stay in memory: spread evenly over the shard. */
  #inMemory(): boolean {
    const call = Math.floor((this.#row - this.#shardBegin) / this.#callRows);
    return Math.floor((call + 1) * this.#residentShare) > Math.floor(call * this.#residentShare);
  }

  #keep(words: Uint32Array, start: number, length: number): void {
    const { pool } = this.staged;
    let open = this.#open;
    if (open === undefined || open.address + open.bytes + length * 4 > this.#chunkEnd) {
      this.#closeSegment();
      let address = this.#chunkEnd - this.#chunkRest;
      if (this.#chunkRest < length * 4) {
        address = pool.take(length * 4, true)!;
        this.#chunkEnd = address + pool.sizeFor(length * 4);
        this.#memory = pool.memory.u32;
      }
      open = { address, rowCount: 0, bytes: 0 };
      this.#open = open;
    }
    const u32 = this.#memory;
    const to = (open.address + open.bytes) / 4;
    if (length > 64) u32.set(words.subarray(start, start + length), to);
    else for (let i = 0; i < length; i++) u32[to + i] = words[start + i];
    open.rowCount++;
    open.bytes += length * 4;
    this.#chunkRest = this.#chunkEnd - open.address - open.bytes;
  }

  #closeSegment(): void {
    if (this.#open !== undefined) this.#segments.push({ ...this.#open, offset: 0, stride: this.#stride });
    this.#open = undefined;
  }

  #batchRecord(words: Uint32Array, start: number, length: number): void {
    this.#closeSegment();
    if (this.#batchWords + length > this.#batch.length) {
      const larger = new Uint32Array(Math.max(this.#batch.length * 2, this.#batchWords + length));
      larger.set(this.#batch);
      this.#batch = larger;
    }
    this.#batch.set(words.subarray(start, start + length), this.#batchWords);
    this.#batchWords += length;
    this.#batchRows++;
  }

  async #writeBatch(): Promise<void> {
    if (this.#batchRows === 0) return;
    const bytes = this.#batchWords * 4;
    await this.staged.spill!.write(new Uint8Array(this.#batch.buffer, 0, bytes), this.#fileBytes);
    const place = { address: -1, offset: this.#fileBytes, stride: this.#stride };
    this.#segments.push({ ...place, rowCount: this.#batchRows, bytes });
    this.#fileBytes += bytes;
    this.#windowBytes = Math.max(this.#windowBytes, bytes);
    this.#batchWords = 0;
    this.#batchRows = 0;
  }

  async #closeShard(): Promise<void> {
    this.#closeSegment();
    await this.#writeBatch();
    this.#shards.push({ rowCount: this.#row - this.#shardBegin, segments: this.#segments });
    this.#segments = [];
    this.#shardBegin = this.#shardEnd;
    this.#shardEnd = shardBegin(this.#shards.length + 1, this.#shardCount, this.staged.rowCount);
  }

  finish(remap: Uint32Array): ShardPlan {
    const layout = remappedLayout(this.#layout, remap);
    return {
      layout,
      head: placeHead(this.staged.pool.memory, layout),
      shards: this.#shards,
      rowCount: this.#row,
      callRows: this.#callRows,
      maxGroups: this.#maxGroups,
      windowBytes: this.#windowBytes,
      bytes: this.#bytes,
    };
  }
}
