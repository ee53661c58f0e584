import { isNumberSample, type SampleColumn } from '../datasource/sample-column.js';
import { InvalidInput } from '../errors.js';
import { suggest } from '../suggest.js';
import { isPlaceholder } from './placeholders.js';
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
 * Compare the headers of files that are read as one.
 *
 * @param lines the first line of each file
 * @throws InvalidInput naming the file whose header differs from that of the first, and the column
 */
export function checkSameHeader(lines: readonly { fields: readonly string[]; source: string }[]): void {
  const [first, ...others] = lines;
  const expected = headerNames(first.fields);
  for (const { fields, source } of others) {
    const found = headerNames(fields);
    if (found.length !== expected.length) {
      throw new InvalidInput(
        `${source}: line 1: the header has ${count(found.length)}, that of ${first.source} has ${count(expected.length)}`,
        { hint: SAME_HEADERS },
      );
    }
    const column = expected.findIndex((name, index) => name !== found[index]);
    if (column === -1) continue;
    throw new InvalidInput(
      `${source}: line 1, column ${column + 1}: found the name '${found[column]}' where ${first.source} has '${expected[column]}'`,
      { hint: SAME_HEADERS },
    );
  }
}

const SAME_HEADERS = 'files that are read as one data source have the same columns in the same order';

/** Rows that tell whether a column is numeric. */
const NUMERIC_ROWS = 1000;
/** Share of numbers from which a column is numeric for certain. */
const SURELY = 0.95;

/**
 * Whether the first line of a file names its columns. It does not when a number stands over a column of numbers, nor when
 * all its fields are empty. It does when something else than a number or a placeholder stands over a column of which at least
 * 95 % are numbers. Otherwise it does when all fields are filled (but the first may be empty over numbers, as data frames
 * write it), differ, and none is a value of the column below.
 *
 * @param first fields of the first line
 * @param sample the lines after it; a column may be absent
 */
export function looksLikeHeader(first: readonly string[], sample: readonly SampleColumn[]): boolean {
  const fields = first.map((field) => field.trim());
  const named = fields.filter((field) => field !== '');
  if (named.length === 0) return false;
  const shares = fields.map((_, index) => numberShare(sample[index]));
  const isNumber = (field: string): boolean => parseNumber(field) !== undefined;
  if (fields.some((field, index) => isNumber(field) && !(shares[index] < 0.5))) return false;
  const words = (field: string): boolean => field !== '' && !isNumber(field) && !isPlaceholder(field);
  if (fields.some((field, index) => words(field) && shares[index] >= SURELY)) return true;
  if (new Set(named).size < named.length) return false;
  return fields.every((field, index) => {
    if (field === '') return index === 0 && shares[index] >= 0.5;
    return shares[index] >= 0.5 || !holdsValue(sample[index], field);
  });
}

/** Share of numbers among the filled values below; NaN when there are none. */
function numberShare(column: SampleColumn | undefined): number {
  if (column === undefined) return Number.NaN;
  if (isNumberSample(column)) {
    return column.numbers.subarray(0, NUMERIC_ROWS).every(Number.isNaN) ? Number.NaN : 1;
  }
  const { codes, texts } = column;
  const filled = [...codes.subarray(0, NUMERIC_ROWS)].filter((code) => texts[code].trim() !== '');
  return filled.filter((code) => parseNumber(texts[code]) !== undefined).length / filled.length;
}

/** Whether a value that is no number occurs. */
function holdsValue(column: SampleColumn | undefined, value: string): boolean {
  if (column === undefined || isNumberSample(column)) return false;
  return column.texts.some((text) => text.trim() === value);
}

/** The fields fit the NUMERIC columns of the schema as values, and none is an attribute's name. */
function looksLikeData(fields: readonly string[], schema: Schema): boolean {
  const names = new Set(schema.attributes.map(({ attributeName }) => attributeName));
  if (fields.some((field) => names.has(field.trim()))) return false;
  const numeric = fields.filter((_, index) => schema.attributes[index]?.attributeType === 'NUMERIC');
  const isValue = (field: string): boolean => field.trim() === '' || parseNumber(field) !== undefined;
  return numeric.some((field) => parseNumber(field) !== undefined) && numeric.every(isValue);
}

/** What separates the columns of a line instead of commas, in quotes; undefined when nothing seems to. */
export function otherSeparator(line: string): string | undefined {
  const separator = [';', '\t', '|'].find((mark) => line.includes(mark));
  return separator && `'${separator === '\t' ? '\\t' : separator}'`;
}

function countMismatch(found: readonly string[], expected: readonly string[], source: string): InvalidInput {
  const separator = found.length === 1 ? otherSeparator(found[0]) : undefined;
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
        ? `columns must be separated by commas, not by ${separator}`
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
