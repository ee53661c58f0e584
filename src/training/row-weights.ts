import type { ColumnBlock } from '../datasource/block.js';
import type { Rejections } from '../datasource/rejections.js';
import { type WeightedRows, weightRows } from '../datasource/row-weights.js';
import type { RowSelector } from '../datasource/select.js';
import type { TargetStatistics } from '../statistics/statistics.js';

/**
 * The rows of a block to learn from: selected, with a weight above 0. Rows of weight 0 are left out without being rejected:
 * a model learns nothing of them, neither categories nor quantiles.
 *
 * @param attribute the schema's row weight
 * @returns also the number of rows of weight 0
 */
export function learnedRows(
  block: ColumnBlock,
  selector: RowSelector,
  attribute: string | null,
  rejections: Rejections,
): WeightedRows & { readonly zeroCount: number } {
  const { rows, weights } = weightRows(block, selector.select(block), attribute, rejections);
  if (weights === undefined) return { rows, weights, zeroCount: 0 };
  const used = rows.filter((_, i) => weights[i] > 0);
  return { rows: used, weights: weights.filter((weight) => weight > 0), zeroCount: rows.length - used.length };
}

/** What the weights of all rows amount to, and how the target is distributed by weight. All weights are above 0. */
export class WeightTotals {
  count = 0;
  sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  /** Weight by target value: class code, 0 or 1. */
  readonly #weightOf = new Map<number, number>();
  #classText: (code: number) => string = String;
  #type: TargetStatistics['type'] = 'BINARY';
  #mean = 0;
  #variance = 0;

  /** @param target every listed row has a valid one */
  constructor(readonly target: string) {}

  add(block: ColumnBlock, rows: Uint32Array, weights: Float64Array): void {
    const column = block.columns.get(this.target) as Float64Array | Uint8Array | Uint32Array;
    const dictionary = block.dictionaries.get(this.target);
    if (column instanceof Float64Array) this.#type = 'REGRESSION';
    else if (column instanceof Uint32Array) this.#type = 'MULTICLASS';
    if (dictionary !== undefined) this.#classText = (code) => dictionary.text(code);
    for (let i = 0; i < rows.length; i++) {
      const weight = weights[i];
      const value = column[rows[i]];
      this.count++;
      this.sum += weight;
      this.#least = Math.min(this.#least, weight);
      this.#most = Math.max(this.#most, weight);
      if (this.#type === 'REGRESSION') this.#addNumber(value, weight / this.sum);
      else this.#weightOf.set(value, (this.#weightOf.get(value) ?? 0) + weight);
    }
  }

  /** West, Updating Mean and Variance Estimates (1979); `share` of this weight in the sum of all so far. */
  #addNumber(value: number, share: number): void {
    const distance = value - this.#mean;
    this.#mean += share * distance;
    this.#variance = (1 - share) * (this.#variance + share * distance * distance);
  }

  /** All weights are the same, so that they say nothing. */
  get uniform(): boolean {
    return this.#least >= this.#most;
  }

  /** Weights divided by their mean, as row records hold them. */
  normalised(weights: Float64Array): Float32Array {
    return Float32Array.from(weights, (weight) => (weight / this.sum) * this.count);
  }

  /** As `DataStatistics.target`, with sums of weights for the numbers of rows. */
  targetStatistics(): TargetStatistics {
    const weightOf = (value: number): number => this.#weightOf.get(value) ?? 0;
    if (this.#type === 'REGRESSION') {
      return { type: this.#type, count: this.sum, mean: this.#mean, variance: this.#variance };
    }
    if (this.#type === 'BINARY') return { type: this.#type, negatives: weightOf(0), positives: weightOf(1) };
    const codes = [...this.#weightOf.keys()].sort((a, b) => a - b);
    const classes = codes.map((code) => ({ value: this.#classText(code), code, count: weightOf(code) }));
    return { type: this.#type, classes };
  }
}
