import type { ColumnBlock } from '../datasource/block.js';
import { columnOf } from './cells.js';
import {
  BINARY,
  CENTRE,
  COLUMN_WORDS,
  COUNT,
  DIVISOR,
  KEPT,
  KIND,
  MEAN,
  MISSING_COUNT,
  MISSING_SLOT,
  NUMBERS,
  ROUNDED,
  SLOT,
  TILE_ROWS,
  VALUES,
} from './dense-kernel.js';
import { openWindow, SPARE_ROWS, type Window } from './row-window.js';

/** An attribute whose values become numbers of rows. Features: 0 for none. */
export type DenseColumn =
  | {
      readonly kind: 'number';
      readonly attribute: string;
      readonly mean: number;
      /** Not 0. */
      readonly divisor: number;
      /** Numbers are first rounded to single precision as distances to it; absent: they are not. */
      readonly centre?: number;
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

/** Columns that have a place among numbers of rows; plain data, which another thread can be given. */
export interface DensePlan {
  /** Numbers of a row; features are below this. */
  readonly width: number;
  readonly columns: readonly DenseColumn[];
  /** A missing value is NaN, not 0; default: no. */
  readonly keepsMissing?: boolean;
}

/** Bytes of columns in kernel memory, at most, unless there are very many of them; they stay in the second-level cache. */
const WINDOW_BYTES = 1 << 18;
const MOST_WINDOW_ROWS = 1024;
const SLOT_BYTES = 4 * TILE_ROWS;
/** Rows whose columns are in kernel memory at the same time, a multiple of 64. */
export function windowRows({ columns }: DensePlan): number {
  const rows = WINDOW_BYTES / (8 * Math.max(1, columns.length));
  return Math.max(TILE_ROWS, Math.min(MOST_WINDOW_ROWS, Math.floor(rows / TILE_ROWS) * TILE_ROWS));
}

/** Bytes of a `ColumnWindow` in kernel memory, a multiple of 16. */
export function windowBytes(plan: DensePlan): number {
  const { columns, width } = plan;
  const rows = windowRows(plan) + SPARE_ROWS;
  return (width + 1) * SLOT_BYTES + 4 * rows + columns.length * (4 * COLUMN_WORDS + 8 * rows);
}

/** The part of a kernel memory that columns of blocks are brought to, window by window; see assembly/encode-dense.ts. */
export class ColumnWindow {
  readonly rows: number;
  // Byte addresses.
  readonly slots: number;
  readonly columns: number;
  readonly #list: number;
  readonly #values: number;
  #f32!: Float32Array;
  #f64!: Float64Array;
  #u32!: Uint32Array;
  #u8!: Uint8Array;
  #buffer: ArrayBufferLike | undefined;

  /**
   * @param memory of the kernel
   * @param address of `windowBytes(plan)` bytes, a multiple of 64
   */
  constructor(
    readonly plan: DensePlan,
    private readonly memory: { readonly buffer: ArrayBufferLike },
    address: number,
  ) {
    const { columns, width } = plan;
    this.rows = windowRows(plan);
    this.slots = address;
    this.#list = address + (width + 1) * SLOT_BYTES;
    this.columns = this.#list + 4 * (this.rows + SPARE_ROWS);
    this.#values = this.columns + columns.length * 4 * COLUMN_WORDS;
    this.f32.fill(0, this.slots / 4, this.#list / 4);
    this.#writeColumns();
  }

  /** The whole memory. A view may be out of date when the memory has grown. */
  get f32(): Float32Array {
    this.#renewViews();
    return this.#f32;
  }

  get f64(): Float64Array {
    this.#renewViews();
    return this.#f64;
  }

  get u32(): Uint32Array {
    this.#renewViews();
    return this.#u32;
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

  #writeColumns(): void {
    const { f64, u32 } = this;
    const { columns, width, keepsMissing = false } = this.plan;
    for (const [i, column] of columns.entries()) {
      const word = this.#columnWord(i);
      const isNumber = column.kind === 'number';
      u32[word + KIND] = isNumber ? NUMBERS : BINARY;
      u32[word + VALUES] = this.#valuesOf(i);
      u32[word + SLOT] = this.slots + (column.feature || width) * SLOT_BYTES;
      u32[word + MISSING_SLOT] = column.missingFeature === 0 ? 0 : this.slots + column.missingFeature * SLOT_BYTES;
      f64[(word + MEAN) / 2] = isNumber ? column.mean : 0;
      f64[(word + DIVISOR) / 2] = isNumber ? column.divisor : 1;
      u32[word + COUNT] = u32[word + MISSING_COUNT] = 0;
      const centre = isNumber ? column.centre : undefined;
      u32[word + ROUNDED] = Number(centre !== undefined);
      f64[(word + CENTRE) / 2] = centre ?? 0;
      u32[word + KEPT] = keepsMissing ? 0xffffffff : 0;
    }
  }

  #columnWord(i: number): number {
    return this.columns / 4 + i * COLUMN_WORDS;
  }

  #valuesOf(i: number): number {
    return this.#values + i * 8 * (this.rows + SPARE_ROWS);
  }

  /** A number that all rows have. */
  setConstant(feature: number, value: number): void {
    const slot = (this.slots + feature * SLOT_BYTES) / 4;
    this.f32.fill(value, slot, slot + TILE_ROWS);
  }

  /**
   * Bring rows of a block to the kernel.
   *
   * @param rows indices of rows of the block; ascending ones come in fewer windows
   * @param call works on one window; the next one replaces it
   * @throws InvalidInput when the block lacks an attribute
   */
  forEach(block: Pick<ColumnBlock, 'columns' | 'source'>, rows: Uint32Array, call: (window: Window) => void): void {
    this.#renewViews();
    const columns = this.plan.columns.map(({ kind, attribute }) =>
      kind === 'number' ? columnOf(block, attribute, Float64Array) : columnOf(block, attribute, Uint8Array),
    );
    for (let first = 0; first < rows.length; ) {
      const window = openWindow(rows, first, rows.length, this.rows, this.#u32, this.#list);
      this.#copyColumns(columns, rows[first], rows[window.end - 1] + 1);
      call(window);
      first = window.end;
    }
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

  /** Rows that contain each feature, u32[width], since the last call; [0] is meaningless, that of a constant is 0. */
  takeCounts(): Uint32Array {
    const { u32 } = this;
    const counts = new Uint32Array(this.plan.width);
    for (const [i, { feature, missingFeature }] of this.plan.columns.entries()) {
      const word = this.#columnWord(i);
      counts[feature] += u32[word + COUNT];
      counts[missingFeature] += u32[word + MISSING_COUNT];
      u32[word + COUNT] = u32[word + MISSING_COUNT] = 0;
    }
    return counts;
  }
}
