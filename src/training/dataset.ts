import type { ColumnBlock } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import { DenseEncoder, type DensePlan, denseWorkBytes } from '../features/dense-encoder.js';
import type { Encoder } from '../features/encode.js';
import { headWords, type RowLayout, SPARSE_HEADER_WORDS } from '../features/rows.js';
import type { SparseEncoder, SparseRows } from '../features/sparse-encoder.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import { PERMUTATION_WORDS, permutationWords } from '../kernel/permutation.js';
import { ChunkPool, Room } from './chunks.js';
import type { DenseThreads } from './dense-threads.js';
import { RecordMoves } from './record-moves.js';
import { RowBuckets } from './row-buckets.js';
import { closeStride, recordWords } from './shards.js';
import type { VisitingOrder } from './shuffle.js';
import type { SpillStore } from './spill.js';

/** Least share of their room that records fill on average where each has the same room. */
export const LEAST_FILL = 0.75;

/** Where rows stand in visiting order. */
export interface Places {
  /** Of the first row. */
  readonly address: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Address of u32[rows]: where each row is, in visiting order; absent: one behind the other. */
  readonly starts?: number;
  /** Of all records, when known; default: what lies between them is a part of them. */
  readonly bytes?: number;
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

/** Rows of a block. */
type Given = Omit<SparseRows, 'block' | 'places'> & { readonly block: ColumnBlock };

/**
 * Encoded rows, as they come from the encoder. Rows of about the same length that fit in memory stand where they belong at once;
 * others go to buckets.
 */
export class StagedRows {
  readonly pool: ChunkPool;
  readonly layout: RowLayout;
  readonly rowCount: number;
  /** Of all records. */
  bytes = 0;
  readonly buckets: RowBuckets;
  /** Where all rows stand in visiting order; undefined when they are sorted into buckets. */
  placed: Places | undefined;
  readonly #order: VisitingOrder;
  readonly #options: StagingOptions;
  #added = 0;
  /** Records of one block, in kernel memory, and where they are to be moved. */
  #block: Room;
  readonly #moves: RecordMoves;
  #starts = new Uint32Array(0);
  #dense: DenseEncoder | undefined;
  #sparse: SparseEncoder | undefined;
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
    this.#moves = new RecordMoves(options.kernel, memory);
    this.buckets = new RowBuckets(this.pool, this.#moves, layout, rowCount, openSpill);
    this.#places = new Room(memory);
    this.#placedLimit = limitBytes;
    if (options.placed !== undefined) this.#adopt(options.placed);
    else if (layout.form === 'dense') this.#choosePlaces(closeStride(layout), closeStride(layout));
  }

  #adopt(places: Places): void {
    this.placed = places;
    this.#added = this.rowCount;
    this.bytes = places.bytes ?? this.rowCount * places.stride;
  }

  /** All rows have been added. */
  get isComplete(): boolean {
    return this.#added === this.rowCount;
  }

  /** Where rows are that had no room in memory. */
  get spill(): SpillStore | undefined {
    return this.buckets.spill;
  }

  get kernel(): Kernel {
    return this.#options.kernel;
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
    const given = { block, rows, targets, weights };
    const words =
      encoder.sparsePlan === undefined ? this.#encodeBlock(encoder, given) : this.#encodeCells(encoder, given);
    if (words === undefined) return;
    this.bytes += words * 4;
    if (this.#added === 0 && this.layout.form === 'sparse') {
      this.#choosePlaces(encoder.mostWords * 4, (words * 4) / rows.length);
    }
    this.#moves.reserve(rows.length);
    if (this.placed !== undefined) this.#place(rows.length, this.placed);
    else {
      const first = this.#added;
      this.#added += rows.length;
      await this.buckets.add(this.#starts, rows.length, first, this.#order, (words * 4) / rows.length);
    }
  }

  /** Into a block of records. @returns their words */
  #encodeBlock(encoder: Encoder, { block, rows, targets, weights }: Given): number {
    const { memory } = this.pool;
    const length = encoder.prepare(block, rows);
    const first = this.#block.reserve(length * 4) / 4;
    this.#reserveStarts(rows.length);
    encoder.write(memory.u32, memory.f32, first, targets, this.#starts, weights);
    return length;
  }

  /** Where rows will stand if that is known, else into a block of records. @returns words of the latter */
  #encodeCells(encoder: Encoder, { block, rows, targets, weights }: Given): number | undefined {
    this.#sparse ??= encoder.openSparse(this.kernel, this.pool.memory);
    const places =
      this.placed === undefined
        ? this.#blockPlaces(rows.length, encoder.mostWords)
        : this.#placesOf(rows.length, this.placed);
    encoder.encodeSparse(this.#sparse, { block, rows, places: places.slice(), targets, weights });
    const head = this.layout.form === 'sparse' ? headWords(this.layout) : 0;
    const bytes = this.#sparse.takeBytes() + rows.length * 4 * (SPARSE_HEADER_WORDS + head);
    if (this.placed === undefined) return bytes / 4;
    this.bytes += bytes;
    return undefined;
  }

  /** Addresses of records in a block that have the same room each. */
  #blockPlaces(count: number, words: number): Uint32Array {
    const first = this.#block.reserve(count * words * 4) / 4;
    this.#reserveStarts(count);
    for (let row = 0; row < count; row++) this.#starts[row] = first + row * words;
    return Uint32Array.from({ length: count }, (_, row) => this.#starts[row] * 4);
  }

  #reserveStarts(count: number): void {
    if (this.#starts.length < count) this.#starts = new Uint32Array(count);
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
      const places = new Uint32Array(count);
      for (let i = 0; i < count; i++) places[i] = base + this.#order(first + i) * stride;
      return places;
    }
    const address = this.#places.reserve(4 * (PERMUTATION_WORDS + count));
    const { u32 } = this.pool.memory;
    u32.set(permutationWords(permutation), address / 4);
    const places = address + 4 * PERMUTATION_WORDS;
    this.kernel.placeRows(first, count, address, base, stride, places);
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
    const { u32 } = this.pool.memory;
    this.#moves.renew();
    for (let row = 0; row < count; row++) {
      this.#moves.add(starts[row] * 4, places[row], recordWords(u32, starts[row], this.layout) * 4);
    }
    this.#moves.run();
  }

  /** To be called once when all rows have been added. */
  async close(): Promise<void> {
    if (!this.isComplete) throw changed();
    if (this.spill !== undefined) await this.buckets.spillAll();
  }
}

function changed(): InvalidInput {
  return new InvalidInput('the data changed while it was read', {
    hint: 'train again when nobody writes to it, or on a copy',
  });
}
