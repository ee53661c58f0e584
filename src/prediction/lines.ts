import { csvField, formatScore, writeScore } from './format.js';

const LINE_FEED = 10;
const COMMA = 44;
const ZERO = 48;
/** Bytes that a score may take, comma and line feed included. */
const SCORE_BYTES = 20;
/** Shorter texts are written without calling the encoder. */
const SHORT = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lines of a batch prediction, written as UTF-8. */
export class LineWriter {
  #bytes = new Uint8Array(1 << 16);
  #end = 0;
  #isLineStart = true;

  /** What was written since the last call. */
  take(): string {
    const text = decoder.decode(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    return text;
  }

  endLine(): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = LINE_FEED;
    this.#isLineStart = true;
  }

  /** A field, quoted if need be. */
  text(text: string): void {
    const field = csvField(text);
    this.#beginField(3 * field.length);
    if (field.length <= SHORT && this.#writeAscii(field)) return;
    this.#end += encoder.encodeInto(field, this.#bytes.subarray(this.#end)).written;
  }

  /** 0 or 1. */
  digit(digit: number): void {
    this.#beginField(1);
    this.#bytes[this.#end++] = ZERO + digit;
  }

  /** As `formatScore` has it. */
  score(value: number): void {
    if (Number.isFinite(Math.fround(value))) {
      this.#beginField(SCORE_BYTES);
      this.#end = writeScore(this.#bytes, this.#end, value);
    } else this.text(formatScore(value));
  }

  #beginField(bytes: number): void {
    this.#reserve(bytes + 1);
    if (!this.#isLineStart) this.#bytes[this.#end++] = COMMA;
    this.#isLineStart = false;
  }

  #writeAscii(field: string): boolean {
    for (let i = 0; i < field.length; i++) {
      const code = field.charCodeAt(i);
      if (code >= 0x80) return false;
      this.#bytes[this.#end + i] = code;
    }
    this.#end += field.length;
    return true;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#end + bytes));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}
