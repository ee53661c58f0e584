import type { ColumnTable } from 'arquero';
import { InvalidInput } from '../errors.js';
import { suggest } from '../suggest.js';
import type { Schema } from './schema.js';
import { parseNumber } from './values.js';

/** The name of a column that has none, as the service's console gave it. */
export const columnName = (index: number): string => `Var${index + 1}`;

/**
 * Attribute names from the fields of a header: without surrounding white space and byte order mark; an empty field, as
 * data frame exports write over their index, becomes `Var<column>`.
 */
export function headerNames(fields: readonly string[]): string[] {
  return fields.map((field, index) => field.replace(/^\uFEFF/, '').trim() || columnName(index));
}

/**
 * Compare a file's header with the schema, by position.
 *
 * @param fields of the first line
 * @param source file name, for messages
 * @throws InvalidInput naming line, column, the name found and the name expected
 */
export function checkHeader(fields: readonly string[], schema: Schema, source: string): void {
  const expected = schema.attributes.map(({ attributeName }) => attributeName);
  const found = headerNames(fields);
  const same = (index: number): boolean => found[index] === expected[index] || fields[index] === expected[index];
  if (found.length === expected.length && found.every((_, index) => same(index))) return;

  if (looksLikeData(fields, schema)) {
    throw new InvalidInput(
      `${source}: line 1 looks like data, but the schema says that it is a header: ${excerpt(fields)}`,
      {
        hint: 'set dataFileContainsHeader to false in the schema, or add a header to the file',
      },
    );
  }
  if (found.length !== expected.length) throw countMismatch(found, expected, source);
  const column = expected.findIndex((_, index) => !same(index));
  throw new InvalidInput(
    `${source}: line 1, column ${column + 1}: found the name '${found[column]}' where the schema has '${expected[column]}'`,
    { hint: mismatchHint(found, expected, column) },
  );
}

/**
 * Whether the first line of a file names its columns: every field is filled (but the first may be empty over a numeric
 * column), none occurs twice, none is a number over a numeric column, and none is a value of the column below.
 *
 * @param first fields of the first line
 * @param sample the lines after it, columns of strings
 */
export function looksLikeHeader(first: readonly string[], sample: ColumnTable): boolean {
  const fields = first.map((field) => field.trim());
  const named = fields.filter((field) => field !== '');
  if (named.length === 0 || new Set(named).size < named.length) return false;
  const rows = sample.indices();
  return fields.every((field, index) => {
    const column = sample.columnAt(index);
    const below = column === undefined ? [] : Array.from(rows, (row) => String(column.at(row) ?? '').trim());
    const filled = below.filter((value) => value !== '');
    const numbers = filled.filter((value) => parseNumber(value) !== undefined).length;
    const numeric = filled.length > 0 && numbers >= 0.5 * filled.length;
    if (field === '') return index === 0 && numeric;
    return numeric || filled.length === 0 ? parseNumber(field) === undefined : !filled.includes(field);
  });
}

/** The fields fit the NUMERIC columns of the schema as values, and none is an attribute's name. */
function looksLikeData(fields: readonly string[], schema: Schema): boolean {
  const names = new Set(schema.attributes.map(({ attributeName }) => attributeName));
  if (fields.some((field) => names.has(field.trim()))) return false;
  const numeric = fields.filter((_, index) => schema.attributes[index]?.attributeType === 'NUMERIC');
  const isValue = (field: string): boolean => field.trim() === '' || parseNumber(field) !== undefined;
  return numeric.some((field) => parseNumber(field) !== undefined) && numeric.every(isValue);
}

function countMismatch(found: readonly string[], expected: readonly string[], source: string): InvalidInput {
  const separator = found.length === 1 ? [';', '\t', '|'].find((mark) => found[0].includes(mark)) : undefined;
  const missing = expected.filter((name) => !found.includes(name));
  const additional = found.filter((name) => !expected.includes(name));
  const parts = [
    missing.length > 0 ? `not in the file: ${excerpt(missing)}` : '',
    additional.length > 0 ? `not in the schema: ${excerpt(additional)}` : '',
  ].filter((part) => part !== '');
  return new InvalidInput(
    `${source}: line 1: the header has ${count(found.length)}, the schema has ${count(expected.length)}`,
    {
      hint: separator
        ? `columns must be separated by commas, not by '${separator === '\t' ? '\\t' : separator}'`
        : parts.join('; ') || 'a name occurs twice in the header',
    },
  );
}

const count = (columns: number): string => `${columns} ${columns === 1 ? 'column' : 'columns'}`;

function mismatchHint(found: readonly string[], expected: readonly string[], column: number): string {
  const sorted = (names: readonly string[]): string => JSON.stringify([...names].sort());
  if (sorted(found) === sorted(expected)) {
    return `the names are the same in another order: list the schema's attributes in the order of the file: ${excerpt(found)}`;
  }
  const place = found.indexOf(expected[column]);
  if (place >= 0)
    return `the schema's '${expected[column]}' is column ${place + 1} of the file; attributes are matched by position`;
  const close = suggest(found[column], [expected[column]]);
  return close
    ? `spell the name the same in both; is it '${close}'?`
    : 'attributes are matched to columns by position: correct the name in the schema or in the file';
}

/** A list of names for messages. */
function excerpt(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
}
