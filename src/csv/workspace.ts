import type { ColumnHome, ColumnKind, ColumnPlan } from '../datasource/block.js';
import { instantiateExports, openMemory } from '../kernel/instantiate.js';
import { middleForms, shortForms } from './decimal-forms.js';
import * as layout from './layout.js';
import { longForms } from './long-forms.js';
import { powersOfFive } from './powers-of-five.js';
import { Regions } from './regions.js';

/** Bytes of input that are parsed at a time; several records of the greatest length. */
export const INPUT_BYTES = 384 * 1024;
/** Bytes that come to the input at a time from other memory. */
const STAGING_BYTES = 64 * 1024;
/** Readable bytes behind the input: sentinels, and what vector loads read past them. */
const SENTINEL_BYTES = 128;
/** Readable bytes behind any text. */
const SLACK_BYTES = 64;
const LEAST_NOTES = 4096;

/** Slots of a new hash table, and bytes of a new arena. Both grow fast at first. */
const FIRST_SLOTS: Partial<Record<ColumnKind, number>> = { categorical: 64, text: 1024 };
const SLOT_BYTES = 4;
const FIRST_ARENA_BYTES_PER_SLOT = 4;
const FAST_GROWTH_BELOW = 1 << 16;

/** The tokenizer, as the module exports it. Addresses come back as signed 32-bit integers. */
export interface CsvKernel {
  readonly __heap_base: { readonly value: number };
  csvParse(state: number, final: number): number;
  csvFindInvalid(state: number, start: number, end: number): number;
  csvFillSlots(column: number): void;
  csvCopy(to: number, from: number, count: number): void;
}

/** A column that is read. */
export interface WorkColumn {
  readonly name: string;
  readonly kind: Exclude<ColumnKind, 'skip'>;
  /** Position in the record. */
  readonly field: number;
  /** Address of its description. */
  readonly address: number;
}

const KINDS: Readonly<Record<ColumnKind, number>> = {
  numeric: layout.NUMERIC,
  binary: layout.BINARY,
  categorical: layout.CATEGORICAL,
  text: layout.TEXT,
  raw: layout.RAW,
  skip: layout.SKIP,
};

/** Bytes of a value in the block that is being filled. */
const VALUE_BYTES: Readonly<Record<ColumnKind, number>> = {
  numeric: 8,
  binary: 1,
  categorical: 4,
  text: 4,
  raw: 0,
  skip: 0,
};

/** An instance of the tokenizer with its memory, laid out for a plan. */
export class Workspace {
  readonly regions: Regions;
  readonly kernel: CsvKernel;
  readonly columns: readonly WorkColumn[];
  /** Address of the state. */
  readonly state: number;
  /** Address of `INPUT_BYTES` of input. */
  readonly input: number;
  readonly #staging: number;
  /** For whoever works on columns in place. */
  readonly home: ColumnHome;

