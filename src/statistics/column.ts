import type { Dictionary, TextColumn } from '../datasource/block.js';
import { QuantileSketch } from './quantile.js';

/** What all attributes have. Rows are counted once each: `observations` = those with a value + `missing`. */
interface ColumnSummary {
  /** Rows looked at. */
  readonly observations: number;
  /** Rows without a valid value: empty fields and invalid values. */
  readonly missing: number;
  /** Rows whose field holds something that is no value of the type; only NUMERIC and BINARY have them. */
  readonly invalid: number;
}

/** Without any value: mean, min, max and quantiles NaN, variance 0. */
export interface NumericSummary extends ColumnSummary {
  readonly type: 'NUMERIC';
  /** Rows with a number. */
  readonly count: number;
  readonly mean: number;
  /** Mean squared distance from the mean (of the population). */
  readonly variance: number;
  readonly min: number;
  readonly max: number;
  /** Values of rank floor(fraction * count); exact up to 65,536 values, then within 0.07 % of the count (see `QuantileSketch`). */
  quantiles(fractions: readonly number[]): number[];
  /** How many values are at most `value`, as exact as the quantiles. */
  rank(value: number): number;
}

export interface BinarySummary extends ColumnSummary {
  readonly type: 'BINARY';
  readonly negatives: number;
  readonly positives: number;
}

/** A category and the number of rows that hold it. */
export interface CategoryCount {
  readonly value: string;
  /** In the attribute's dictionary. */
  readonly code: number;
  readonly count: number;
}

/** `missing` are the empty fields. */
export interface CategoricalSummary extends ColumnSummary {
  readonly type: 'CATEGORICAL';
  /** Number of categories that occur, the empty one not among them. */
  readonly distinct: number;
  /** Rows by dictionary code, code 0 (empty) included; codes beyond the end occur nowhere. */
  readonly counts: Float64Array;
  readonly dictionary: Dictionary;
  /** Descending by count, equal counts by code. */
  mostFrequent(limit: number): CategoryCount[];
}

/** Tokens are separated by white space. `missing` are the rows without a token. */
export interface TextSummary extends ColumnSummary {
  readonly type: 'TEXT';
  readonly tokens: number;
  /** In a row; 0 when there is no row. */
  readonly fewestTokens: number;
  readonly mostTokens: number;
}

export type AttributeStatistics = NumericSummary | BinarySummary | CategoricalSummary | TextSummary;

let workSpace = new Float64Array(0);

/** Mean and variance by Welford's method, a block at a time. Chan, Golub, LeVeque, Updating Formulae (1979). */
export class NumericAccumulator {
  observations = 0;
  invalid = 0;
  mean = 0;
  /** Sum of squared distances from the mean. */
  m2 = 0;
  readonly sketch: QuantileSketch;

  constructor(seed: number) {
    this.sketch = new QuantileSketch({ seed });
  }

  /** @param column NaN = missing; an infinite number counts as invalid */
  add(column: Float64Array, rows: Uint32Array): void {
    if (workSpace.length < rows.length) workSpace = new Float64Array(rows.length);
    const gathered = workSpace;
    const shift = this.#shift(column, rows);
    let count = 0;
    let sum = 0;
    let squares = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows.length; i++) {
      const value = column[rows[i]] + 0;
      if (value - value === 0) {
        gathered[count++] = value;
        const distance = value - shift;
        sum += distance;
        squares += distance * distance;
        if (value < min) min = value;
        if (value > max) max = value;
      } else if (!Number.isNaN(value)) {
        this.invalid++;
      }
    }
    this.observations += rows.length;
    if (count === 0) return;
    this.#combine(count, shift + sum / count, Math.max(0, squares - (sum * sum) / count));
    this.sketch.add(gathered.subarray(0, count), [min, max]);
  }

  /** A finite value of the block, from which distances are measured so that sums of squares keep their digits. */
  #shift(column: Float64Array, rows: Uint32Array): number {
    for (let i = 0; i < rows.length; i++) if (Number.isFinite(column[rows[i]])) return column[rows[i]];
    return 0;
  }

  merge(other: NumericAccumulator): void {
    this.observations += other.observations;
    this.invalid += other.invalid;
    if (other.sketch.count > 0) this.#combine(other.sketch.count, other.mean, other.m2);
    this.sketch.merge(other.sketch);
  }

  /** To be called before the sketch has the new values. */
  #combine(count: number, mean: number, m2: number): void {
    const before = this.sketch.count;
    const total = before + count;
    const distance = mean - this.mean;
    this.mean += distance * (count / total);
    this.m2 += m2 + distance * distance * before * (count / total);
  }

  summary(): NumericSummary {
    const { sketch, observations, invalid } = this;
    const { count, min, max } = sketch;
    return {
      type: 'NUMERIC',
      observations,
      missing: observations - count,
      invalid,
      count,
      mean: count > 0 ? this.mean : Number.NaN,
      variance: count > 0 ? this.m2 / count : 0,
      min,
      max,
      quantiles: (fractions) => sketch.quantiles(fractions),
      rank: (value) => sketch.rank(value),
    };
  }
}

export class BinaryAccumulator {
  invalid = 0;
  /** Rows with 0, with 1, with none. */
  readonly counts = [0, 0, 0];

  /** @param column 0, 1, 2 = missing */
  add(column: Uint8Array, rows: Uint32Array): void {
    let positives = 0;
    let missing = 0;
    for (let i = 0; i < rows.length; i++) {
      const value = column[rows[i]];
      positives += value & 1;
      missing += value >> 1;
    }
    this.counts[0] += rows.length - positives - missing;
    this.counts[1] += positives;
    this.counts[2] += missing;
  }

  merge(other: BinaryAccumulator): void {
    this.invalid += other.invalid;
    other.counts.forEach((count, value) => {
      this.counts[value] += count;
    });
  }

  summary(): BinarySummary {
    const [negatives, positives, missing] = this.counts;
    const observations = negatives + positives + missing;
    return { type: 'BINARY', observations, missing, invalid: this.invalid, negatives, positives };
  }
}

export class TextAccumulator {
  observations = 0;
  missing = 0;
  tokens = 0;
  fewestTokens = Number.POSITIVE_INFINITY;
  mostTokens = 0;

  add({ offsets }: TextColumn, rows: Uint32Array): void {
    for (let i = 0; i < rows.length; i++) {
      const tokens = offsets[rows[i] + 1] - offsets[rows[i]];
      this.tokens += tokens;
      if (tokens === 0) this.missing++;
      if (tokens < this.fewestTokens) this.fewestTokens = tokens;
      if (tokens > this.mostTokens) this.mostTokens = tokens;
    }
    this.observations += rows.length;
  }

  merge(other: TextAccumulator): void {
    this.observations += other.observations;
    this.missing += other.missing;
    this.tokens += other.tokens;
    this.fewestTokens = Math.min(this.fewestTokens, other.fewestTokens);
    this.mostTokens = Math.max(this.mostTokens, other.mostTokens);
  }

  summary(): TextSummary {
    const { observations, missing, tokens, mostTokens } = this;
    const fewestTokens = observations > 0 ? this.fewestTokens : 0;
    return { type: 'TEXT', observations, missing, invalid: 0, tokens, fewestTokens, mostTokens };
  }
}
