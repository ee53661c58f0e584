import type { ColumnBlock } from '../datasource/block.js';
import { mix } from './random.js';

/** Values that one row of a sample holds, one per column; words are lists. */
export type SampledValue = number | Uint32Array;

/**
 * A uniform sample of rows in bounded memory: the rows whose keys are the least, where a row's key is a hash of the place it
 * comes from. So a sample does not depend on how rows come in blocks or parts, and samples merge into that of all rows.
 * Complete, hence exact, while there are no more rows than it may hold.
 *
 * Cohen, Kaplan, Summarizing data using bottom-k sketches (2007)
 */
export class RowSample {
  #limit: number;
  #keys: number[] = [];
  #rows: SampledValue[][] = [];
  /** Rows whose key is not below it are left out. */
  #threshold = 1;
  /** Numbers and words held. */
  #cells = 0;

  /**
   * @param options.rows at most so many rows are kept
   * @param options.cells at most so many numbers and words; beyond that the number of rows is halved
   */
  constructor(private readonly options: { readonly rows: number; readonly cells: number }) {
    this.#limit = options.rows;
  }

  /** @param read the values of a row of the block, in the order of the sample's columns; asked for chosen rows only */
  add(block: ColumnBlock, rows: Uint32Array, read: (row: number) => SampledValue[]): void {
    const { byteOffsets, startOffset = 0 } = block;
    for (const row of rows) {
      const key = keyOf(startOffset + byteOffsets[row]);
      if (key < this.#threshold) this.#push(key, read(row));
    }
  }

  /** @param translate a row of the other sample in terms of this one's dictionaries */
  merge(other: RowSample, translate: (row: SampledValue[]) => SampledValue[]): void {
    this.#limit = Math.min(this.#limit, other.#limit);
    this.#threshold = Math.min(this.#threshold, other.#threshold);
    const own = { keys: this.#keys, rows: this.#rows };
    this.#keys = [];
    this.#rows = [];
    this.#cells = 0;
    own.rows.forEach((row, i) => {
      if (own.keys[i] < this.#threshold) this.#push(own.keys[i], row);
    });
    other.#rows.forEach((row, i) => {
      if (other.#keys[i] < this.#threshold) this.#push(other.#keys[i], translate(row));
    });
  }

  /** The rows so far, in the order in which they were added. */
  rows(): { readonly rows: readonly SampledValue[][]; readonly complete: boolean } {
    this.#shrink();
    return { rows: this.#rows, complete: this.#threshold === 1 };
  }

  #push(key: number, row: SampledValue[]): void {
    this.#keys.push(key);
    this.#rows.push(row);
    this.#cells += cellsOf(row);
    if (this.#keys.length >= 2 * this.#limit || this.#cells >= 2 * this.options.cells) this.#shrink();
  }

  #shrink(): void {
    while (this.#limit > 1 && (this.#keys.length > this.#limit || this.#cells > this.options.cells)) {
      if (this.#keys.length <= this.#limit) this.#limit = Math.max(1, this.#keys.length >> 1);
      this.#threshold = Math.min(this.#threshold, Float64Array.from(this.#keys).sort()[this.#limit]);
      const kept = this.#keys.flatMap((key, i) => (key < this.#threshold ? [i] : []));
      this.#rows = kept.map((i) => this.#rows[i]);
      this.#keys = kept.map((i) => this.#keys[i]);
      this.#cells = this.#rows.reduce((sum, row) => sum + cellsOf(row), 0);
    }
  }
}

const cellsOf = (row: SampledValue[]): number =>
  row.reduce<number>((sum, value) => sum + (typeof value === 'number' ? 1 : value.length), 0);

/** @returns 0 .. 1, 1 excluded, 53 random bits */
function keyOf(place: number): number {
  const low = mix((place >>> 0) ^ mix(0x2545f491 ^ (place / 2 ** 32)));
  const high = mix((place >>> 0) ^ mix(0x9e3779b9 ^ (place / 2 ** 32)));
  return ((high >>> 0) * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}
