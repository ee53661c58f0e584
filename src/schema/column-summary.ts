import type { ValueSample } from '../datasource/sample-column.js';

/** The distinct values of a sample's column, without surrounding white space. */
export interface ColumnSummary {
  /** Number of rows that have a value. */
  readonly filled: number;
  readonly empty: number;
  /** Distinct values in order of first appearance, '' not among them. */
  readonly values: readonly string[];
  /** How often each value occurs. */
  readonly counts: readonly number[];
}

export function summarizeColumn({ rowCount, texts, counts: textCounts }: ValueSample): ColumnSummary {
  const counts = new Map<string, number>();
  texts.forEach((text, code) => {
    const value = text.trim();
    counts.set(value, (counts.get(value) ?? 0) + textCounts[code]);
  });
  const empty = counts.get('') ?? 0;
  counts.delete('');
  return { filled: rowCount - empty, empty, values: [...counts.keys()], counts: [...counts.values()] };
}

/** Sum over all rows that have a value. */
export function total(column: ColumnSummary, of: (value: string, index: number) => number): number {
  return column.values.reduce((sum, value, index) => sum + column.counts[index] * of(value, index), 0);
}

/** The median over all rows that have a value; the lower one of the middle two. */
export function median(column: ColumnSummary, of: (value: string, index: number) => number): number {
  const weighted = column.values.map((value, index) => [of(value, index), column.counts[index]] as const);
  weighted.sort(([a], [b]) => a - b);
  let before = 0;
  for (const [value, count] of weighted) {
    before += count;
    if (2 * before >= column.filled) return value;
  }
  return Number.NaN;
}
