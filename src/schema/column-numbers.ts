import { isPlaceholder } from './placeholders.js';
import { parseNumber } from './values.js';

/** A column of a sample, seen as numbers. */
export interface ColumnNumbers {
  /** Rows that have a value. */
  readonly filled: number;
  readonly empty: number;
  /** The values that are numbers, in row order; at least one. */
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
 * @param texts values as they stand in the file
 * @returns undefined for a column that is not numeric; found out early for columns of words
 */
export function scanNumbers(texts: readonly string[]): ColumnNumbers | undefined {
  const numbers = new Float64Array(texts.length);
  const others = new Map<string, number>();
  let count = 0;
  let empty = 0;
  let words = 0;
  let code: string | undefined;
  for (const text of texts) {
    const number = parseNumber(text);
    if (number !== undefined) {
      numbers[count++] = number;
      if (code === undefined && Number.isInteger(number) && LEADING_ZERO.test(text)) code = text.trim();
      continue;
    }
    const bare = text.trim();
    if (bare === '') {
      empty++;
      continue;
    }
    const seen = others.get(bare) ?? 0;
    if (seen === 0 && !isPlaceholder(bare)) words++;
    others.set(bare, seen + 1);
    if (words > 0 && others.size > MOST_OTHERS) return undefined;
  }
  const filled = texts.length - empty;
  if (count === 0 || count < (words === 0 ? 0.5 : 0.95) * filled) return undefined;
  return { filled, empty, ...describeNumbers(numbers.slice(0, count)), others, code };
}

function describeNumbers(numbers: Float64Array): Pick<ColumnNumbers, 'numbers' | 'min' | 'max' | 'whole'> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
    whole &&= Number.isInteger(number);
  }
  return { numbers, min: min + 0, max: max + 0, whole };
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
