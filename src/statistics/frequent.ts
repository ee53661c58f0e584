import { NumberCounts } from './number-counts.js';

const DEFAULT_CAPACITY = 1000;
/** Counters are taken back when there are so many times more of them than promised. */
const SLACK = 5;
/** Most counters hold less than this. */
const SMALL_COUNT = 256;

/** A number, at most how often it occurs, and by how much that may be too much. */
export interface FrequentNumber {
  readonly value: number;
  readonly count: number;
  /** 0: the count is exact. */
  readonly error: number;
}

/**
 * The most frequent numbers of a stream in bounded memory. Every number that occurs more than n / capacity times is among them,
 * and no count is too high by more than that. Exact while at most 5 times as many numbers as counters occur.
 *
 * Space-saving (Metwally, Agrawal, El Abbadi, 2005), in the form of Misra and Gries, Finding repeated elements (1982), which
 * Agarwal, Cormode, Huang, Phillips, Wei, Yi, Mergeable summaries (2012) show to hold the same counters less the least one:
 * when there are too many counters, all lose as much as leaves `capacity` of them, and what they lost is the error. So a stream
 * of numbers that never repeat costs one entry of a hash table each.
 */
export class SpaceSaving {
  readonly #capacity: number;
  /** At least how often each number occurs. */
  readonly #counts = new NumberCounts();
  /** What every counter may have lost. */
  #lost = 0;
  #total = 0;

  /** @param capacity number of counters, 1 or more */
  constructor(capacity = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  /** How many numbers were added. */
  get total(): number {
    return this.#total;
  }

  /** True while every count is exact. */
  get isExact(): boolean {
    return this.#lost === 0;
  }

  /** Distinct numbers that are counted: all, while counts are exact. */
  get size(): number {
    return this.#counts.size;
  }

  /** @param values finite, no -0 */
  add(values: Float64Array): void {
    this.#total += values.length;
    const limit = SLACK * this.#capacity;
    for (let i = 0; i < values.length; ) {
      i = this.#counts.add(values, i, limit);
      if (this.#counts.size > limit) this.#reduce();
    }
  }

  /** Add what another summary has counted; errors add up as if one summary had seen all numbers. */
  merge(other: SpaceSaving): void {
    if (other.#capacity !== this.#capacity) {
      throw new Error(`summaries of ${this.#capacity} and ${other.#capacity} counters do not merge`);
    }
    this.#counts.add(other.#counts.values, 0, Number.POSITIVE_INFINITY, other.#counts.counts);
    this.#lost += other.#lost;
    this.#total += other.#total;
    if (this.#counts.size > SLACK * this.#capacity) this.#reduce();
  }

  /** Take from every counter what the first one beyond the capacity holds; n / (capacity + 1) in all at most. */
  #reduce(): void {
    const loss = nthGreatest(this.#counts.counts, this.#capacity + 1);
    this.#counts.reduce(loss);
    this.#lost += loss;
  }

  /** Descending by count; equal counts in order of value. */
  top(limit: number): FrequentNumber[] {
    const { values, counts } = this.#counts;
    const all = Array.from(values, (value, i) => ({ value, count: counts[i] + this.#lost, error: this.#lost }));
    return all.sort((a, b) => b.count - a.count || a.value - b.value).slice(0, limit);
  }
}

/** The n-th of whole numbers sorted by falling size, n from 1: by counting, as most of them are small. */
function nthGreatest(numbers: Float64Array, n: number): number {
  const occurrences = new Uint32Array(SMALL_COUNT + 1);
  for (let i = 0; i < numbers.length; i++) occurrences[Math.min(numbers[i], SMALL_COUNT)]++;
  if (occurrences[SMALL_COUNT] >= n) return numbers.toSorted()[numbers.length - n];
  let number = SMALL_COUNT;
  for (let above = occurrences[number]; above < n; above += occurrences[number]) number--;
  return number;
}
