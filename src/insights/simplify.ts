import { sortNumbers } from '../statistics/sort.js';
import type { SampledColumn } from './collector.js';

/** Classes that an attribute of the sample is reduced to. */
export interface Simplified {
  /** Class of each row, 0 .. size - 1; 0 = missing. */
  readonly codes: Uint32Array;
  readonly size: number;
  /** Of each class, for people. */
  readonly labels: readonly string[];
}

/** Categories that are kept apart; the others are one class. */
const TOP_CATEGORIES = 50;

/**
 * An attribute in few classes: bins of equal population for numbers, the most frequent categories and one class for all others.
 *
 * @param bins of numbers, about; equal numbers stay together, and frequent ones are bins of their own
 */
export function simplify(
  column: Exclude<SampledColumn, { type: 'TEXT' }>,
  bins: number,
  categories = TOP_CATEGORIES,
): Simplified {
  if (column.type === 'NUMERIC') return binNumbers(column.values, bins);
  if (column.type === 'BINARY') {
    return { codes: column.values.map((value) => (value + 1) % 3), size: 3, labels: ['', '0', '1'] };
  }
  const counts = new Float64Array(column.dictionary.size);
  for (const code of column.values) counts[code]++;
  const ordered = Array.from(counts.keys())
    .filter((code) => code > 0 && counts[code] > 0)
    .sort((a, b) => counts[b] - counts[a] || (column.dictionary.text(a) < column.dictionary.text(b) ? -1 : 1));
  const top = ordered.slice(0, categories);
  const others = ordered.length > top.length ? 1 : 0;
  const classOf = new Uint32Array(counts.length);
  for (const [i, code] of ordered.entries()) classOf[code] = Math.min(i, top.length) + 1;
  return {
    codes: column.values.map((code) => classOf[code]),
    size: top.length + 1 + others,
    labels: ['', ...top.map((code) => column.dictionary.text(code)), ...(others ? ['others'] : [])],
  };
}

function binNumbers(values: Float64Array, bins: number): Simplified {
  const sorted = values.filter((value) => !Number.isNaN(value));
  sortNumbers(sorted);
  const starts = binStarts(sorted, sorted.length / bins);
  const codes = new Uint32Array(values.length);
  values.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (value >= starts[middle]) low = middle;
      else high = middle - 1;
    }
    codes[row] = low + 1;
  });
  const labels = starts.map((start, i) => rangeLabel(start, starts[i + 1] ?? sorted[sorted.length - 1]));
  return { codes, size: starts.length + 1, labels: ['', ...labels] };
}

/** Least values of the bins. A value that fills a bin alone has one for itself, so spikes do not hide what lies beside them. */
function binStarts(sorted: Float64Array, population: number): number[] {
  const starts: number[] = [];
  let held = Number.POSITIVE_INFINITY;
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    const heavy = to - from >= population;
    if (heavy || held >= population) {
      starts.push(sorted[from]);
      held = 0;
    }
    held = heavy ? Number.POSITIVE_INFINITY : held + to - from;
  }
  return starts;
}

const rangeLabel = (from: number, to: number): string => (from === to ? String(from) : `${from} to ${to}`);
