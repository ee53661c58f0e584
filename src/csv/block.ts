import { ColumnTable } from 'arquero';
import { type ColumnBlock, type Dictionary, type RecordIssue, TextColumn } from '../datasource/block.js';
import * as layout from './layout.js';
import type { BlockNotes } from './notes.js';
import type { WorkColumn, Workspace } from './workspace.js';

type Column = Float64Array | Uint32Array | Uint8Array | TextColumn | string[];

/** Copy the rows that the kernel has stored out of its memory, as a block that owns its memory. */
export function takeBlock(
  work: Workspace,
  notes: BlockNotes,
  dictionaries: ReadonlyMap<string, Dictionary>,
  source: string,
): ColumnBlock {
  const rowCount = work.word(work.state, layout.ROW);
  const arrays = new ArrayCopies(work, copyBytes(work, rowCount));
  const byteOffsets = arrays.f64(work.word(work.state, layout.OFFSETS), rowCount);
  const lines = arrays.f64(work.word(work.state, layout.LINES), rowCount);
  // Doubles first, single bytes last: so every copy is aligned.
  const copied = new Map<WorkColumn, Column>();
  for (const width of [8, 4, 1]) {
    for (const column of work.columns) {
      if (WIDTHS[column.kind] === width) copied.set(column, copyColumn(work, arrays, column, rowCount, dictionaries));
    }
  }
  const rejected = arrays.u8(work.word(work.state, layout.REJECTED), rowCount);
  const issues: readonly RecordIssue[] = notes.takeIssues();
  const columns = work.columns.map((column) => {
    return [column.name, copied.get(column) ?? notes.takeTexts(column.field, rowCount)] as const;
  });
  const names = columns.map(([name]) => name);
  const table = new ColumnTable(Object.fromEntries(columns), names);
  work.setWord(work.state, layout.ROW, 0);
  return { table, rowCount, dictionaries, rejected, byteOffsets, lines, issues, source };
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
  arrays: ArrayCopies,
  { name, kind, address }: WorkColumn,
  rowCount: number,
  dictionaries: ReadonlyMap<string, Dictionary>,
): Column {
  const values = work.word(address, layout.VALUES);
  if (kind === 'numeric') return arrays.f64(values, rowCount);
  if (kind === 'binary') return arrays.u8(values, rowCount);
  if (kind === 'categorical') return arrays.u32(values, rowCount);
  const tokens = arrays.u32(work.word(address, layout.TOKENS), tokenCount(work, address, rowCount));
  return new TextColumn(arrays.u32(values, rowCount + 1), tokens, dictionaries.get(name)!);
}

/** Copies of arrays in kernel memory, side by side in one buffer. */
class ArrayCopies {
  readonly #buffer: ArrayBuffer;
  readonly #work: Workspace;
  #offset = 0;

  constructor(work: Workspace, bytes: number) {
    this.#work = work;
    this.#buffer = new ArrayBuffer(bytes);
  }

  f64(address: number, length: number): Float64Array {
    const copy = new Float64Array(this.#buffer, this.#advance(8 * length), length);
    copy.set(this.#work.regions.f64.subarray(address / 8, address / 8 + length));
    return copy;
  }

  u32(address: number, length: number): Uint32Array {
    const copy = new Uint32Array(this.#buffer, this.#advance(4 * length), length);
    copy.set(this.#work.regions.u32.subarray(address / 4, address / 4 + length));
    return copy;
  }

  u8(address: number, length: number): Uint8Array {
    const copy = new Uint8Array(this.#buffer, this.#advance(length), length);
    copy.set(this.#work.regions.u8.subarray(address, address + length));
    return copy;
  }

  #advance(bytes: number): number {
    const offset = this.#offset;
    this.#offset += bytes;
    return offset;
  }
}
