import type { ColumnTable } from 'arquero';
import { InvalidInput } from '../errors.js';
import {
  type Column,
  type ColumnBlock,
  type ColumnPlan,
  type Dictionary,
  type RecordIssue,
  TextColumn,
} from './block.js';
import { ValueDictionary } from './dictionary.js';
import type { DataSource } from './source.js';

/** One observation: attribute names and values; numbers, booleans and strings as a CSV file would spell them. */
export type DataRecord = Readonly<Record<string, unknown>>;

/** Rows that live in JavaScript: an array of objects, or an arquero table (filtered and ordered as it stands). */
export interface Rows {
  readonly length: number;
  readonly names: readonly string[];
  value(row: number, name: string): unknown;
  /** The values of an attribute as they lie in memory, when they are doubles in row order, finite or NaN. */
  doubles(name: string): Float64Array | undefined;
}

const isInfinite = (value: number): boolean => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;

/**
 * @param records names are the keys of all of them, in order of appearance
 * @throws InvalidInput when one is not an object
 */
export function rowsOfRecords(records: readonly DataRecord[]): Rows {
  const names = new Set<string>();
  for (const [row, record] of records.entries()) {
    if (typeof record !== 'object' || record === null) {
      throw new InvalidInput(`records[${row}]: ${record} is not an object`, {
        hint: 'give objects of attribute names and values',
      });
    }
    for (const name of Object.keys(record)) names.add(name);
  }
  return {
    length: records.length,
    names: [...names],
    value: (row, name) => (Object.hasOwn(records[row], name) ? records[row][name] : undefined),
    doubles: () => undefined,
  };
}

/** Whether data is an arquero table, of whichever copy of arquero; which need not be loaded to know. */
export function isTable(data: unknown): data is ColumnTable {
  const { column, columnNames, indices, numRows } = (data ?? {}) as Partial<ColumnTable>;
  return [column, columnNames, indices, numRows].every((method) => typeof method === 'function');
}

export function rowsOfTable(table: ColumnTable): Rows {
  const plain = !table.isFiltered() && !table.isOrdered();
  const indices = table.indices();
  return {
    length: table.numRows(),
    names: table.columnNames(),
    value: (row, name) => table.column(name)?.at(indices[row]),
    doubles: (name) => {
      const column = table.column(name) as unknown;
      return plain && column instanceof Float64Array && !column.some(isInfinite) ? column : undefined;
    },
  };
}

/** A value as a CSV file would spell it; null, undefined and NaN are missing: ''. */
export function spell(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))) return '';
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

const BLOCK_SIZE = 4096;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const POSITIVE = new Set(['1', 'y', 'yes', 't', 'true']);
const NEGATIVE = new Set(['0', 'n', 'no', 'f', 'false']);

/** A NUMERIC value: NaN when missing, undefined when invalid. */
export function numeric(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) || Number.isNaN(value) ? value : undefined;
  const text = spell(value).trim();
  if (text === '') return Number.NaN;
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A BINARY value: 2 when missing, undefined when invalid. */
export function binary(value: unknown): number | undefined {
  const text = spell(value).trim().toLowerCase();
  if (text === '') return 2;
  if (POSITIVE.has(text)) return 1;
  return NEGATIVE.has(text) ? 0 : undefined;
}

/** Makes blocks of rows; keeps the dictionaries, so that codes stay the same from call to call. */
export class BlockBuilder {
  readonly #dictionaries = new Map<string, ValueDictionary>();

  constructor(
    readonly plan: readonly ColumnPlan[],
    readonly source: string,
  ) {
    for (const { name, kind } of plan) {
      if (kind === 'categorical' || kind === 'text') this.#dictionaries.set(name, new ValueDictionary());
    }
  }

  build(rows: Rows, begin: number, end: number): ColumnBlock {
    const rowCount = end - begin;
    const issues: RecordIssue[] = [];
    const columns = new Map<string, Column>();
    for (const { name, kind } of this.plan) {
      if (kind === 'skip') continue;
      columns.set(name, this.#column(rows, begin, rowCount, name, kind, issues));
    }
    const numbers = Float64Array.from({ length: rowCount }, (_, row) => begin + row);
    return {
      columns,
      rowCount,
      dictionaries: this.#dictionaries as ReadonlyMap<string, Dictionary>,
      rejected: new Uint8Array(rowCount),
      byteOffsets: numbers,
      lines: numbers.map((row) => row + 1),
      issues,
      source: this.source,
    };
  }

  #column(
    rows: Rows,
    begin: number,
    rowCount: number,
    name: string,
    kind: ColumnPlan['kind'],
    issues: RecordIssue[],
  ): Column {
    const invalid = (row: number, expected: string, missing: number): number => {
      const text = spell(rows.value(begin + row, name)).slice(0, 80);
      issues.push({ row, kind: 'value', reason: `not a ${expected} value`, attribute: name, text });
      return missing;
    };
    const each = <T extends { [row: number]: number }>(column: T, read: (value: unknown, row: number) => number): T => {
      for (let row = 0; row < rowCount; row++) column[row] = read(rows.value(begin + row, name), row);
      return column;
    };
    switch (kind) {
      case 'numeric':
        return (
          rows.doubles(name)?.slice(begin, begin + rowCount) ??
          each(new Float64Array(rowCount), (value, row) => numeric(value) ?? invalid(row, 'NUMERIC', Number.NaN))
        );
      case 'binary':
        return each(new Uint8Array(rowCount), (value, row) => binary(value) ?? invalid(row, 'BINARY', 2));
      case 'categorical': {
        const dictionary = this.#dictionaries.get(name)!;
        return each(new Uint32Array(rowCount), (value) => dictionary.intern(spell(value)));
      }
      case 'text':
        return this.#text(rows, begin, rowCount, name);
      default:
        return Array.from({ length: rowCount }, (_, row) => spell(rows.value(begin + row, name)));
    }
  }

  #text(rows: Rows, begin: number, rowCount: number, name: string): TextColumn {
    const dictionary = this.#dictionaries.get(name)!;
    const offsets = new Uint32Array(rowCount + 1);
    const codes: number[] = [];
    for (let row = 0; row < rowCount; row++) {
      for (const token of spell(rows.value(begin + row, name)).split(/\s+/)) {
        if (token !== '') codes.push(dictionary.intern(token));
      }
      offsets[row + 1] = codes.length;
    }
    return new TextColumn(offsets, Uint32Array.from(codes), dictionary);
  }
}

/** Rows in memory as a data source. */
export function openRows(rows: Rows, plan: readonly ColumnPlan[], name: string): DataSource {
  const builder = new BlockBuilder(plan, name);
  return {
    name,
    sizeInBytes: undefined,
    async *read() {
      for (let begin = 0; begin < rows.length; begin += BLOCK_SIZE) {
        yield builder.build(rows, begin, Math.min(begin + BLOCK_SIZE, rows.length));
      }
    },
    countRecords: async () => rows.length,
  };
}
