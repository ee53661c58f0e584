import type { ColumnBlock } from '../datasource/block.js';
import { columnOf } from './cells.js';
import {
  BINARY,
  COLUMN_WORDS,
  COUNT,
  type DenseKernel,
  DIVISOR,
  KIND,
  MEAN,
  MISSING_COUNT,
  MISSING_SLOT,
  NUMBERS,
  SLOT,
  TILE_ROWS,
  VALUES,
} from './dense-kernel.js';
import { BIAS_FEATURE } from './rows.js';

/** What a dense encoder does with one attribute. Features: 0 for none. */
export type DenseColumn =
  | {
      readonly kind: 'number';
      readonly attribute: string;
      readonly mean: number;
      /** Not 0. */
      readonly divisor: number;
      readonly feature: number;
      readonly missingFeature: number;
    }
  | {
      readonly kind: 'binary';
      readonly attribute: string;
      /** Of the value 1. */
      readonly feature: number;
      readonly missingFeature: number;
    };

/** All that a dense encoder needs to know; plain data, which another thread can be given. */
export interface DensePlan {
  /** Of the row layout. */
  readonly width: number;
  readonly columns: readonly DenseColumn[];
}

/** Bytes of columns in kernel memory, at most, unless there are very many of them; they stay in the second-level cache. */
const WINDOW_BYTES = 1 << 17;
const MOST_WINDOW_ROWS = 512;
const SLOT_BYTES = 4 * TILE_ROWS;

/** Rows whose columns are in kernel memory at the same time, a multiple of 64. */
function windowRows({ columns }: DensePlan): number {
  const rows = WINDOW_BYTES / (8 * Math.max(1, columns.length));
  return Math.max(TILE_ROWS, Math.min(MOST_WINDOW_ROWS, Math.floor(rows / TILE_ROWS) * TILE_ROWS));
}

/** Bytes of kernel memory that a `DenseEncoder` works in. */
export function denseWorkBytes(plan: DensePlan): number {
  const { columns, width } = plan;
  const rows = windowRows(plan);
  return columns.length * (4 * COLUMN_WORDS + 8 * (rows + 4)) + (width + 1) * SLOT_BYTES + 4 * 4 * (rows + 4);
}

/**
 * Encodes rows of blocks as dense records, each at a place of its own. All state is in the kernel memory that it is given, so
 * threads with an instance of the kernel and a part of the memory each may encode at the same time.
 */
export class DenseEncoder {
  readonly #windowRows: number;
  // Byte addresses.
  readonly #columns: number;
  readonly #slots: number;
  readonly #values: number;
  readonly #targets: number;
  readonly #weights: number;
  readonly #places: number;
  readonly #list: number;
  #f32!: Float32Array;
  #f64!: Float64Array;
  #u32!: Uint32Array;
  #u8!: Uint8Array;
  #buffer: ArrayBufferLike | undefined;

  /**
   * @param memory of the kernel
   * @param work address of `denseWorkBytes(plan)` bytes, a multiple of 64
   */
  constructor(
    readonly plan: DensePlan,
    private readonly kernel: DenseKernel,
    private readonly memory: { readonly buffer: ArrayBufferLike },
    work: number,
  ) {
    const { columns, width } = plan;
    const rows = windowRows(plan);
    this.#windowRows = rows;
    this.#slots = work;
    this.#targets = this.#slots + (width + 1) * SLOT_BYTES;
    this.#weights = this.#targets + 4 * (rows + 4);
    this.#places = this.#weights + 4 * (rows + 4);
    this.#list = this.#places + 4 * (rows + 4);
    this.#columns = this.#list + 4 * (rows + 4);
    this.#values = this.#columns + columns.length * 4 * COLUMN_WORDS;
    this.#renewViews();
    this.#writeColumns();
    this.#f32.fill(0, this.#slots / 4, this.#targets / 4);
    this.#f32.fill(
      1,
      (this.#slots + BIAS_FEATURE * SLOT_BYTES) / 4,
      (this.#slots + (BIAS_FEATURE + 1) * SLOT_BYTES) / 4,
    );
  }

  #writeColumns(): void {
    const { columns, width } = this.plan;
    for (const [i, column] of columns.entries()) {
      const word = this.#columnWord(i);
      const isNumber = column.kind === 'number';
      this.#u32[word + KIND] = isNumber ? NUMBERS : BINARY;
      this.#u32[word + VALUES] = this.#valuesOf(i);
      this.#u32[word + SLOT] = this.#slots + (column.feature || width) * SLOT_BYTES;
      this.#u32[word + MISSING_SLOT] =
        column.missingFeature === 0 ? 0 : this.#slots + column.missingFeature * SLOT_BYTES;
      this.#f64[(word + MEAN) / 2] = isNumber ? column.mean : 0;
      this.#f64[(word + DIVISOR) / 2] = isNumber ? column.divisor : 1;
      this.#u32[word + COUNT] = this.#u32[word + MISSING_COUNT] = 0;
    }
  }

