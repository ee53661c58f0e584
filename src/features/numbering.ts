import { FIRST_FEATURE } from './rows.js';

/** Hands out numbers. */
export class Numbers {
  /** Numbers in use are below this. */
  size = FIRST_FEATURE;

  /** Numbers from starts[i] on count bases[i] rows more. */
  private readonly starts: number[] = [FIRST_FEATURE];
  private readonly bases: number[] = [0];

  allocate(): number {
    return this.size++;
  }

  /** Take all numbers up to this one, which is the next to be given. */
  allocateTo(size: number): void {
    this.size = size;
  }

  /** Rows that what is numbered from now on may have been in before. */
  get base(): number {
    return this.bases[this.bases.length - 1];
  }

  /** Numbers given from now on have a base. */
  begin(base: number): void {
    this.starts.push(this.size);
    this.bases.push(base);
  }

  /** The base of a number. */
  baseOf(number: number): number {
    const { starts } = this;
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >>> 1;
      if (starts[middle] <= number) low = middle;
      else high = middle;
    }
    return this.bases[low];
  }

  /**
   * Rows of what has numbers, which mostly ascend, from an index on.
   *
   * @param ranks rows with the bases of the numbers
   * @param rowCounts written: without them
   */
  withoutBases(numbers: Uint32Array, ranks: Uint32Array, rowCounts: Uint32Array, from: number): void {
    let first = 0;
    let end = 0;
    let base = 0;
    for (let i = from; i < numbers.length; i++) {
      const number = numbers[i];
      if (number < first || number >= end) {
        base = this.baseOf(number);
        first = number;
        end = this.starts.find((start) => start > number) ?? Number.POSITIVE_INFINITY;
      }
      rowCounts[i] = ranks[i] - base;
    }
  }
}

/**
 * Hands out provisional feature numbers while features are learned, and counts the rows that contain each. A number is
 * never given twice: records that hold the number of a forgotten feature must not mean another one.
 */
export class Numbering extends Numbers {
  /** u32: rows that contain the feature; [0] is meaningless. Replaced when it grows. */
  rowCounts = new Uint32Array(1 << 12);

  override allocate(): number {
    if (this.size >= this.rowCounts.length) this.rowCounts = grown(this.rowCounts, this.size + 1);
    return this.size++;
  }

  /** Rows that contain each feature of a list. */
  countsOf(features: Uint32Array): Uint32Array {
    const { rowCounts } = this;
    const counts = new Uint32Array(features.length);
    for (let i = 0; i < features.length; i++) counts[i] = rowCounts[features[i]];
    return counts;
  }
}

/** The array itself when it is long enough, else a copy of at least twice its length; new elements hold `fill`. */
export function grown(array: Uint32Array<ArrayBuffer>, length: number, fill = 0): Uint32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const larger = new Uint32Array(Math.max(length, array.length * 2));
  larger.set(array);
  if (fill !== 0) larger.fill(fill, array.length);
  return larger;
}
