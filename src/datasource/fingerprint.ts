import type { ColumnBlock } from './block.js';

/** Stands for NaN: its bits are not the same everywhere. */
const MISSING = -1.5e300;

/**
 * A fingerprint of the records of a data source: 64 bits over the values of one attribute, in order, and their number.
 * The same for the same content, whatever the file's name or packing. Tells data apart; no protection against forgery.
 */
export class Fingerprint {
  #count = 0;
  #high = 0x9e3779b9;
  #low = 0x85ebca6b;
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);

  constructor(readonly attribute: string) {}

  /** Blocks without the attribute as numbers or codes count with their number of rows only. */
  add(block: ColumnBlock): void {
    this.#count += block.rowCount;
    const column = block.columns.get(this.attribute);
    if (column instanceof Uint8Array || column instanceof Uint32Array) {
      for (let row = 0; row < block.rowCount; row++) this.#mix(column[row]);
    } else if (column instanceof Float64Array) {
      for (let row = 0; row < block.rowCount; row++) {
        this.#double[0] = Number.isNaN(column[row]) ? MISSING : column[row];
        this.#mix(this.#words[0]);
        this.#mix(this.#words[1]);
      }
    }
  }

  #mix(word: number): void {
    this.#high = Math.imul(this.#high ^ word, 0x01000193) ^ (this.#low >>> 15);
    this.#low = Math.imul(this.#low ^ word ^ (this.#high >>> 13), 0xcc9e2d51);
  }

  /** `<records>-<16 hexadecimal digits>`. */
  toString(): string {
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
    return `${this.#count}-${hex(this.#high)}${hex(this.#low)}`;
  }
}