  #columnWord(i: number): number {
    return this.#columns / 4 + i * COLUMN_WORDS;
  }

  #valuesOf(i: number): number {
    return this.#values + i * 8 * (this.#windowRows + 4);
  }

  #renewViews(): void {
    const { buffer } = this.memory;
    if (this.#buffer === buffer) return;
    this.#buffer = buffer;
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#u8 = new Uint8Array(buffer);
  }

  /**
   * Encode rows of a block.
   *
   * @param rows indices of rows of the block; ascending ones are encoded sooner
   * @param places byte addresses of the records, multiples of 16, one per listed row
   * @param targets one per listed row
   * @param weights one per listed row; default: 1 each
   * @throws InvalidInput when the block lacks an attribute
   */
  encode(
    block: ColumnBlock,
    rows: Uint32Array,
    places: Uint32Array,
    targets: Float32Array,
    weights?: Float32Array,
  ): void {
    this.#renewViews();
    const columns = this.plan.columns.map(({ kind, attribute }) =>
      kind === 'number' ? columnOf(block, attribute, Float64Array) : columnOf(block, attribute, Uint8Array),
    );
    if (weights === undefined) this.#f32.fill(1, this.#weights / 4, this.#weights / 4 + this.#windowRows);
    for (let first = 0; first < rows.length; ) {
      const { end, listed } = this.#openWindow(rows, first);
      this.#copyColumns(columns, rows[first], rows[end - 1] + 1);
      this.#u32.set(places.subarray(first, end), this.#places / 4);
      this.#f32.set(targets.subarray(first, end), this.#targets / 4);
      if (weights !== undefined) this.#f32.set(weights.subarray(first, end), this.#weights / 4);
      this.kernel.encodeDense(
        this.#columns,
        columns.length,
        listed ? this.#list : 0,
        end - first,
        this.#slots,
        this.plan.width,
        this.#targets,
        this.#weights,
        this.#places,
      );
      first = end;
    }
  }

  /** As many ascending rows as a window holds; lists them unless they follow each other. */
  #openWindow(rows: Uint32Array, first: number): { end: number; listed: boolean } {
    const begin = rows[first];
    const last = Math.min(rows.length, first + this.#windowRows);
    let end = first + 1;
    while (end < last && rows[end] > rows[end - 1] && rows[end] - begin < this.#windowRows) end++;
    const listed = rows[end - 1] - begin !== end - 1 - first;
    if (listed) {
      const list = this.#list / 4 - first;
      for (let i = first; i < end; i++) this.#u32[list + i] = rows[i] - begin;
      this.#u32.fill(0, list + end, list + end + 3);
    }
    return { end, listed };
  }

  /** @param end behind the last row */
  #copyColumns(columns: readonly (Float64Array | Uint8Array)[], begin: number, end: number): void {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      const to = this.#valuesOf(i);
      if (column instanceof Float64Array) this.#f64.set(column.subarray(begin, end), to / 8);
      else this.#u8.set(column.subarray(begin, end), to);
    }
  }

  /** Rows that contain each feature, u32[width], since the last call; [0] is meaningless, that of the bias is 0. */
  takeCounts(): Uint32Array {
    this.#renewViews();
    const counts = new Uint32Array(this.plan.width);
    for (const [i, { feature, missingFeature }] of this.plan.columns.entries()) {
      const word = this.#columnWord(i);
      counts[feature] += this.#u32[word + COUNT];
      counts[missingFeature] += this.#u32[word + MISSING_COUNT];
      this.#u32[word + COUNT] = this.#u32[word + MISSING_COUNT] = 0;
    }
    return counts;
  }
}
