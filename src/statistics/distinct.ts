import { HyperLogLog } from './hyperloglog.js';

/** Distinct values up to which the count is exact. */
export const EXACT_DISTINCT = 4096;

/** How many distinct numbers, or texts, a stream holds: exact up to 4,096, then HyperLogLog's estimate. */
export class DistinctCounter<Value extends number | string> {
  #values: Set<Value> | undefined = new Set();
  readonly #sketch = new HyperLogLog();

  /** @param value no NaN */
  add(value: Value): void {
    if (this.#values === undefined) this.#sketchOne(value);
    else if (this.#values.add(value).size > EXACT_DISTINCT) this.#giveUp();
  }

  merge(other: DistinctCounter<Value>): void {
    if (other.#values !== undefined) {
      for (const value of other.#values) this.add(value);
      return;
    }
    if (this.#values !== undefined) this.#giveUp();
    this.#sketch.merge(other.#sketch);
  }

  #giveUp(): void {
    for (const value of this.#values!) this.#sketchOne(value);
    this.#values = undefined;
  }

  #sketchOne(value: Value): void {
    if (typeof value === 'number') this.#sketch.addNumber(value);
    else this.#sketch.addText(value);
  }

  get isExact(): boolean {
    return this.#values !== undefined;
  }

  /** A whole number. */
  get count(): number {
    return this.#values?.size ?? Math.max(EXACT_DISTINCT + 1, Math.round(this.#sketch.estimate()));
  }
}
