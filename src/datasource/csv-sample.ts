import { mayHoldLeadingZeros } from '../csv/leading-zeros.js';
import { openParser } from '../csv/parser.js';
import { InvalidInput } from '../errors.js';
import type { ColumnBlock, ColumnKind, ColumnPlan, Dictionary } from './block.js';
import { type ByteSource, readPrefix } from './bytes.js';
import { type DataFiles, readFiles } from './csv-source.js';
import { guessNumeric } from './guess-numeric.js';
import { type SampleColumn, valueSample } from './sample-column.js';

/** Rows that types are inferred from, at most. */
export const SAMPLE_ROWS = 10_000;
const SAMPLE_BYTES = 4 * 2 ** 20;

/** The beginning of the data. */
interface Beginning {
  readonly name: string;
  /** Whole lines, in memory. */
  readonly files: readonly ByteSource[];
  readonly header: boolean;
  readonly module: WebAssembly.Module;
}

/**
 * The first rows of CSV files, for inference. No text is made of the fields of columns that hold numbers only, and of other
 * columns one of each value.
 *
 * @param names of the columns
 * @param header the first line of each file is a header
 * @param module the kernel
 * @returns one column per name
 * @throws InvalidInput when there are rows and none can be read
 */
export async function sampleCsv(
  { name, files }: DataFiles,
  names: readonly string[],
  header: boolean,
  module: WebAssembly.Module,
): Promise<SampleColumn[]> {
  const prefixes = await samplePrefixes(files);
  const beginning = { name, header, module, files: prefixes.map(({ file }) => file) };
  const numeric = guessNumeric(prefixes[0]?.lines ?? new Uint8Array(), names.length);
  const plan = names.map((column, i): ColumnPlan => ({ name: column, kind: numeric[i] ? 'numeric' : 'categorical' }));
  const first = await readRows(beginning, plan);
  const codes = prefixes.some(({ lines }) => mayHoldLeadingZeros(module, lines));
  const columns = plan.map((column) => sampleColumn(first, column, codes));
  if (columns.every((column) => column !== undefined)) return columns;

  const left = plan.map(({ name }, i): ColumnPlan => ({ name, kind: columns[i] ? 'skip' : 'categorical' }));
  const second = await readRows(beginning, left);
  return columns.map((column, i) => column ?? sampleColumn(second, left[i], codes)!);
}

/** The first megabytes of the data in memory: files as they are, the last one up to the end of a line. */
async function samplePrefixes(files: readonly ByteSource[]): Promise<{ file: ByteSource; lines: Uint8Array }[]> {
  const sampled: { file: ByteSource; lines: Uint8Array }[] = [];
  let length = 0;
  for (const file of files) {
    if (length >= SAMPLE_BYTES) break;
    const { bytes, whole } = await readPrefix(file, SAMPLE_BYTES - length);
    const lines = whole ? bytes : bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    sampled.push({ file: { ...file, open: () => once(lines), openParts: undefined }, lines });
    length += bytes.length;
  }
  return sampled;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Columns of the rows that could be read. */
interface Rows {
  readonly columns: ReadonlyMap<string, Float64Array | Uint32Array>;
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
  /** Columns in which something else than numbers stands, of those read as such. */
  readonly invalid: ReadonlySet<string>;
}

async function readRows({ name, files, header, module }: Beginning, plan: readonly ColumnPlan[]): Promise<Rows> {
  const parser = openParser(module, plan, { header, source: name });
  const read = plan.filter(({ kind }) => kind !== 'skip');
  const columns = new Map(read.map((column) => [column.name, emptyColumn(column.kind)]));
  const invalid = new Set<string>();
  let dictionaries: Rows['dictionaries'] = new Map();
  let rowCount = 0;
  let rejected: string | undefined;
  for await (const block of readFiles(files, parser, () => true)) {
    for (const { start, end } of acceptedRanges(block, SAMPLE_ROWS - rowCount)) {
      for (const [column, values] of columns) {
        values.set((block.columns.get(column) as typeof values).subarray(start, end), rowCount);
      }
      rowCount += end - start;
    }
    dictionaries = block.dictionaries;
    for (const { kind, attribute } of block.issues) if (kind === 'value') invalid.add(attribute!);
    rejected ??= firstRejection(block);
    if (rowCount === SAMPLE_ROWS) break;
  }
  if (rowCount === 0 && rejected !== undefined) {
    throw new InvalidInput(`${name}: no observation can be read; ${rejected}`, {
      hint: 'every line must have as many fields as the first one, separated by commas',
    });
  }
  return {
    columns: new Map([...columns].map(([of, values]) => [of, values.subarray(0, rowCount)])),
    dictionaries,
    invalid,
  };
}

function emptyColumn(kind: ColumnKind): Float64Array | Uint32Array {
  return kind === 'numeric' ? new Float64Array(SAMPLE_ROWS) : new Uint32Array(SAMPLE_ROWS);
}

/** Neighbouring rows of the block that could be read, as many rows as are wanted. */
function* acceptedRanges(
  { rowCount, rejected }: ColumnBlock,
  wanted: number,
): Generator<{ start: number; end: number }> {
  for (let start = 0, left = wanted; start < rowCount && left > 0; ) {
    const next = rejected.indexOf(1, start);
    const end = Math.min(next < 0 ? rowCount : next, start + left);
    if (end > start) yield { start, end };
    left -= end - start;
    start = end + 1;
  }
}

function firstRejection({ issues, lines, source, startOffset }: ColumnBlock): string | undefined {
  const issue = issues.find(({ kind }) => kind === 'record');
  const file = startOffset === undefined ? '' : `${source}, `;
  return issue && `${file}line ${lines[issue.row]}: ${issue.reason}`;
}

/**
 * @param codes numbers may be written with leading zeros
 * @returns undefined when the column was read as numbers and may be more than those
 */
function sampleColumn(
  { columns, dictionaries, invalid }: Rows,
  { name, kind }: ColumnPlan,
  codes: boolean,
): SampleColumn | undefined {
  const values = columns.get(name);
  if (kind === 'categorical') {
    const dictionary = dictionaries.get(name);
    return valueSample(values as Uint32Array, (code) => dictionary!.text(code));
  }
  const numbers = values as Float64Array | undefined;
  if (numbers === undefined || invalid.has(name)) return undefined;
  // 0 and 1 may be BINARY, and whole numbers codes, by how they are written.
  const isQuantity = numbers.some((number) => number > 1 || number < 0 || (number > 0 && number < 1));
  if (!isQuantity || (codes && numbers.some(Number.isInteger))) return undefined;
  return { rowCount: numbers.length, numbers };
}
