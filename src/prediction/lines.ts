import { csvField, formatScore, writeScore } from './format.js';

const LINE_FEED = 10;
const COMMA = 44;
const ZERO = 48;
/** Bytes that a number or the end of a line may take, a comma included. */
const NUMBER_BYTES = 20;
/** Shorter texts are written without calling the encoder. */
const SHORT = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lines of a batch prediction, written as UTF-8. */
export class LineWriter {
  #bytes = new Uint8Array(1 << 16);
  #end = 0;
  #isLineStart = true;
  /** Room that every line has beside its texts, bytes. */
  readonly #lineBytes: number;

  /** @param numbers that a line has, at most */
  constructor(numbers: number) {
    this.#lineBytes = NUMBER_BYTES * (numbers + 1);
  }

  /** What was written since the last call. */
  take(): string {
    const text = decoder.decode(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    return text;
  }

  /** Whole lines that were written elsewhere. */
  append(lines: Uint8Array): void {
    this.#reserve(lines.length + this.#lineBytes);
    this.#bytes.set(lines, this.#end);
    this.#end += lines.length;
  }

  endLine(): void {
    this.#bytes[this.#end++] = LINE_FEED;
    this.#isLineStart = true;
    this.#reserve(this.#lineBytes);
  }

  /** A field, quoted if need be. */
  text(text: string): void {
    const field = csvField(text);
    this.#reserve(3 * field.length + 1 + this.#lineBytes);
    this.#beginField();
    if (field.length <= SHORT && this.#writeAscii(field)) return;
    this.#end += encoder.encodeInto(field, this.#bytes.subarray(this.#end)).written;
  }

  /** 0 or 1; an empty field for any other number. */
  bit(value: number): void {
    this.#beginField();
    if (value <= 1) this.#bytes[this.#end++] = ZERO + value;
  }

  /** As `formatScore` has it. */
  score(value: number): void {
    if (Number.isFinite(Math.fround(value))) {
      this.#beginField();
      this.#end = writeScore(this.#bytes, this.#end, value);
    } else this.text(formatScore(value));
  }

  #beginField(): void {
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
