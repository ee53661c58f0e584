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

  constructor(readonly attribute: string) {}

  /** Blocks without the attribute as numbers or codes count with their number of rows only. */
  add(block: ColumnBlock): void {
    this.#count += block.rowCount;
    const column = block.columns.get(this.attribute);
    if (column instanceof Uint8Array || column instanceof Uint32Array) this.#mix(column);
    else if (column instanceof Float64Array) this.#mix(wordsOf(column));
  }

  #mix(words: Uint8Array | Uint32Array): void {
    let high = this.#high;
    let low = this.#low;
    for (let i = 0; i < words.length; i++) {
      high = Math.imul(high ^ words[i], 0x01000193) ^ (low >>> 15);
      low = Math.imul(low ^ words[i] ^ (high >>> 13), 0xcc9e2d51);
    }
    this.#high = high;
    this.#low = low;
  }

  /** `<records>-<16 hexadecimal digits>`. */
  toString(): string {
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
    return `${this.#count}-${hex(this.#high)}${hex(this.#low)}`;
  }
}

function wordsOf(column: Float64Array): Uint32Array {
  const numbers = column.includes(Number.NaN) ? column.map((value) => (Number.isNaN(value) ? MISSING : value)) : column;
  return new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
}
