import type { ColumnNumbers } from './column-numbers.js';

/** Words that stand for a missing value in files of other tools. */
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
/** Those that are good categories as well. */
const MEANINGFUL = new Set(['none', 'missing', 'unknown', '-']);

/** @param text without surrounding white space, in any letter case */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.has(text.toLowerCase());
}

/** A word that hardly means anything else than a missing value, such as N/A. */
export function isUnmistakable(text: string): boolean {
  const lower = text.toLowerCase();
  return PLACEHOLDERS.has(lower) && !MEANINGFUL.has(lower);
}

/** Two nines and more, of either sign, and -9. */
const NINES = /^(-9|-?99+)$/;
const MOST_ROUNDS = 3;

/** A number that stands for a missing value, and how often it occurs. */
export interface NumberPlaceholder {
  readonly value: number;
  readonly count: number;
}

/**
 * Numbers that look like placeholders: -999, 9999 and the like, at least twice and in 0.1 % of the rows, at one end of the
 * range and farther from all other values than these are from each other.
 */
export function numberPlaceholders({ numbers, min, max }: ColumnNumbers): NumberPlaceholder[] {
  const found: NumberPlaceholder[] = [];
  let range = { min, max };
  for (let round = 0; round < MOST_ROUNDS && range.min < range.max; round++) {
    const next = [range.min, range.max]
      .filter((value) => NINES.test(String(value)))
      .map((value) => withoutEnd(numbers, range, value))
      .find(({ count, gap, rest }) => count >= Math.max(2, 0.001 * numbers.length) && gap > rest.max - rest.min);
    if (next === undefined) break;
    found.push({ value: next.value, count: next.count });
    range = next.rest;
  }
  return found;
}

/** The range of the numbers without the value at one of its ends, and the distance between the two. */
function withoutEnd(
  numbers: Float64Array,
  range: { min: number; max: number },
  value: number,
): NumberPlaceholder & { gap: number; rest: { min: number; max: number } } {
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (number === value) count++;
    else if (number >= range.min && number <= range.max) {
      if (number < min) min = number;
      if (number > max) max = number;
    }
  }
  return { value, count, gap: value < min ? min - value : value - max, rest: { min, max } };
}
