import type { RecipeStatistics } from '../../src/recipe/statistics.js';
import type { Row } from './blocks.js';

/** Exact statistics of rows in memory. */
export function statisticsOf(rows: readonly Row[]): RecipeStatistics {
  return {
    observationCount: rows.length,
    numeric(name) {
      const values = rows.flatMap((row) => (row[name] == null ? [] : [Number(row[name])])).sort((a, b) => a - b);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return {
        mean,
        variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
        missing: rows.length - values.length,
        count: values.length,
        quantiles: (fractions) => fractions.map((fraction) => values[Math.floor(fraction * values.length)]),
      };
    },
    binary: (name) => ({ missing: rows.filter((row) => row[name] == null).length }),
  };
}
