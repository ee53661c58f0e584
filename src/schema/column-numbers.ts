import { isNumberSample, type NumberSample, type SampleColumn, type ValueSample } from '../datasource/sample-column.js';
import { isPlaceholder } from './placeholders.js';
import { parseNumber } from './values.js';

/** A column of a sample, seen as numbers. */
export interface ColumnNumbers {
  /** Rows that have a value. */
  readonly filled: number;
  readonly empty: number;
  /** The values that are numbers, at least one: different ones in order of first appearance. */
  readonly numbers: Float64Array;
  readonly min: number;
  readonly max: number;
  /** All numbers are whole. */
  readonly whole: boolean;
  /** The values that are none, without surrounding white space, and how often each occurs. */
  readonly others: ReadonlyMap<string, number>;
  /** The first number written with leading zeros, such as 007. */
  readonly code: string | undefined;
}

/** Distinct values that are neither numbers nor placeholders and may yet stand in a NUMERIC column. */
const MOST_OTHERS = 3;
const LEADING_ZERO = /^\s*[+-]?0\d+\s*$/;

/**
 * The numbers of a column that may be NUMERIC: numbers only; or at least half numbers, the rest placeholders (NA, ?, null,
 * …); or at least 95 % numbers and at most 3 other values.
 *
 * @returns undefined for a column that is not numeric; found out early for columns of words
 */
export function scanNumbers(column: SampleColumn): ColumnNumbers | undefined {
  return isNumberSample(column) ? takeNumbers(column) : parseNumbers(column);
}

function takeNumbers({ rowCount, numbers }: NumberSample): ColumnNumbers {
  // The engine's own search is faster than a loop, and most columns have no missing value.
  const present = numbers.includes(Number.NaN) ? numbers.filter((number) => !Number.isNaN(number)) : numbers;
  const filled = present.length;
  return { filled, empty: rowCount - filled, ...describeNumbers(present), others: new Map(), code: undefined };
}

function parseNumbers({ rowCount, texts, counts }: ValueSample): ColumnNumbers | undefined {
  const numbers = new Float64Array(rowCount);
  const others = new Map<string, number>();
  let count = 0;
  let empty = 0;
  let words = 0;
  let code: string | undefined;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    const number = parseNumber(text);
    if (number !== undefined) {
      numbers.fill(number, count, count + counts[i]);
      count += counts[i];
      if (code === undefined && Number.isInteger(number) && LEADING_ZERO.test(text)) code = text.trim();
      continue;
    }
    const bare = text.trim();
    if (bare === '') {
      empty += counts[i];
      continue;
    }
    const seen = others.get(bare) ?? 0;
    if (seen === 0 && !isPlaceholder(bare)) words++;
    others.set(bare, seen + counts[i]);
    if (words > 0 && others.size > MOST_OTHERS) return undefined;
  }
  const filled = rowCount - empty;
  if (count === 0 || count < (words === 0 ? 0.5 : 0.95) * filled) return undefined;
  return { filled, empty, ...describeNumbers(numbers.slice(0, count)), others, code };
}

function describeNumbers(numbers: Float64Array): Pick<ColumnNumbers, 'numbers' | 'min' | 'max' | 'whole'> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i];
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return { numbers, min: min + 0, max: max + 0, whole: numbers.every(Number.isInteger) };
}

/**
 * How many different whole numbers there are, when nearly all differ.
 *
 * @returns undefined when not all are whole, or they are less than 95 % distinct
 */
export function nearlyDistinct({ numbers, min, max, whole }: ColumnNumbers): number | undefined {
  const least = NEARLY_ALL * numbers.length;
  if (!whole || numbers.length < 2 || max - min + 1 < least) return undefined;
  const distinct = new Set(numbers).size;
  return distinct >= least ? distinct : undefined;
}

/** Share of distinct values from which they are nearly unique. */
export const NEARLY_ALL = 0.95;