  constructor(module: WebAssembly.Module, plan: readonly ColumnPlan[], blockSize: number) {
    const memory = openMemory();
    this.kernel = instantiateExports<CsvKernel>(module, memory);
    this.regions = new Regions(memory, this.kernel.__heap_base.value);
    const { regions } = this;
    this.state = regions.allocate(layout.STATE_BYTES);
    this.input = regions.allocate(INPUT_BYTES + SENTINEL_BYTES);
    this.#staging = regions.allocate(STAGING_BYTES + 8);
    this.home = { kernel: this.kernel, memory, scratch: regions.allocate(64) };

    const runs = columnRuns(plan);
    const columns = regions.allocate(runs.length * layout.COLUMN_BYTES);
    this.columns = runs.flatMap(({ name, kind, field }, i) =>
      kind === 'skip' ? [] : [{ name, kind, field, address: columns + i * layout.COLUMN_BYTES }],
    );
    runs.forEach((run, i) => this.#layOutColumn(columns + i * layout.COLUMN_BYTES, run, blockSize));

    const noteCapacity = LEAST_NOTES + plan.length;
    const words: [offset: number, value: number][] = [
      [layout.BLOCK_ROWS, blockSize],
      [layout.COLUMNS, columns],
      [layout.COLUMNS_END, columns + runs.length * layout.COLUMN_BYTES],
      [layout.FIELD_COUNT, plan.length],
      [layout.OFFSETS, regions.allocate(blockSize * 8)],
      [layout.LINES, regions.allocate(blockSize * 8)],
      [layout.REJECTED, regions.allocate(blockSize)],
      [layout.NOTES, regions.allocate(noteCapacity * layout.NOTE_BYTES)],
      [layout.NOTE_CAPACITY, noteCapacity],
      [layout.SCRATCH, regions.allocate(INPUT_BYTES + SLACK_BYTES)],
      [layout.POWERS, this.#layOut(powersOfFive())],
      [layout.SHORT_FORMS, this.#layOut(shortForms())],
      [layout.FORMS, this.#layOut(middleForms())],
      [layout.LONG_FORMS, this.#layOut(longForms())],
      [layout.DELIMITERS, regions.allocate((layout.INDEX_BYTES + 128) * 4)],
      [layout.BREAKS, regions.allocate((layout.TEXT_PART + 16) * 4)],
      [layout.RECORD_RUNS, regions.allocate(layout.WINDOW_BYTES * 12)],
    ];
    for (const [offset, value] of words) this.setWord(this.state, offset, value);
  }

  /** A u32 of the state or of a column. */
  word(address: number, offset: number): number {
    return this.regions.u32[(address + offset) / 4];
  }

  setWord(address: number, offset: number, value: number): void {
    this.regions.u32[(address + offset) / 4] = value;
  }

  /** An f64 of the state. */
  double(offset: number): number {
    return this.regions.f64[(this.state + offset) / 8];
  }

  setDouble(offset: number, value: number): void {
    this.regions.f64[(this.state + offset) / 8] = value;
  }

  /** Write the sentinels that end every scan: a line feed, a quote, line feeds. */
  endInput(end: number): void {
    this.setWord(this.state, layout.END, end);
    const { u8 } = this.regions;
    u8.fill(10, end, end + SENTINEL_BYTES);
    u8[end + 1] = 34;
  }

  /**
   * Give a column the room it lacks.
   *
   * @param lack NO_CODES, NO_ARENA or NO_TOKENS
   * @throws RangeError when memory is exhausted
   */
  grow(column: number, lack: number): void {
    if (lack === layout.NO_CODES) this.#growCodes(column);
    else if (lack === layout.NO_ARENA) this.#growRegion(column, layout.ARENA, layout.ARENA_BYTES, 1, SLACK_BYTES);
    else this.#growRegion(column, layout.TOKENS, layout.TOKEN_CAPACITY, 4, 0);
  }

  #layOutColumn(address: number, { kind, field, run }: ColumnRun, blockSize: number): void {
    // One value more for TEXT; 64 bytes more so that the columns of a row do not compete for the same cache lines.
    const values = this.regions.allocate((blockSize + 1) * VALUE_BYTES[kind] + 64);
    this.regions.u8.fill(0, address, address + layout.COLUMN_BYTES);
    this.setWord(address, layout.KIND, KINDS[kind]);
    this.setWord(address, layout.FIELD, field);
    this.setWord(address, layout.RUN, run);
    this.setWord(address, layout.VALUES, values);
    if (kind === 'text') {
      this.setWord(values, 0, 0);
      this.setWord(address, layout.TOKENS, this.regions.allocate(4 * blockSize * 4));
      this.setWord(address, layout.TOKEN_CAPACITY, 4 * blockSize);
    }
    const slots = FIRST_SLOTS[kind];
    if (slots) this.#layOutDictionary(address, slots);
  }

  #layOutDictionary(address: number, slots: number): void {
    const arenaBytes = slots * FIRST_ARENA_BYTES_PER_SLOT;
    this.setWord(address, layout.ARENA, this.regions.allocate(arenaBytes + SLACK_BYTES));
    this.setWord(address, layout.ARENA_BYTES, arenaBytes);
    this.setWord(address, layout.SIZE, 1);
    const { regions } = this;
    this.#placeCodes(address, slots, regions.allocate(codeCount(slots) * 4), regions.allocate(codeCount(slots) * 8));
    const starts = this.word(address, layout.STARTS);
    this.setWord(starts, 0, 0);
    this.setWord(starts, 4, 0);
    this.kernel.csvFillSlots(address);
  }

  #growCodes(column: number): void {
    const { regions } = this;
    const oldSlots = this.word(column, layout.SLOT_MASK) + 1;
    const slots = oldSlots * growth(oldSlots);
    const [oldCount, count] = [codeCount(oldSlots), codeCount(slots)];
    regions.release(this.word(column, layout.SLOTS), oldSlots * SLOT_BYTES);
    const starts = regions.enlarge(this.word(column, layout.STARTS), oldCount * 4, count * 4);
    const keys = regions.enlarge(this.word(column, layout.KEYS), oldCount * 8, count * 8);
    this.#placeCodes(column, slots, starts, keys);
    this.kernel.csvFillSlots(column);
  }

  /**
   * Put bytes of other memory at an address.
   *
   * Engines copy to shared memory byte by byte, unless both sides are aligned alike: the bytes come through a place where they are.
   */
  copyIn(bytes: Uint8Array, to: number): void {
    const at = this.#staging + (bytes.byteOffset % 8);
    for (let from = 0; from < bytes.length; from += STAGING_BYTES) {
      const piece = bytes.subarray(from, from + STAGING_BYTES);
      this.regions.u8.set(piece, at);
      this.kernel.csvCopy(to + from, at, piece.length);
    }
  }

  #placeCodes(column: number, slots: number, starts: number, keys: number): void {
    const table = this.regions.allocate(slots * SLOT_BYTES);
    this.setWord(column, layout.SLOTS, table);
    this.setWord(column, layout.SLOT_MASK, slots - 1);
    this.setWord(column, layout.CODE_CAPACITY, slots / 2);
    this.setWord(column, layout.STARTS, starts);
    this.setWord(column, layout.KEYS, keys);
  }

  #growRegion(column: number, at: number, capacityAt: number, unitBytes: number, slackBytes: number): void {
    const old = this.word(column, capacityAt);
    const capacity = old * growth(old);
    const oldBytes = old * unitBytes + slackBytes;
    const region = this.regions.enlarge(this.word(column, at), oldBytes, capacity * unitBytes + slackBytes);
    this.setWord(column, at, region);
    this.setWord(column, capacityAt, capacity);
  }

  #layOut({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    const address = this.regions.allocate(byteLength);
    this.regions.u8.set(new Uint8Array(buffer, byteOffset, byteLength), address);
    return address;
  }
}

/** Starts and keys: one per code, and one more. At most half of the slots are used. */
function codeCount(slots: number): number {
  return slots / 2 + 1;
}

function growth(size: number): number {
  return size < FAST_GROWTH_BELOW ? 4 : 2;
}

interface ColumnRun extends ColumnPlan {
  readonly field: number;
  /** Columns that it stands for: skipped neighbours are one. */
  readonly run: number;
}

function columnRuns(plan: readonly ColumnPlan[]): ColumnRun[] {
  const runs: ColumnRun[] = [];
  plan.forEach((column, field) => {
    const last = runs.at(-1);
    if (column.kind === 'skip' && last?.kind === 'skip') runs[runs.length - 1] = { ...last, run: last.run + 1 };
    else runs.push({ name: column.name, kind: column.kind, field, run: 1 });
  });
  return runs;
}
