/** How often each pair of two simplified attributes occurs: `counts[a * columns + b]`. */
export interface PairCounts {
  readonly columns: number;
  /** Length a whole multiple of `columns`. */
  readonly counts: Float64Array;
}

/**
 * Mutual information of two attributes, in bits: how much knowing one tells of the other. 0 when they are independent.
 *
 *     I = Σ p(a,b) log2( p(a,b) / (p(a) p(b)) )  -  (cells - rows - columns + 1) / (2 n ln 2)
 *
 * The second term takes off what chance alone gives n observations (Miller, Note on the bias of information estimates, 1955;
 * cells, rows and columns are those that occur). Never below 0, nor above the entropy of either.
 */
export function mutualInformation({ columns, counts }: PairCounts): number {
  const rowSums = new Float64Array(counts.length / columns);
  const columnSums = new Float64Array(columns);
  let total = 0;
  counts.forEach((count, i) => {
    rowSums[Math.floor(i / columns)] += count;
    columnSums[i % columns] += count;
    total += count;
  });
  if (total === 0) return 0;
  let sum = 0;
  let cells = 0;
  counts.forEach((count, i) => {
    if (count === 0) return;
    cells++;
    sum += count * Math.log2((count * total) / (rowSums[Math.floor(i / columns)] * columnSums[i % columns]));
  });
  const excess = (cells - occurring(rowSums) - occurring(columnSums) + 1) / (2 * total * Math.LN2);
  return Math.max(0, Math.min(sum / total - excess, entropy(rowSums), entropy(columnSums)));
}

const occurring = (counts: Float64Array): number => counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);

/** Entropy of a distribution given as counts, in bits. Shannon, A mathematical theory of communication (1948) */
export function entropy(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0) sum -= (counts[i] / total) * Math.log2(counts[i] / total);
  }
  return sum + 0;
}
