import type { ColumnBlock } from '../datasource/block.js';
import { binSearch } from './bin-search.js';
import { columnOf } from './cells.js';
import { UNRESOLVED } from './code-maps.js';
import { openWindow, SPARE_ROWS, type Window } from './row-window.js';
import { BIAS_FEATURE } from './rows.js';
import {
  BEFORE,
  BINARY,
  CATEGORIES,
  CENTRE,
  CODES,
  COLUMN_WORDS,
  CROWDED,
  DEPTH,
  DIVISOR,
  EDGES,
  FEATURE,
  GRID,
  HEAD_SLOT,
  KEPT,
  KIND,
  LAST_CELL,
  LOW,
  MAP,
  MEAN,
  MISSING_BIN,
  MISSING_COUNT,
  MISSING_FEATURE,
  NUMBERS,
  ROUNDED,
  SCALE,
  SLOT,
  type SparseKernel,
  TILE_ROWS,
  TREE,
  VALUES,
} from './sparse-kernel.js';
import {
  type CodeFeatures,
  hasTail,
  type RowMemory,
  type SparseColumn,
  type SparsePlan,
  tailSlots,
} from './sparse-plan.js';

/** Bytes of columns in kernel memory, at most, unless there are very many of them; they stay in the second-level cache. */
const WINDOW_BYTES = 1 << 18;
const MOST_WINDOW_ROWS = 2048;
const LEAST_COUNTS = 1 << 10;
const SLOT_BYTES = 4 * TILE_ROWS;

type Values = Float64Array | Uint32Array | Uint8Array;

interface Views {
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly u8: Uint8Array;
}

/** The part of a kernel memory that `encodeSparse` works in: the plan, a window of a block's rows, features by code, counts. */
export class SparseColumns {
  readonly #rows: number;
  // Byte addresses.
  readonly #columns: number;
  readonly #values: number;
  readonly #list: number;
  readonly #slots: number;
  readonly #places: number;
  readonly #targets: number;
  readonly #weights: number;
  readonly #groups: number;
  readonly #headGroups: number;
  readonly #tailSlots: number;
  #counts = 0;
  #countLimit = 0;
  /** Features are below this. */
  #features = 0;
  /** Places of the categorical columns in the plan. */
  readonly #categorical: number[];
  /** What is at present in kernel memory, and words of room for it. */
  readonly #maps: { map: Uint32Array; forgotten: number; address: number; room: number }[];
  #bound: Values[] = [];
  #viewed: ArrayBufferLike | undefined;
  #views: Views | undefined;

  constructor(
    private readonly plan: SparsePlan,
    private readonly memory: RowMemory,
  ) {
    const { columns } = plan;
    const wanted = Math.floor(WINDOW_BYTES / (8 * Math.max(1, columns.length)) / TILE_ROWS) * TILE_ROWS;
    this.#rows = Math.max(TILE_ROWS, Math.min(MOST_WINDOW_ROWS, wanted));
    const rows = this.#rows + SPARE_ROWS;
    const allocate = (bytes: number): number => memory.allocate(bytes, 64);
    this.#columns = allocate(columns.length * 4 * COLUMN_WORDS);
    this.#values = allocate(columns.length * 8 * rows);
    this.#list = allocate(4 * rows);
    this.#places = allocate(4 * rows);
    this.#targets = allocate(4 * rows);
    this.#weights = allocate(4 * rows);
    this.#groups = allocate(4);
    this.#headGroups = Math.ceil(plan.head.length / 4);
    this.#tailSlots = tailSlots(plan);
    this.#slots = allocate((this.#unusedSlot + 1) * SLOT_BYTES);
    this.#categorical = columns.flatMap(({ kind }, i) => (kind === 'categories' ? i : []));
    this.#maps = this.#categorical.map(() => ({ map: new Uint32Array(0), forgotten: 0, address: 0, room: 0 }));
    this.#fillSlots();
    let tail = 4 * this.#headGroups + Number(this.#headGroups === 0);
    for (const [i, column] of columns.entries())
      this.#writeColumn(i, column, hasTail(column) ? tail++ : this.#unusedSlot);
    this.#view.u32[this.#groups / 4] = 0;
  }

  /** The slot behind those that are read. */
  get #unusedSlot(): number {
    return 4 * (this.#headGroups + Math.ceil(this.#tailSlots / 4));
  }

