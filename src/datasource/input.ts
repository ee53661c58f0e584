import { ColumnTable } from 'arquero';
import { firstRecord } from '../csv/read.js';
import { InvalidInput } from '../errors.js';
import type { ColumnPlan } from './block.js';
import { type ByteSource, noObservations, readPrefix } from './bytes.js';
import { openCsvSource } from './csv-source.js';
import { openRows, type Rows, spell } from './records.js';
import type { DataSource } from './source.js';

/** Rows that types are inferred from, at most. */
export const SAMPLE_ROWS = 10_000;
const SAMPLE_BYTES = 4 * 2 ** 20;
const FIRST_RECORD_BYTES = 1 << 18;

/** Data that has not been opened with a plan yet: what can be known of it before it has a schema. */
export interface Input {
  readonly name: string;
  readonly sizeInBytes: number | undefined;
  /** True when columns are found by name and there is no header line to check: rows in memory. */
  readonly named: boolean;
  /** The fields of the first line, or the names of columns in memory. */
  firstFields(): Promise<readonly string[]>;
  /**
   * The first rows as an arquero table of strings, for inference.
   *
   * @param header the first line is a header
   */
  sample(names: readonly string[], header: boolean): Promise<ColumnTable>;
  open(plan: readonly ColumnPlan[], header: boolean): DataSource;
  close(): Promise<void>;
}

/** @param module the plain build of the WebAssembly module */
export function csvInput(bytes: ByteSource, module: WebAssembly.Module): Input {
  const { name, sizeInBytes } = bytes;
  const open = (plan: readonly ColumnPlan[], header: boolean): DataSource =>
    openCsvSource(bytes, { plan, header, module });
  return {
    name,
    sizeInBytes,
    named: false,
    open,
    async firstFields() {
      const prefix = await readPrefix(bytes, FIRST_RECORD_BYTES);
      const record = firstRecord(prefix.bytes, name);
      if (record === undefined) throw noObservations(name);
      return record.fields;
    },
    async sample(names, header) {
      const prefix = await readPrefix(bytes, SAMPLE_BYTES);
      const sampled: ByteSource = { ...bytes, open: () => once(prefix) };
      const columns = names.map((): string[] => []);
      const plan = names.map((column): ColumnPlan => ({ name: column, kind: 'raw' }));
      for await (const block of openCsvSource(sampled, { plan, header, module }).read()) {
        const texts = names.map((column) => block.table.column(column) as unknown as string[]);
        for (let row = 0; row < block.rowCount && columns[0].length < SAMPLE_ROWS; row++) {
          if (block.rejected[row] !== 0) continue;
          for (let i = 0; i < columns.length; i++) columns[i].push(texts[i][row]);
        }
      }
      return stringTable(names, columns);
    },
    close: async () => bytes.close?.(),
  };
}

/** The prefix up to its last whole line, so that no record of the sample is cut. */
async function* once({ bytes, whole }: { bytes: Uint8Array; whole: boolean }): AsyncGenerator<Uint8Array> {
  yield whole ? bytes : bytes.subarray(0, bytes.lastIndexOf(10) + 1);
}

export function rowsInput(rows: Rows, name: string): Input {
  return {
    name,
    sizeInBytes: undefined,
    named: true,
    firstFields: async () => rows.names,
    async sample(names) {
      const length = Math.min(rows.length, SAMPLE_ROWS);
      const column = (of: string): string[] => Array.from({ length }, (_, row) => spell(rows.value(row, of)));
      return stringTable(names, names.map(column));
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

function stringTable(names: readonly string[], columns: readonly string[][]): ColumnTable {
  return new ColumnTable(Object.fromEntries(names.map((name, i) => [name, columns[i]])), [...names]);
}
