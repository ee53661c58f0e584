import type { NumericStatistics } from '../statistics.js';
import { fittedAs, type Transform } from './transform.js';

/**
 * Inner edges of at most `bins` bins of equal population: the distinct quantiles at i / bins, i = 1 .. bins - 1, that are
 * greater than the least value, so that no bin is empty. A value equal to an edge belongs to the bin above it.
 *
 * @returns ascending; fewer than bins - 1 where values are tied, none for a constant or where every value is missing
 */
export function quantileEdges(statistics: NumericStatistics, bins: number): number[] {
  if (statistics.count === 0) return [];
  const fractions = Array.from({ length: bins }, (_, i) => i / bins);
  const [least, ...quantiles] = statistics.quantiles(fractions);
  const edges: number[] = [];
  let last = least;
  for (const quantile of quantiles) {
    if (!(quantile > last) || !Number.isFinite(quantile)) continue;
    // -0 would come back from JSON as 0
    edges.push(quantile + 0);
    last = quantile;
  }
  return edges;
}

/** quantile_bin(x, n): the bin in which x lies. Scaling moves no value to another bin, so x may be normalized. */
export const quantileBin: Transform = {
  name: 'quantile_bin',
  parameters: [
    { kind: 'value', name: 'number', types: ['NUMERIC'] },
    { kind: 'integer', name: 'bins', least: 5, greatest: 1000 },
  ],
  resultType: () => 'CATEGORICAL',
  fit([value], [bins], statistics) {
    const { attribute, hasMissing } = fittedAs(value, 'number');
    return { kind: 'bins', attribute, edges: quantileEdges(statistics.numeric(attribute), bins), hasMissing };
  },
};