  /** The whole memory; renewed when it has grown. */
  get #view(): Views {
    const { buffer } = this.memory.memory;
    return this.#viewed === buffer ? this.#views! : this.#renew(buffer);
  }

  /** Apart, so that the compiler does not copy it to wherever the memory is looked at. */
  #renew(buffer: ArrayBufferLike): Views {
    this.#viewed = buffer;
    this.#views = {
      u32: new Uint32Array(buffer),
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
      u8: new Uint8Array(buffer),
    };
    return this.#views;
  }

  #fillSlots(): void {
    const { u32, f32 } = this.#view;
    const slots = this.#slots / 4;
    u32.fill(0, slots, slots + this.#unusedSlot * TILE_ROWS);
    if (this.#headGroups > 0) f32.fill(1, slots, slots + TILE_ROWS);
    else u32.fill(BIAS_FEATURE, slots, slots + TILE_ROWS);
  }

  /** @param slot of its features that are not in the head */
  #writeColumn(i: number, column: SparseColumn, slot: number): void {
    const word = this.#columns / 4 + i * COLUMN_WORDS;
    if (column.kind === 'bins') this.#writeBins(word, column.edges, column.slots);
    const { u32, f64 } = this.#view;
    u32[word + VALUES] = this.#valuesOf(i);
    u32[word + SLOT] = this.#slots + slot * SLOT_BYTES;
    if (column.kind === 'categories') u32[word + KIND] = CATEGORIES;
    if (column.kind === 'codes') {
      u32[word + KIND] = CODES;
      u32[word + FEATURE] = column.base;
    }
    if (column.kind !== 'number' && column.kind !== 'binary') return;
    u32[word + KIND] = column.kind === 'number' ? NUMBERS : BINARY;
    u32[word + FEATURE] = column.feature;
    u32[word + MISSING_FEATURE] = column.missingFeature;
    u32[word + KEPT] = Number(this.plan.keepsMissing === true);
    if (!this.plan.keepsMissing) this.include(Math.max(column.feature, column.missingFeature));
    if (column.kind === 'binary') return;
    const place = column.feature === 0 ? this.#unusedSlot : this.plan.head.indexOf(column.feature);
    u32[word + HEAD_SLOT] = this.#slots + place * SLOT_BYTES;
    f64[(word + MEAN) / 2] = column.mean;
    f64[(word + DIVISOR) / 2] = column.divisor;
    f64[(word + CENTRE) / 2] = column.centre ?? 0;
    u32[word + ROUNDED] = Number(column.centre !== undefined);
    u32[word + MISSING_COUNT] = 0;
  }

  #writeBins(word: number, edges: readonly number[], slots: Uint32Array): void {
    const search = binSearch(edges).plan;
    const address = this.#place(search.kind === 'grid' ? search.edges : search.nodes);
    const map = this.#place(slots);
    const before = search.kind === 'grid' ? this.#place(search.before) : 0;
    this.include(slots.reduce((most, feature) => Math.max(most, feature), 0));
    const { u32, f64 } = this.#view;
    u32[word + EDGES] = address;
    u32[word + MAP] = map;
    u32[word + MISSING_BIN] = edges.length + 1;
    if (search.kind === 'tree') {
      u32[word + KIND] = TREE;
      u32[word + DEPTH] = search.depth;
      return;
    }
    u32[word + KIND] = GRID;
    u32[word + BEFORE] = before;
    u32[word + LAST_CELL] = search.before.length - 1;
    u32[word + CROWDED] = Number(search.most > 1);
    f64[(word + LOW) / 2] = search.low;
    f64[(word + SCALE) / 2] = search.scale;
  }

  /** Copy an array into kernel memory. */
  #place(array: Float64Array | Uint32Array | Uint16Array): number {
    const address = this.memory.allocate(array.byteLength, 64);
    this.#view.u8.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), address);
    return address;
  }

  #valuesOf(i: number): number {
    return this.#values + i * 8 * (this.#rows + SPARE_ROWS);
  }

  /** Make room to count the rows of features up to this one. */
  include(feature: number): void {
    this.#features = Math.max(this.#features, feature + 1);
    if (this.#features <= this.#countLimit) return;
    const from = this.#counts / 4;
    const length = this.#countLimit;
    this.#countLimit = Math.max(LEAST_COUNTS, 2 * this.#features);
    this.#counts = this.memory.allocate(4 * this.#countLimit, 64);
    const to = this.#counts / 4;
    const { u32 } = this.#view;
    u32.copyWithin(to, from, from + length);
    u32.fill(0, to + length, to + this.#countLimit);
  }

  /** Bring the features by code of the i-th categorical column to the kernel, if they are not what is there. */
  setMap(i: number, { map, forgottenCount }: CodeFeatures): void {
    const known = this.#maps[i];
    if (known.map === map && known.forgotten === forgottenCount) return;
    known.map = map;
    known.forgotten = forgottenCount;
    if (map.length > known.room) {
      known.room = map.length;
      known.address = this.memory.allocate(4 * map.length, 64);
    }
    this.#view.u32.set(map, known.address / 4);
    this.include(map.reduce((most, feature) => (feature === UNRESOLVED ? most : Math.max(most, feature)), 0));
    this.#view.u32[this.#columns / 4 + this.#categorical[i] * COLUMN_WORDS + MAP] = known.address;
  }

  /** Features by code of the i-th categorical column, to be written to; valid until something is allocated. */
  mapOf(i: number): Uint32Array {
    const { map, address } = this.#maps[i];
    return this.#view.u32.subarray(address / 4, address / 4 + map.length);
  }

  /**
   * Turn to a block.
   *
   * @throws InvalidInput when it lacks an attribute
   */
  bind(block: Pick<ColumnBlock, 'columns' | 'source'>): void {
    this.#bound = this.plan.columns.map(({ kind, attribute }) => {
      if (kind === 'categories' || kind === 'codes') return columnOf(block, attribute, Uint32Array);
      return kind === 'binary' ? columnOf(block, attribute, Uint8Array) : columnOf(block, attribute, Float64Array);
    });
  }

  /** Bring rows[first], … to the kernel, as far as there is room. */
  open(rows: Uint32Array, first: number, end: number): Window {
    const { u32, u8 } = this.#view;
    const window = openWindow(rows, first, end, this.#rows, u32, this.#list);
    const begin = rows[first];
    const count = rows[window.end - 1] + 1 - begin;
    for (let i = 0; i < this.#bound.length; i++) {
      const { buffer, byteOffset, BYTES_PER_ELEMENT: bytes } = this.#bound[i];
      u8.set(new Uint8Array(buffer, byteOffset + begin * bytes, count * bytes), this.#valuesOf(i));
    }
    return window;
  }

  /** What the records of the window hold besides features, and where they will be. */
  setRows(places: Uint32Array, targets: Float32Array, weights: Float32Array | undefined): void {
    const { u32, f32 } = this.#view;
    u32.set(places, this.#places / 4);
    f32.set(targets, this.#targets / 4);
    if (weights === undefined) f32.fill(1, this.#weights / 4, this.#weights / 4 + places.length);
    else f32.set(weights, this.#weights / 4);
  }

  /**
   * Encode the rows of the window from one on.
   *
   * @returns the first row that is not encoded; see `SparseKernel`
   */
  encode(kernel: SparseKernel, list: number, begin: number, count: number): number {
    return kernel.encodeSparse(
      this.#columns,
      this.plan.columns.length,
      list,
      begin,
      count,
      this.#slots,
      this.#headGroups,
      this.#tailSlots,
      this.#targets,
      this.#weights,
      this.#places,
      this.#counts,
      this.#groups,
    );
  }

  /** Groups of records, but for their heads, since the last call. */
  takeGroups(): number {
    const { u32 } = this.#view;
    const groups = u32[this.#groups / 4];
    u32[this.#groups / 4] = 0;
    return groups;
  }

  /** Where missing values are kept: rows in which a number was missing so far, by column of the plan. */
  missingCounts(): number[] {
    const { u32 } = this.#view;
    return this.plan.columns.map(({ kind }, i) =>
      kind === 'number' ? u32[this.#columns / 4 + i * COLUMN_WORDS + MISSING_COUNT] : 0,
    );
  }

  takeCounts(): Uint32Array {
    const from = this.#counts / 4;
    const { u32 } = this.#view;
    const counts = u32.slice(from, from + this.#features);
    u32.fill(0, from, from + this.#features);
    return counts;
  }
}
