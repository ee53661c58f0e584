import type { ColumnHome, Dictionary, TextColumn } from '../datasource/block.js';
import type { Moments } from './moments.js';
import { type NumberWork, plainNumbers } from './number-work.js';
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

/** What one thread finds of some numbers, for another to add up. */
export interface MeasuredNumbers {
  readonly observations: number;
  /** Infinite ones. */
  readonly invalid: number;
  readonly moments: Moments;
}

/** @param home where the column is; absent: anywhere */
export function measureNumbers(column: Float64Array, work: NumberWork, home: ColumnHome | undefined): MeasuredNumbers {
  const moments = home && work.momentsInPlace(column, home);
  return moments ? { observations: column.length, invalid: 0, moments } : measureCopy(column, undefined, work);
}

/** Finite numbers are at the front of the room afterwards. */
function measureCopy(column: Float64Array, rows: Uint32Array | undefined, work: NumberWork): MeasuredNumbers {
  const length = rows?.length ?? column.length;
  const room = work.room(length);
  if (rows === undefined) room.set(column);
  else for (let i = 0; i < length; i++) room[i] = column[rows[i]];
  const moments = work.moments(length);
  const invalid = moments.count < length ? infiniteCount(column, rows) : 0;
  return { observations: length, invalid, moments };
}

/** Mean and variance by Welford's method, a block at a time. Chan, Golub, LeVeque, Updating Formulae (1979). */
export class NumericAccumulator {
  observations = 0;
  invalid = 0;
  mean = 0;
  /** Sum of squared distances from the mean. */
  m2 = 0;
  count = 0;
  min = Number.NaN;
  max = Number.NaN;
  /** Absent: nobody will ask for quantiles. */
  readonly sketch: QuantileSketch | undefined;

  /** @param seed of the quantile sketch; undefined: no quantiles */
  constructor(
    seed: number | undefined,
    private readonly work: NumberWork = plainNumbers,
  ) {
    this.sketch = seed === undefined ? undefined : new QuantileSketch({ seed, work });
  }

  /**
   * @param column NaN = missing; an infinite number counts as invalid
   * @param rows undefined: all
   * @param home where the column is; default: anywhere
   */
  add(column: Float64Array, rows: Uint32Array | undefined, home?: ColumnHome): void {
    const { work, sketch } = this;
    if (rows === undefined && sketch === undefined) {
      this.addMeasured(measureNumbers(column, work, home));
      return;
    }
    const measured = measureCopy(column, rows, work);
    this.addMeasured(measured);
    const { count, min, max } = measured.moments;
    if (count > 0) sketch?.add(work.room(measured.observations).subarray(0, count), [min, max]);
  }

  /** Numbers that were measured elsewhere; quantiles do not know of them. */
  addMeasured({ observations, invalid, moments: { count, shift, sum, squares, min, max } }: MeasuredNumbers): void {
    this.observations += observations;
    this.invalid += invalid;
    if (count === 0) return;
    this.#combine(count, shift + sum / count, Math.max(0, squares - (sum * sum) / count), min, max);
  }

  merge(other: NumericAccumulator): void {
    this.observations += other.observations;
    this.invalid += other.invalid;
    if (other.count > 0) this.#combine(other.count, other.mean, other.m2, other.min, other.max);
    if (other.sketch !== undefined) this.sketch?.merge(other.sketch);
  }

  #combine(count: number, mean: number, m2: number, min: number, max: number): void {
    const before = this.count;
    const total = before + count;
    this.count = total;
    this.min = before > 0 ? Math.min(this.min, min) : min;
    this.max = before > 0 ? Math.max(this.max, max) : max;
    const distance = mean - this.mean;
    this.mean += distance * (count / total);
    this.m2 += m2 + distance * distance * before * (count / total);
  }

  summary(): NumericSummary {
    const { observations, invalid, count, min, max } = this;
    const sketch = (): QuantileSketch => {
      if (this.sketch === undefined) throw new Error('quantiles were not asked for');
      return this.sketch;
    };
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
      quantiles: (fractions) => sketch().quantiles(fractions),
      rank: (value) => sketch().rank(value),
    };
  }
}

function infiniteCount(column: Float64Array, rows: Uint32Array | undefined): number {
  let count = 0;
  const length = rows?.length ?? column.length;
  for (let i = 0; i < length; i++)
    count += Number(Math.abs(column[rows === undefined ? i : rows[i]]) === Number.POSITIVE_INFINITY);
  return count;
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
    this.addCounts(rows.length - positives - missing, positives, missing);
  }

  /** Rows that were counted elsewhere. */
  addCounts(negatives: number, positives: number, missing: number): void {
    this.counts[0] += negatives;
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
