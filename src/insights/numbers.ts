import { DistinctCounter } from '../statistics/distinct.js';
import { SpaceSaving } from '../statistics/frequent.js';

/** More digits after the point than this are taken for a number of any size. */
const MOST_DECIMALS = 6;

/** What is known of the numbers of an attribute beside the statistics that training needs. */
export class NumberDetails {
  readonly distinct = new DistinctCounter<number>();
  readonly frequent = new SpaceSaving<number>();
  #decimals = 0;
  #scale = 1;

  /** @param column NaN = missing */
  add(column: Float64Array, rows: Uint32Array): void {
    for (const row of rows) {
      const value = column[row] + 0;
      if (value - value !== 0) continue;
      this.distinct.add(value);
      this.frequent.add(value);
      while (this.#decimals <= MOST_DECIMALS && Math.round(value * this.#scale) / this.#scale !== value) {
        this.#setDecimals(this.#decimals + 1);
      }
    }
  }

  merge(other: NumberDetails): void {
    this.distinct.merge(other.distinct);
    this.frequent.merge(other.frequent);
    this.#setDecimals(Math.max(this.#decimals, other.#decimals));
  }

  #setDecimals(decimals: number): void {
    this.#decimals = decimals;
    this.#scale = 10 ** decimals;
  }

  /** Digits after the point that the values have at most, 0 .. 6; undefined for more. */
  get decimals(): number | undefined {
    return this.#decimals > MOST_DECIMALS ? undefined : this.#decimals;
  }
}
