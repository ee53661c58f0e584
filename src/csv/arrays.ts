import type { RecordIssue } from '../datasource/block.js';
import * as layout from './layout.js';
import type { BlockNotes } from './notes.js';
import type { WorkColumn, Workspace } from './workspace.js';

/** A block as plain arrays, all but the texts in one buffer: what one thread can give to another, unless they are in place. */
export interface BlockArrays {
  readonly buffer: ArrayBufferLike;
  readonly rowCount: number;
  readonly byteOffsets: Float64Array;
  readonly lines: Float64Array;
  readonly rejected: Uint8Array;
  readonly columns: readonly ColumnArrays[];
  readonly issues: readonly RecordIssue[];
  /** As `ColumnBlock.reduced`. */
  readonly reduced?: object;
}

export interface ColumnArrays {
  readonly name: string;
  /** Numbers, BINARY values, codes, the offsets of a TEXT column, or raw texts. */
  readonly values: Float64Array | Uint32Array | Uint8Array | string[];
  /** Codes of a TEXT column. */
  readonly tokens?: Uint32Array;
}

/**
 * Copy the rows that the kernel has stored out of its memory, and begin a new block.
 *
 * @param inPlace do not copy them: they are overwritten when the kernel parses on
 * @param spare a buffer to copy to if it is large enough, whatever it holds
 */
export function takeArrays(work: Workspace, notes: BlockNotes, inPlace: boolean, spare?: ArrayBufferLike): BlockArrays {
  const rowCount = work.word(work.state, layout.ROW);
  const copies = inPlace ? new ArrayViews(work) : openCopies(work, rowCount, spare);
  const byteOffsets = copies.f64(work.word(work.state, layout.OFFSETS), rowCount);
  const lines = copies.f64(work.word(work.state, layout.LINES), rowCount);
  // Doubles first, single bytes last: so every copy is aligned.
  const copied = new Map<WorkColumn, ColumnArrays>();
  for (const width of [8, 4, 1]) {
    for (const column of work.columns) {
      if (WIDTHS[column.kind] === width) copied.set(column, copyColumn(work, copies, column, rowCount));
    }
  }
  const rejected = copies.u8(work.word(work.state, layout.REJECTED), rowCount);
  const issues = notes.takeIssues();
  const columns = work.columns.map((column) => {
    return copied.get(column) ?? { name: column.name, values: notes.takeTexts(column.field, rowCount) };
  });
  work.setWord(work.state, layout.ROW, 0);
  return { buffer: copies.buffer, rowCount, byteOffsets, lines, rejected, columns, issues };
}

/** The same block, of its own. */
export function copyArrays({ rowCount, byteOffsets, lines, rejected, columns, issues }: BlockArrays): BlockArrays {
  return {
    buffer: new ArrayBuffer(0),
    rowCount,
    byteOffsets: byteOffsets.slice(),
    lines: lines.slice(),
    rejected: rejected.slice(),
    columns: columns.map(ownColumn),
    issues,
  };
}

/** What is left of a block. @param kept names of columns */
export function reducedArrays(
  { rowCount, columns }: BlockArrays,
  kept: readonly string[],
  reduced: object,
): BlockArrays {
  return {
    buffer: new ArrayBuffer(0),
    rowCount,
    byteOffsets: new Float64Array(0),
    lines: new Float64Array(0),
    rejected: new Uint8Array(0),
    columns: columns.filter(({ name }) => kept.includes(name)).map(ownColumn),
    issues: [],
    reduced,
  };
}

function ownColumn({ name, values, tokens }: ColumnArrays): ColumnArrays {
  return { name, values: values.slice(), tokens: tokens?.slice() };
}

const WIDTHS: Readonly<Record<WorkColumn['kind'], number>> = { numeric: 8, categorical: 4, text: 4, binary: 1, raw: 0 };

function copyBytes(work: Workspace, rowCount: number): number {
  let bytes = rowCount * (8 + 8 + 1);
  for (const { kind, address } of work.columns) {
    bytes += rowCount * WIDTHS[kind];
    if (kind === 'text') bytes += 4 + 4 * tokenCount(work, address, rowCount);
  }
  return bytes;
}

function tokenCount(work: Workspace, column: number, rowCount: number): number {
  return work.word(work.word(column, layout.VALUES), rowCount * 4);
}

function copyColumn(
  work: Workspace,
  copies: Arrays,
  { name, kind, address }: WorkColumn,
  rowCount: number,
): ColumnArrays {
  const values = work.word(address, layout.VALUES);
  if (kind === 'numeric') return { name, values: copies.f64(values, rowCount) };
  if (kind === 'binary') return { name, values: copies.u8(values, rowCount) };
  if (kind === 'categorical') return { name, values: copies.u32(values, rowCount) };
  const tokens = copies.u32(work.word(address, layout.TOKENS), tokenCount(work, address, rowCount));
  return { name, values: copies.u32(values, rowCount + 1), tokens };
}

/** Arrays in kernel memory, by their addresses, for the host. */
interface Arrays {
  readonly buffer: ArrayBufferLike;
  f64(address: number, length: number): Float64Array;
  u32(address: number, length: number): Uint32Array;
  u8(address: number, length: number): Uint8Array;
}

class ArrayViews implements Arrays {
  readonly buffer: ArrayBufferLike;

  constructor(work: Workspace) {
    this.buffer = work.regions.memory.buffer;
  }

  f64(address: number, length: number): Float64Array {
    return new Float64Array(this.buffer, address, length);
  }

  u32(address: number, length: number): Uint32Array {
    return new Uint32Array(this.buffer, address, length);
  }

  u8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.buffer, address, length);
  }
}

function openCopies(work: Workspace, rowCount: number, spare?: ArrayBufferLike): Arrays {
  const bytes = copyBytes(work, rowCount);
  return new ArrayCopies(work, spare && spare.byteLength >= bytes ? spare : newBuffer(bytes));
}

/** A shared one where there is such: many others make the engine collect garbage again and again, and have to be moved. */
function newBuffer(bytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
}

/** Copies side by side in one buffer. */
class ArrayCopies implements Arrays {
  #offset = 0;

  constructor(
    private readonly work: Workspace,
    readonly buffer: ArrayBufferLike,
  ) {}

  f64(address: number, length: number): Float64Array {
    const copy = new Float64Array(this.buffer, this.#advance(8 * length), length);
    copy.set(this.work.regions.f64.subarray(address / 8, address / 8 + length));
    return copy;
  }

  u32(address: number, length: number): Uint32Array {
    const copy = new Uint32Array(this.buffer, this.#advance(4 * length), length);
    copy.set(this.work.regions.u32.subarray(address / 4, address / 4 + length));
    return copy;
  }

  u8(address: number, length: number): Uint8Array {
    const copy = new Uint8Array(this.buffer, this.#advance(length), length);
    copy.set(this.work.regions.u8.subarray(address, address + length));
    return copy;
  }

  #advance(bytes: number): number {
    const offset = this.#offset;
    this.#offset += bytes;
    return offset;
  }
}
