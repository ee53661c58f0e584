import { SpaceSaving } from '../statistics/frequent.js';
import { HyperLogLog } from '../statistics/hyperloglog.js';

/** Distinct numbers up to which their count is exact; no more than `SpaceSaving` counts exactly. */
export const EXACT_DISTINCT = 4096;
/** More digits after the point than this are taken for a number of any size. */
const MOST_DECIMALS = 6;

/** The numbers of one block; as long as the longest so far. */
let room = new Float64Array(0);

/** What is known of the numbers of an attribute beside the statistics that training needs. */
export class NumberDetails {
  readonly frequent = new SpaceSaving();
  readonly #sketch = new HyperLogLog();
  #decimals = 0;

  /** @param column NaN = missing */
  add(column: Float64Array, rows: Uint32Array): void {
    const values = finite(column, rows);
    this.frequent.add(values);
    this.#sketch.add(values);
    this.#decimals = decimalsOf(values, this.#decimals);
  }

  merge(other: NumberDetails): void {
    this.frequent.merge(other.frequent);
    this.#sketch.merge(other.#sketch);
    this.#decimals = Math.max(this.#decimals, other.#decimals);
  }

  /** How many distinct numbers there are: exact up to 4,096, then HyperLogLog's estimate. A whole number. */
  get distinct(): { readonly count: number; readonly isExact: boolean } {
    if (this.frequent.isExact && this.frequent.size <= EXACT_DISTINCT) {
      return { count: this.frequent.size, isExact: true };
    }
    return { count: Math.max(EXACT_DISTINCT + 1, Math.round(this.#sketch.estimate())), isExact: false };
  }

  /** Digits after the point that the values have at most, 0 .. 6; undefined for more. */
  get decimals(): number | undefined {
    return this.#decimals > MOST_DECIMALS ? undefined : this.#decimals;
  }
}

/** The finite numbers in some rows, -0 as 0; valid until the next call. */
function finite(column: Float64Array, rows: Uint32Array): Float64Array {
  if (room.length < rows.length) room = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]] + 0;
    room[count] = value;
    count += value - value === 0 ? 1 : 0;
  }
  return room.subarray(0, count);
}

/** Digits after the point, no fewer than `decimals`; `MOST_DECIMALS` + 1 for more. */
function decimalsOf(values: Float64Array, decimals: number): number {
  let scale = 10 ** decimals;
  for (let i = 0; i < values.length; i++) {
    while (decimals <= MOST_DECIMALS && Math.round(values[i] * scale) / scale !== values[i]) scale = 10 ** ++decimals;
    if (decimals > MOST_DECIMALS) break;
  }
  return decimals;
}
