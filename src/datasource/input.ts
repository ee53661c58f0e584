import type { ParserThreads } from '../csv/parallel.js';
import { firstRecord } from '../csv/read.js';
import { InvalidInput } from '../errors.js';
import type { ColumnPlan } from './block.js';
import { type ByteSource, noObservations, readPrefix } from './bytes.js';
import { SAMPLE_ROWS, sampleCsv } from './csv-sample.js';
import { type CsvSource, type DataFiles, openCsvSource, sum } from './csv-source.js';
import { openRows, type Rows, spell } from './records.js';
import { type SampleColumn, sampleOfTexts } from './sample-column.js';
import type { DataSource } from './source.js';
import { worthThreads } from './worth-threads.js';

const FIRST_RECORD_BYTES = 1 << 18;

/** Data that has not been opened with a plan yet: what can be known of it before it has a schema. */
export interface Input {
  readonly name: string;
  readonly sizeInBytes: number | undefined;
  /** True when columns are found by name and there is no header line to check: rows in memory. */
  readonly named: boolean;
  /** Files that its schema may be in, best first; none for data that is no file. */
  readonly schemaPaths: readonly string[];
  /** The fields of the first line, or the names of columns in memory. */
  firstFields(): Promise<readonly string[]>;
  /** The first line of each file that is not empty. */
  firstLines(): Promise<readonly FirstLine[]>;
  /**
   * The first rows, for inference: per name its column.
   *
   * @param header the first line of each file is a header
   * @throws InvalidInput when there are rows and none can be read
   */
  sample(names: readonly string[], header: boolean): Promise<SampleColumn[]>;
  /** @param keptBytes columns that take no more are kept after the first reading; default: a modest number */
  open(plan: readonly ColumnPlan[], header: boolean, keptBytes?: number): DataSource;
  close(): Promise<void>;
}

/** The first line of a file. */
export interface FirstLine {
  readonly fields: readonly string[];
  /** File name. */
  readonly source: string;
}

/**
 * @param data one file, or several that are read as one
 * @param module the kernel
 * @param threads to parse large files with
 */
export function csvInput(
  data: ByteSource | (DataFiles & { readonly schemaPaths?: readonly string[] }),
  module: WebAssembly.Module,
  threads?: ParserThreads,
): Input {
  const files = 'files' in data ? data.files : [data];
  const { name } = data;
  const opened: CsvSource[] = [];
  const sizeInBytes = sum(files, (file) => file.sizeInBytes);
  if (threads !== undefined && worthThreads(sizeInBytes, threads)) threads.prepare();
  return {
    name,
    sizeInBytes,
    named: false,
    schemaPaths: ('schemaPaths' in data && data.schemaPaths) || [],
    open(plan, header, keptBytes) {
      const source = openCsvSource({ name, files }, { plan, header, module, threads, keptBytes });
      opened.push(source);
      return source;
    },
    async firstFields() {
      for await (const { fields } of firstLines(files)) return fields;
      throw noObservations(name);
    },
    async firstLines() {
      const lines: FirstLine[] = [];
      for await (const line of firstLines(files)) lines.push(line);
      if (lines.length === 0) throw noObservations(name);
      return lines;
    },
    sample: (names, header) => sampleCsv({ name, files }, names, header, module),
    async close() {
      for (const source of opened) source.close();
      await threads?.close();
      for (const file of files) await file.close?.();
    },
  };
}

async function* firstLines(files: readonly ByteSource[]): AsyncGenerator<FirstLine> {
  for (const file of files) {
    const { bytes } = await readPrefix(file, FIRST_RECORD_BYTES);
    const record = firstRecord(bytes, file.name);
    if (record && !bytes.includes(LINE_FEED)) refuseReturns(record.fields, file.name);
    if (record) yield { fields: record.fields, source: file.name };
  }
}

const LINE_FEED = 10;

/** The line ends of old Mac OS are no line ends; the service could not read them either. */
function refuseReturns(fields: readonly string[], source: string): void {
  if (!fields.some((field) => field.includes('\r'))) return;
  throw new InvalidInput(`${source}: lines end with carriage returns alone; line feeds are expected`, {
    hint: `convert it, for example: tr '\\r' '\\n' < ${source} > unix.csv`,
  });
}

export function rowsInput(rows: Rows, name: string): Input {
  return {
    name,
    sizeInBytes: undefined,
    named: true,
    schemaPaths: [],
    firstFields: async () => rows.names,
    firstLines: async () => [{ fields: rows.names, source: name }],
    async sample(names) {
      const length = Math.min(rows.length, SAMPLE_ROWS);
      const texts = (of: string): string[] => Array.from({ length }, (_, row) => spell(rows.value(row, of)));
      return names.map((column) => sampleOfTexts(texts(column)));
    },
    open(plan) {
      if (rows.length === 0) throw noObservations(name);
      const absent = plan.find((column) => column.kind !== 'skip' && !rows.names.includes(column.name));
      if (absent) {
        throw new InvalidInput(`${name}: no attribute '${absent.name}'`, {
          hint: `attributes: ${rows.names.join(', ')}`,
        });
      }
      return openRows(rows, plan, name);
    },
    close: async () => {},
  };
}
