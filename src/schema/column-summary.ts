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

/** @param texts values as they stand in the file */
export function summarizeColumn(texts: readonly string[]): ColumnSummary {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const value = text.trim();
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const empty = counts.get('') ?? 0;
  counts.delete('');
  return { filled: texts.length - empty, empty, values: [...counts.keys()], counts: [...counts.values()] };
}

/** Sum over all rows that have a value. */
export function total(column: ColumnSummary, of: (value: string, index: number) => number): number {
  return column.values.reduce((sum, value, index) => sum + column.counts[index] * of(value, index), 0);
}

/** The median over all rows that have a value; the lower one of the middle two. */
export function median(column: ColumnSummary, of: (value: string) => number): number {
  const weighted = column.values.map((value, index) => [of(value), column.counts[index]] as const);
  weighted.sort(([a], [b]) => a - b);
  let before = 0;
  for (const [value, count] of weighted) {
    before += count;
    if (2 * before >= column.filled) return value;
  }
  return Number.NaN;
}
