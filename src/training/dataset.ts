import type { ColumnBlock } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import { DenseEncoder, type DensePlan, denseWorkBytes } from '../features/dense-encoder.js';
import type { Encoder } from '../features/encode.js';
import type { RowLayout } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import { ChunkPool, Room } from './chunks.js';
import type { DenseThreads } from './dense-threads.js';
import { closeStride } from './shards.js';
import type { VisitingOrder } from './shuffle.js';
import type { SpillStore } from './spill.js';

/** Rows of a bucket take about this many bytes, more when there are too many buckets for the memory. */
const BUCKET_BYTES = 4 << 20;
const MOST_BUCKETS = 1024;
/** Least share of their room that records fill on average where each has the same room. */
const LEAST_FILL = 0.75;

/** Word of a staged record that holds its place inside its bucket; of an arranged one 0. */
export function placeWord(layout: RowLayout): number {
  return layout.form === 'dense' ? 2 : 3;
}

/** Where rows stand in visiting order. */
export interface Places {
  /** Of the first row. */
  readonly address: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** Staged records, one behind the other. */
export interface Chunk {
  readonly address: number;
  /** As it was taken. */
  readonly size: number;
  bytes: number;
}

export interface StagingOptions {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
  readonly layout: RowLayout;
  /** Rows that will come. */
  readonly rowCount: number;
  readonly order: VisitingOrder;
  /** Bytes of rows to hold in memory. */
  readonly limitBytes: number;
  /** The same for rows that go to disk for lack of room; default `limitBytes`. */
  readonly spillBytes?: number;
  /** Threads to encode dense rows with, whose blocks stay as they are; absent: everything in this thread. */
  openThreads?(plan: DensePlan): DenseThreads;
  /** Where all rows stand already; default: they are to be added. */
  readonly placed?: Places;
  /** Room for the others; called at most once. Without it everything stays in memory. */
  openSpill?(): Promise<SpillStore>;
}

/** Words of a move of `copyRecords`. */
const MOVE_WORDS = 3;

/**
 * Encoded rows, as they come from the encoder. Rows of about the same length that fit in memory stand where they belong at once.
 * Others are sorted roughly by where they will stand: each bucket holds the rows of a slice of the visiting order. When memory is
 * used up, all buckets move to disk.
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
  /** Where all rows stand in visiting order; undefined when they are sorted into buckets. */
  placed: Places | undefined;
  readonly #order: VisitingOrder;
  readonly #options: StagingOptions;
  #buckets: Chunk[][] = [];
  #added = 0;
  /** Records of one block, in kernel memory, and what is to be moved where. */
  #block: Room;
  #moves: Room;
  #moveCount = 0;
  #starts = new Uint32Array(0);
  #dense: DenseEncoder | undefined;
  /** Addresses of the rows of one block, behind the numbers that they are worked out from. */
  #places: Room;
  #threads: DenseThreads | undefined;
  /** Bytes of rows that may stand where they belong. */
  readonly #placedLimit: number;

  constructor(options: StagingOptions) {
    const { memory, layout, rowCount, openSpill } = options;
    const limitBytes = openSpill ? options.limitBytes : Number.POSITIVE_INFINITY;
    this.#options = options;
    this.pool = new ChunkPool(memory, openSpill ? (options.spillBytes ?? limitBytes) : limitBytes);
    this.layout = layout;
    this.rowCount = rowCount;
    this.#order = options.order;
    this.#block = new Room(memory);
    this.#moves = new Room(memory);
    this.#places = new Room(memory);
    this.#placedLimit = limitBytes;
    if (options.placed !== undefined) this.#adopt(options.placed);
    else if (layout.form === 'dense') this.#choosePlaces(closeStride(layout), closeStride(layout));
  }

