import type { ColumnHome } from '../datasource/block.js';
import { mergeSorted } from './merge.js';
import { type Moments, momentsOf } from './moments.js';
import { thin } from './thin.js';

/** The loops over numbers that statistics spend their time in. `KernelNumbers` gives the same bits faster. */
export interface NumberWork {
  /** Room for values to be written to. Valid until the next call of any function. */
  room(length: number): Float64Array;
  /** Moments of the finite ones among values in the room, which move to its front. */
  moments(length: number): Moments;
  /**
   * The same of a column where it is, which stays as it is.
   *
   * @returns undefined: it lies elsewhere, some may not be finite, or it cannot be done
   */
  momentsInPlace(column: Float64Array, home: ColumnHome): Moments | undefined;
  /** Every so many-th value in ascending order; see `thin`. The values may change their order. */
  thin(values: Float64Array, step: number, first: number): Float64Array;
  /** Two ascending lists as one. */
  merge(a: Float64Array, b: Float64Array): Float64Array;
}

class PlainNumbers implements NumberWork {
  #room = new Float64Array(0);

  room(length: number): Float64Array {
    if (this.#room.length < length) this.#room = new Float64Array(length);
    return this.#room;
  }

  moments(length: number): Moments {
    return momentsOf(this.#room.subarray(0, length));
  }

  momentsInPlace(): undefined {}

  thin(values: Float64Array, step: number, first: number): Float64Array {
    return thin(values, step, first);
  }

  merge(a: Float64Array, b: Float64Array): Float64Array {
    return mergeSorted(a, b);
  }
}

/** In TypeScript. */
export const plainNumbers: NumberWork = new PlainNumbers();
