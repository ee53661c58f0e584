const DEFAULT_CAPACITY = 1000;
/** Counters are taken back when there are so many times more of them than promised. */
const SLACK = 5;

/** A value, at most how often it occurs, and by how much that may be too much. */
export interface FrequentValue<Value> {
  readonly value: Value;
  readonly count: number;
  /** 0: the count is exact. */
  readonly error: number;
}

/**
 * The most frequent values of a stream in bounded memory. Every value that occurs more than n / capacity times is among them,
 * and no count is too high by more than that. Exact while at most 5 times as many values as counters occur.
 *
 * Space-saving (Metwally, Agrawal, El Abbadi, 2005), in the form of Misra and Gries, Finding repeated elements (1982), which
 * Agarwal, Cormode, Huang, Phillips, Wei, Yi, Mergeable summaries (2012) show to hold the same counters less the least one:
 * when there are too many counters, all lose as much as leaves `capacity` of them, and what they lost is the error. So a stream
 * of values that never repeat costs one entry of a hash table each.
 */
export class SpaceSaving<Value extends number | string> {
  readonly #capacity: number;
  /** At least how often each value occurs. */
  #counts = new Map<Value, number>();
  /** What every counter may have lost. */
  #lost = 0;
  #total = 0;

  /** @param capacity number of counters, 1 or more */
  constructor(capacity = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  /** Number of values added. */
  get total(): number {
    return this.#total;
  }

  /** True while every count is exact. */
  get isExact(): boolean {
    return this.#lost === 0;
  }

  /** @param value no NaN */
  add(value: Value, count = 1): void {
    this.#total += count;
    const before = this.#counts.get(value);
    this.#counts.set(value, (before ?? 0) + count);
    if (before === undefined && this.#counts.size > SLACK * this.#capacity) this.#reduce();
  }

  /** Add what another summary has counted; errors add up as if one summary had seen all values. */
  merge(other: SpaceSaving<Value>): void {
    if (other.#capacity !== this.#capacity) {
      throw new Error(`summaries of ${this.#capacity} and ${other.#capacity} counters do not merge`);
    }
    for (const [value, count] of other.#counts) this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    this.#lost += other.#lost;
    this.#total += other.#total;
    if (this.#counts.size > SLACK * this.#capacity) this.#reduce();
  }

  /** Take from every counter what the first one beyond the capacity holds; n / (capacity + 1) in all at most. */
  #reduce(): void {
    const counts = new Float64Array(this.#counts.size);
    let length = 0;
    this.#counts.forEach((count) => {
      counts[length++] = count;
    });
    const loss = counts.sort()[length - 1 - this.#capacity];
    const kept = new Map<Value, number>();
    this.#counts.forEach((count, value) => {
      if (count > loss) kept.set(value, count - loss);
    });
    this.#counts = kept;
    this.#lost += loss;
  }

  /** Descending by count; equal counts in order of value. */
  top(limit: number): FrequentValue<Value>[] {
    const all = Array.from(this.#counts, ([value, count]) => ({ value, count: count + this.#lost, error: this.#lost }));
    all.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    return all.slice(0, limit);
  }
}