  #adopt(places: Places): void {
    this.placed = places;
    this.#added = this.rowCount;
    this.bytes = this.rowCount * places.stride;
  }

  /** All rows have been added. */
  get isComplete(): boolean {
    return this.#added === this.rowCount;
  }

  get kernel(): Kernel {
    return this.#options.kernel;
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
    if (this.placed !== undefined && this.layout.form === 'dense') {
      await this.#encodePlaced(encoder, this.placed, block, rows, targets, weights);
      return;
    }
    const { memory } = this.pool;
    const length = encoder.prepare(block, rows);
    if (this.#added === 0 && this.layout.form === 'sparse') {
      this.#choosePlaces(encoder.mostWords * 4, (length * 4) / rows.length);
    }
    const first = this.#block.reserve(length * 4) / 4;
    this.#moves.reserve(rows.length * MOVE_WORDS * 4);
    if (this.#starts.length < rows.length + 1) this.#starts = new Uint32Array(rows.length + 1);
    const starts = this.#starts;
    encoder.write(memory.u32, memory.f32, first, targets, starts, weights);
    starts[rows.length] = first + length;
    if (this.placed === undefined) await this.#sort(rows.length, (length * 4) / rows.length);
    else this.#place(rows.length, this.placed);
    this.#move();
    this.bytes += length * 4;
  }

  #choosePlaces(stride: number, rowBytes: number): void {
    const bytes = this.rowCount * stride;
    if (rowBytes < LEAST_FILL * stride || bytes > this.#placedLimit) return;
    this.placed = { address: this.pool.memory.allocate(bytes, 64), stride };
  }

  /** Encode dense rows where they will stand. */
  async #encodePlaced(
    encoder: Encoder,
    where: Places,
    block: ColumnBlock,
    rows: Uint32Array,
    targets: Float32Array,
    weights: Float32Array | undefined,
  ): Promise<void> {
    const plan = encoder.densePlan!;
    this.bytes += rows.length * where.stride;
    this.#threads ??= this.#options.openThreads?.(plan);
    if (this.#threads !== undefined) {
      const columns = new Map(plan.columns.map(({ attribute }) => [attribute, block.columns.get(attribute)!]));
      const places = this.#placesOf(rows.length, where).slice();
      await this.#threads.encode({ block: { columns, source: block.source }, rows, places, targets, weights });
      return;
    }
    const dense = this.#denseEncoder(plan);
    dense.encode(block, rows, this.#placesOf(rows.length, where), targets, weights);
    encoder.countDense(rows.length, dense.takeCounts());
  }

  /** All rows have been added: wait for those that threads encode. */
  async settle(encoder: Encoder): Promise<void> {
    if (this.#threads === undefined) return;
    for (const counts of await this.#threads.finish()) encoder.countDense(0, counts);
    encoder.countDense(this.#added, new Uint32Array(0));
  }

  /** Addresses of the rows that come next, in the order of the data; valid until something is allocated. */
  #placesOf(count: number, { address: base, stride }: Places): Uint32Array {
    const { permutation } = this.#order;
    const first = this.#added;
    this.#added += count;
    if (permutation === undefined) {
      return Uint32Array.from({ length: count }, (_, i) => base + this.#order(first + i) * stride);
    }
    const { rowCount, a, b, keys } = permutation;
    const address = this.#places.reserve(4 * (2 + keys.length + count));
    const { u32 } = this.pool.memory;
    u32.set([a, b, ...keys], address / 4);
    const places = address + 4 * (2 + keys.length);
    this.kernel.placeRows(first, count, rowCount, address, address + 8, base, stride, places);
    return u32.subarray(places / 4, places / 4 + count);
  }

  #denseEncoder(plan: DensePlan): DenseEncoder {
    if (this.#dense?.plan !== plan) {
      const { memory } = this.pool;
      const work = memory.allocate(denseWorkBytes(plan), 64);
      this.#dense = new DenseEncoder(plan, this.kernel, memory.memory, work);
    }
    return this.#dense;
  }

  /** Copy records to where they will stand. */
  #place(count: number, where: Places): void {
    const places = this.#placesOf(count, where);
    const starts = this.#starts;
    const moves = this.#moves.words;
    for (let row = 0, move = 0; row < count; row++, move += MOVE_WORDS) {
      moves[move] = starts[row] * 4;
      moves[move + 1] = places[row];
      moves[move + 2] = (starts[row + 1] - starts[row]) * 4;
    }
    this.#moveCount = count;
  }

  /** To their buckets. */
  async #sort(count: number, rowBytes: number): Promise<void> {
    if (this.#buckets.length === 0) this.#openBuckets(rowBytes);
    const tag = placeWord(this.layout);
    const starts = this.#starts;
    let { u32 } = this.pool.memory;
    let moves = this.#moves.words;
    for (let row = 0; row < count; row++) {
      const position = this.#order(this.#added++);
      const bucket = Math.floor(position / this.bucketRows);
      const bytes = (starts[row + 1] - starts[row]) * 4;
      u32[starts[row] + tag] = position - bucket * this.bucketRows;
      let chunk = this.#lastChunk(bucket, bytes);
      if (chunk === undefined) {
        this.#move();
        await this.#spillAll();
        chunk = this.#lastChunk(bucket, bytes, true)!;
      }
      if (chunk.bytes === 0) {
        // Taking a chunk may have moved the memory.
        u32 = this.pool.memory.u32;
        moves = this.#moves.words;
      }
      const move = this.#moveCount++ * MOVE_WORDS;
      moves[move] = starts[row] * 4;
      moves[move + 1] = chunk.address + chunk.bytes;
      moves[move + 2] = bytes;
      chunk.bytes += bytes;
    }
  }

  #move(): void {
    this.kernel.copyRecords(this.#moves.address, this.#moveCount);
    this.#moveCount = 0;
  }

  #openBuckets(rowBytes: number): void {
    const room = this.#options.openSpill ? Math.floor(this.pool.limitBytes / (4 * this.pool.chunkBytes)) : MOST_BUCKETS;
    const wanted = Math.ceil((this.rowCount * rowBytes) / BUCKET_BYTES);
    const count = Math.max(1, Math.min(wanted, room, MOST_BUCKETS));
    this.bucketRows = Math.ceil(this.rowCount / count);
    this.#buckets = Array.from({ length: Math.ceil(this.rowCount / this.bucketRows) }, () => []);
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
    if (!this.isComplete) throw changed();
    if (this.spill !== undefined) await this.#spillAll();
  }

  /** The records of a bucket of the spill file, in any order; it is empty afterwards. */
  async takeSpilled(bucket: number): Promise<Uint32Array> {
    const { buffer, byteOffset, byteLength } = await this.spill!.takeBucket(bucket);
    return new Uint32Array(buffer, byteOffset, byteLength / 4);
  }

  /** The chunks with the records of a bucket in memory, in any order. */
  bucketChunks(bucket: number): readonly Chunk[] {
    return this.#buckets[bucket];
  }

  /** The records of a bucket in memory are not needed any more. */
  giveBucket(bucket: number): void {
    for (const { address, size } of this.#buckets[bucket]) this.pool.give(address, size);
    this.#buckets[bucket] = [];
  }
}

function changed(): InvalidInput {
  return new InvalidInput('the data changed while it was read', {
    hint: 'train again when nobody writes to it, or on a copy',
  });
}
