import type { ColumnBlock } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import type { Encoder } from '../features/encode.js';
import { grown } from '../features/numbering.js';
import type { RowLayout } from '../features/rows.js';
import type { KernelMemory } from '../kernel/memory.js';
import { ChunkPool } from './chunks.js';
import type { VisitingOrder } from './shuffle.js';
import type { SpillStore } from './spill.js';

/** Rows of a bucket take about this many bytes, more when there are too many buckets for the memory. */
const BUCKET_BYTES = 4 << 20;
const MOST_BUCKETS = 1024;

/** Word of a staged record that holds its place inside its bucket; of an arranged one 0. */
export function placeWord(layout: RowLayout): number {
  return layout.form === 'dense' ? 2 : 3;
}

/** Chunks of staged records. */
interface Chunk {
  readonly address: number;
  /** As it was taken. */
  readonly size: number;
  bytes: number;
}

export interface StagingOptions {
  readonly memory: KernelMemory;
  readonly layout: RowLayout;
  /** Rows that will come. */
  readonly rowCount: number;
  readonly order: VisitingOrder;
  /** Bytes of rows to hold in memory. */
  readonly limitBytes: number;
  /** Room for the others; called at most once. Without it everything stays in memory. */
  openSpill?(): Promise<SpillStore>;
}

/**
 * Encoded rows, as they come from the encoder, sorted roughly by where they will stand: each bucket holds the rows of a slice
 * of the visiting order. When memory is used up, all buckets move to disk.
 */
export class StagedRows {
  readonly pool: ChunkPool;
  readonly layout: RowLayout;
  readonly rowCount: number;
  /** Of all records. */
  bytes = 0;
  /** Rows of every bucket but the last. */
  bucketRows = 0;
  spill: SpillStore | undefined;
  readonly #order: VisitingOrder;
  readonly #options: StagingOptions;
  #buckets: Chunk[][] = [];
  #added = 0;
  #words = new Uint32Array(1 << 12);
  #starts = new Uint32Array(0);
  /** Kernel memory, as it was when a chunk was last taken. */
  #memory: Uint32Array = new Uint32Array(0);

  constructor(options: StagingOptions) {
    this.#options = options;
    this.pool = new ChunkPool(options.memory, options.openSpill ? options.limitBytes : Number.POSITIVE_INFINITY);
    this.layout = options.layout;
    this.rowCount = options.rowCount;
    this.#order = options.order;
  }

  get bucketCount(): number {
    return this.#buckets.length;
  }

  /**
   * Encode rows of a block and keep them.
   *
   * @param rows rows of the block
   * @param targets one per row, as `features/rows.ts` defines them
   * @param weights one per row, likewise; default: 1 each
   */
  async add(
    encoder: Encoder,
    block: ColumnBlock,
    rows: Uint32Array,
    targets: Float32Array,
    weights?: Float32Array,
  ): Promise<void> {
    if (rows.length === 0) return;
    if (this.#added + rows.length > this.rowCount) throw changed();
    const length = encoder.prepare(block, rows);
    if (this.#words.length < length) this.#words = new Uint32Array(length * 2);
    if (this.#starts.length < rows.length + 1) this.#starts = new Uint32Array(rows.length + 1);
    const words = this.#words;
    const starts = this.#starts;
    encoder.write(words, new Float32Array(words.buffer), 0, targets, starts, weights);
    starts[rows.length] = length;
    if (this.#buckets.length === 0) this.#openBuckets((length * 4) / rows.length);
    const tag = placeWord(this.layout);
    for (let row = 0; row < rows.length; row++) {
      const position = this.#order(this.#added++);
      const bucket = Math.floor(position / this.bucketRows);
      words[starts[row] + tag] = position - bucket * this.bucketRows;
      if (!this.#append(bucket, starts[row], starts[row + 1])) {
        await this.#spillAll();
        if (!this.#append(bucket, starts[row], starts[row + 1], true)) throw new Error('no chunk for a row');
      }
    }
    this.bytes += length * 4;
  }

  #openBuckets(rowBytes: number): void {
    const room = this.#options.openSpill
      ? Math.floor(this.#options.limitBytes / (4 * this.pool.chunkBytes))
      : MOST_BUCKETS;
    const wanted = Math.ceil((this.rowCount * rowBytes) / BUCKET_BYTES);
    const count = Math.max(1, Math.min(wanted, room, MOST_BUCKETS));
    this.bucketRows = Math.ceil(this.rowCount / count);
    this.#buckets = Array.from({ length: Math.ceil(this.rowCount / this.bucketRows) }, () => []);
  }

  /** @returns whether there was room */
  #append(bucket: number, begin: number, end: number, force = false): boolean {
    const chunks = this.#buckets[bucket];
    const bytes = (end - begin) * 4;
    let chunk: Chunk | undefined = chunks[chunks.length - 1];
    if (chunk === undefined || chunk.bytes + bytes > chunk.size) {
      const address = this.pool.take(bytes, force);
      if (address === undefined) return false;
      chunk = { address, size: this.pool.sizeFor(bytes), bytes: 0 };
      chunks.push(chunk);
      this.#memory = this.pool.memory.u32;
    }
    const u32 = this.#memory;
    const words = this.#words;
    const to = (chunk.address + chunk.bytes) / 4 - begin;
    if (end - begin > 64) u32.set(words.subarray(begin, end), to + begin);
    else for (let i = begin; i < end; i++) u32[to + i] = words[i];
    chunk.bytes += bytes;
    return true;
  }

  async #spillAll(): Promise<void> {
    this.spill ??= await this.#options.openSpill!();
    const { buffer } = this.pool.memory.memory;
    for (const [bucket, chunks] of this.#buckets.entries()) {
      if (chunks.length === 0) continue;
      await this.spill.append(
        bucket,
        chunks.map(({ address, bytes }) => new Uint8Array(buffer, address, bytes)),
      );
      for (const { address, size } of chunks) this.pool.give(address, size);
      chunks.length = 0;
    }
  }

  /** To be called once when all rows have been added. */
  async close(): Promise<void> {
    if (this.#added !== this.rowCount) throw changed();
    if (this.spill !== undefined) await this.#spillAll();
  }

  /**
   * The records of a bucket in any order; it is empty afterwards.
   *
   * @param words from an earlier call, to be used again if it is long enough
   */
  async takeBucket(bucket: number, words: Uint32Array<ArrayBuffer>): Promise<Uint32Array<ArrayBuffer>> {
    if (this.spill !== undefined) {
      const bytes = await this.spill.takeBucket(bucket);
      return new Uint32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 4);
    }
    const chunks = this.#buckets[bucket];
    const length = chunks.reduce((sum, { bytes }) => sum + bytes / 4, 0);
    const copy = grown(words, length);
    const { u32 } = this.pool.memory;
    let end = 0;
    for (const { address, bytes, size } of chunks) {
      copy.set(u32.subarray(address / 4, (address + bytes) / 4), end);
      end += bytes / 4;
      this.pool.give(address, size);
    }
    chunks.length = 0;
    return copy;
  }
}

function changed(): InvalidInput {
  return new InvalidInput('the data changed while it was read', {
    hint: 'train again when nobody writes to it, or on a copy',
  });
}
