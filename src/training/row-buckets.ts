import type { RowLayout } from '../features/rows.js';
import type { ChunkPool } from './chunks.js';
import type { RecordMoves } from './record-moves.js';
import { recordWords } from './shards.js';
import type { VisitingOrder } from './shuffle.js';
import type { SpillStore } from './spill.js';

/** Rows of a bucket take about this many bytes, more when there are too many buckets for the memory. */
const BUCKET_BYTES = 4 << 20;
const MOST_BUCKETS = 1024;

/** Word of a staged record that holds its place inside its bucket; of an arranged one 0. */
export function placeWord(layout: RowLayout): number {
  return layout.form === 'dense' ? 2 : 3;
}

/** Staged records, one behind the other. */
export interface Chunk {
  readonly address: number;
  /** As it was taken. */
  readonly size: number;
  bytes: number;
}

/**
 * Records sorted roughly by where they will stand: each bucket holds those of a slice of the visiting order. When memory is used
 * up, all buckets move to disk.
 */
export class RowBuckets {
  /** Rows of every bucket but the last. */
  bucketRows = 0;
  spill: SpillStore | undefined;
  #buckets: Chunk[][] = [];

  /** @param openSpill room for what is too much for the pool; called at most once */
  constructor(
    private readonly pool: ChunkPool,
    private readonly moves: RecordMoves,
    private readonly layout: RowLayout,
    private readonly rowCount: number,
    private readonly openSpill: (() => Promise<SpillStore>) | undefined,
  ) {}

  get count(): number {
    return this.#buckets.length;
  }

  /** The chunks with the records of a bucket in memory, in any order. */
  chunks(bucket: number): readonly Chunk[] {
    return this.#buckets[bucket];
  }

  /** @param rowBytes of a record on average */
  #open(rowBytes: number): void {
    const room = this.openSpill ? Math.floor(this.pool.limitBytes / (4 * this.pool.chunkBytes)) : MOST_BUCKETS;
    const wanted = Math.ceil((this.rowCount * rowBytes) / BUCKET_BYTES);
    const count = Math.max(1, Math.min(wanted, room, MOST_BUCKETS));
    this.bucketRows = Math.ceil(this.rowCount / count);
    this.#buckets = Array.from({ length: Math.ceil(this.rowCount / this.bucketRows) }, () => []);
  }

  /**
   * Copy records to their buckets.
   *
   * @param starts words at which they begin in kernel memory
   * @param first row of the first record, in the order of the data
   * @param rowBytes of a record on average
   */
  async add(starts: Uint32Array, count: number, first: number, order: VisitingOrder, rowBytes: number): Promise<void> {
    if (this.#buckets.length === 0) this.#open(rowBytes);
    const { moves, layout, bucketRows } = this;
    const tag = placeWord(layout);
    let { u32 } = this.pool.memory;
    for (let row = 0; row < count; row++) {
      const position = order(first + row);
      const bucket = Math.floor(position / bucketRows);
      const bytes = recordWords(u32, starts[row], layout) * 4;
      u32[starts[row] + tag] = position - bucket * bucketRows;
      let chunk = this.#lastChunk(bucket, bytes);
      if (chunk === undefined) {
        moves.run();
        await this.spillAll();
        chunk = this.#lastChunk(bucket, bytes, true)!;
      }
      if (chunk.bytes === 0) {
        // Taking a chunk may have moved the memory.
        u32 = this.pool.memory.u32;
        moves.renew();
      }
      moves.add(starts[row] * 4, chunk.address + chunk.bytes, bytes);
      chunk.bytes += bytes;
    }
    moves.run();
  }

  /** The chunk that so many bytes of a bucket go to; undefined when there is no room. */
  #lastChunk(bucket: number, bytes: number, force = false): Chunk | undefined {
    const chunks = this.#buckets[bucket];
    const last: Chunk | undefined = chunks[chunks.length - 1];
    if (last !== undefined && last.bytes + bytes <= last.size) return last;
    const address = this.pool.take(bytes, force);
    if (address === undefined) return undefined;
    const chunk = { address, size: this.pool.sizeFor(bytes), bytes: 0 };
    chunks.push(chunk);
    return chunk;
  }

  /** All that is in memory moves to disk. */
  async spillAll(): Promise<void> {
    this.spill ??= await this.openSpill!();
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

  /** The records of a bucket of the spill file, in any order; it is empty afterwards. */
  async takeSpilled(bucket: number): Promise<Uint32Array> {
    const { buffer, byteOffset, byteLength } = await this.spill!.takeBucket(bucket);
    return new Uint32Array(buffer, byteOffset, byteLength / 4);
  }

  /** The records of a bucket in memory are not needed any more. */
  give(bucket: number): void {
    for (const { address, size } of this.#buckets[bucket]) this.pool.give(address, size);
    this.#buckets[bucket] = [];
  }
}
