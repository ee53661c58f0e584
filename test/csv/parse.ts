import { readFileSync } from 'node:fs';
import { type CsvOptions, type CsvParser, openParser } from '../../src/csv/parser.js';
import { type ColumnBlock, type ColumnKind, type ColumnPlan, TextColumn } from '../../src/datasource/block.js';

export const kernelModule = new WebAssembly.Module(readFileSync(new URL('../../build/kernel.wasm', import.meta.url)));

/** Everything that the blocks of a file say, row by row. */
export interface Parsed {
  rowCount: number;
  /** By column name: numbers, codes' texts, lists of tokens, strings. */
  columns: Record<string, unknown[]>;
  rejected: number[];
  lines: number[];
  byteOffsets: number[];
  /** `row: reason`, `row attribute: reason "text"`; rows counted over the whole file. */
  issues: string[];
  blockRows: number[];
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Columns a, b, c … of the given kinds. */
export function planOf(...kinds: ColumnKind[]): ColumnPlan[] {
  return kinds.map((kind, i) => ({ name: String.fromCharCode(97 + i), kind }));
}

export interface ParseOptions {
  readonly header?: boolean;
  readonly blockSize?: number;
  readonly segmentBytes?: number;
  readonly chunkBytes?: number;
}

export function csvOptions({ header = false, blockSize, segmentBytes }: ParseOptions): CsvOptions {
  return { header, blockSize, segmentBytes, source: 'data.csv' };
}

export function open(plan: readonly ColumnPlan[], options: ParseOptions = {}): CsvParser {
  return openParser(kernelModule, plan, csvOptions(options));
}

export function parse(plan: readonly ColumnPlan[], file: string | Uint8Array, options: ParseOptions = {}): Parsed {
  return parseWith(open(plan, options), file, options);
}

/** Parse a whole file with a parser that has just been opened or reset. */
export function parseWith(parser: CsvParser, file: string | Uint8Array, { chunkBytes = 0 }: ParseOptions = {}): Parsed {
  const parsed = nothingParsed();
  for (const block of blocksOf(parser, typeof file === 'string' ? utf8(file) : file, chunkBytes))
    addBlock(parsed, block);
  return parsed;
}

export function nothingParsed(): Parsed {
  return { rowCount: 0, columns: {}, rejected: [], lines: [], byteOffsets: [], issues: [], blockRows: [] };
}

export function* blocksOf(parser: CsvParser, bytes: Uint8Array, chunkBytes = 0): Generator<ColumnBlock> {
  const step = chunkBytes || Math.max(1, bytes.length);
  for (let start = 0; start < bytes.length; start += step) yield* parser.push(bytes.slice(start, start + step));
  yield* parser.end();
}

export function addBlock(parsed: Parsed, block: ColumnBlock): void {
  for (const name of block.columns.keys()) {
    parsed.columns[name] ??= [];
    for (let row = 0; row < block.rowCount; row++) parsed.columns[name].push(valueAt(block, name, row));
  }
  for (const { row, kind, reason, attribute, text } of block.issues) {
    const at = parsed.rowCount + row;
    parsed.issues.push(kind === 'record' ? `${at}: ${reason}` : `${at} ${attribute}: ${reason} "${text}"`);
  }
  parsed.rejected.push(...block.rejected);
  parsed.lines.push(...block.lines);
  parsed.byteOffsets.push(...block.byteOffsets);
  parsed.blockRows.push(block.rowCount);
  parsed.rowCount += block.rowCount;
}

function valueAt(block: ColumnBlock, name: string, row: number): unknown {
  const column: unknown = block.columns.get(name);
  if (column instanceof TextColumn) {
    const codes = [...column.codes.subarray(column.offsets[row], column.offsets[row + 1])];
    return codes.map((code) => column.dictionary.text(code));
  }
  if (column instanceof Uint32Array) return block.dictionaries.get(name)!.text(column[row]);
  return (column as ArrayLike<unknown>)[row];
}
