const LEAST_SIZE = 512;
/** No entry. */
const FREE = 0xffffffff;

/**
 * Where the features of a row stand among those that were written, by open addressing. A place whose entry lies outside of the
 * row is free, so nothing needs to be cleared between rows.
 */
export class SeenFeatures {
  /** Entries by the low bits of their feature's number, or behind. */
  places = new Uint32Array(LEAST_SIZE).fill(FREE);
  mask = LEAST_SIZE - 1;

  /** Entries will be written from 0 on again. */
  clear(): void {
    this.places.fill(FREE);
  }

  /** Begin a row of at most so many features. */
  begin(featureCount: number): void {
    if (2 * featureCount <= this.places.length) return;
    this.places = new Uint32Array(2 ** Math.ceil(Math.log2(4 * featureCount))).fill(FREE);
    this.mask = this.places.length - 1;
  }
}
