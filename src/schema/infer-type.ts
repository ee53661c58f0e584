import { type ColumnSummary, median, total } from './column-summary.js';
import type { AttributeType } from './schema.js';
import { binaryPair, parseBinary } from './values.js';

/** A type, and for people why. */
export interface TypeChoice {
  readonly type: AttributeType;
  readonly reason: string;
}

/** What stands for a missing number in files of other tools. */
const PLACEHOLDERS = new Set([
  '?',
  '-',
  '--',
  '.',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  '(null)',
  '\\n',
  'nil',
  'none',
  'missing',
  'unknown',
]);
const LEADING_ZERO = /^[+-]?0\d+$/;

/**
 * The type that the values of a column suggest. The first rule that fits decides:
 *
 * 1. no values at all: CATEGORICAL, which nothing later in the file can contradict
 * 2. both values of one pair 0/1, n/y, no/yes, f/t, false/true, in any letter case, and nothing else: BINARY
 * 3. numbers, one of them written with leading zeros (007): CATEGORICAL, a code
 * 4. numbers only; or at least half numbers, the rest well-known placeholders (NA, ?, null, …); or at least 95 % numbers
 *    and at most 3 other values: NUMERIC
 * 5. at most 100 distinct values, each occurring 10 times on average: CATEGORICAL, however many words they have
 * 6. 3 or more words in the median or 5 in the mean, or mostly distinct values of 20 or more characters: TEXT
 * 7. CATEGORICAL
 */
export function inferType(column: ColumnSummary): TypeChoice {
  if (column.filled === 0) return { type: 'CATEGORICAL', reason: `all ${formatCount(column.empty)} values are empty` };
  return inferBinary(column) ?? inferNumeric(column) ?? inferWords(column);
}

function inferBinary(column: ColumnSummary): TypeChoice | undefined {
  const meanings = new Set(column.values.map(parseBinary));
  if (meanings.has(undefined) || meanings.size !== 2) return undefined;
  if (new Set(column.values.map(binaryPair)).size !== 1) return undefined;
  const spelling = (meaning: 0 | 1): string => column.values.find((value) => parseBinary(value) === meaning)!;
  return { type: 'BINARY', reason: `${everyValue(column)} ${spelling(0)} or ${spelling(1)}${emptyPart(column)}` };
}

function inferNumeric(column: ColumnSummary): TypeChoice | undefined {
  const others = column.values.filter((_, index) => column.numbers[index] === undefined);
  const share = total(column, (_, index) => (column.numbers[index] === undefined ? 0 : 1)) / column.filled;
  const placeholders = others.every((value) => PLACEHOLDERS.has(value.toLowerCase()));
  const numeric = (placeholders && share >= 0.5) || (others.length <= 3 && share >= 0.95);
  if (!numeric) return undefined;
  const code = column.values.find((value) => LEADING_ZERO.test(value));
  if (code !== undefined) return { type: 'CATEGORICAL', reason: `codes: '${code}' has leading zeros` };

  const range = describeRange(column);
  if (others.length === 0) return { type: 'NUMERIC', reason: `${everyValue(column)} ${range}${emptyPart(column)}` };
  const quoted = others.slice(0, 5).map((value) => `'${value}'`);
  const percent = (Math.floor(share * 1000) / 10).toFixed(1);
  return {
    type: 'NUMERIC',
    reason: `${percent}% of ${formatCount(column.filled)} values are ${range}; invalid: ${quoted.join(', ')}${emptyPart(column)}`,
  };
}

function describeRange(column: ColumnSummary): string {
  const numbers = column.numbers.filter((number) => number !== undefined);
  const min = numbers.reduce((a, b) => Math.min(a, b));
  const max = numbers.reduce((a, b) => Math.max(a, b));
  if (min === max) return `${min}`;
  const counting =
    numbers.every(Number.isInteger) && numbers.length === column.filled && max - min === numbers.length - 1;
  const identifier = counting && numbers.length >= 20 ? ', each once: a row number?' : '';
  return `numbers from ${min} to ${max}${identifier}`;
}

function inferWords(column: ColumnSummary): TypeChoice {
  const distinct = column.values.length;
  const words = (value: string): number => value.split(/\s+/).length;
  const meanWords = total(column, words) / column.filled;
  const medianWords = median(column, words);
  const meanLength = total(column, (value) => value.length) / column.filled;
  const repeated = distinct <= 100 && column.filled >= 10 * distinct;
  if (!repeated && (medianWords >= 3 || meanWords >= 5)) {
    return { type: 'TEXT', reason: `${meanWords.toFixed(1)} words in a value on average${emptyPart(column)}` };
  }
  if (!repeated && meanLength >= 20 && distinct > 0.5 * column.filled) {
    const reason = `${formatCount(distinct)} of ${formatCount(column.filled)} values are distinct and long`;
    return { type: 'TEXT', reason: reason + emptyPart(column) };
  }
  const examples = column.values.slice(0, 3).map(shorten).join(', ');
  const noun = distinct === 1 ? 'value' : 'distinct values';
  const more = distinct > 3 ? ', …' : '';
  return { type: 'CATEGORICAL', reason: `${formatCount(distinct)} ${noun}: ${examples}${more}${emptyPart(column)}` };
}

const formatCount = (count: number): string => count.toLocaleString('en');

const everyValue = ({ filled }: ColumnSummary): string =>
  filled === 1 ? 'the only value is' : `all ${formatCount(filled)} values are`;

const emptyPart = ({ empty }: ColumnSummary): string => (empty === 0 ? '' : `; ${formatCount(empty)} empty`);

const shorten = (value: string): string => (value.length > 30 ? `${value.slice(0, 29)}…` : value);
