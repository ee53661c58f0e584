import type { Dictionary } from '../datasource/block.js';

/** Values that several threads have met, numbered in the order in which they are asked for. */
export class MergedDictionary implements Dictionary {
  readonly #texts: string[] = [''];
  readonly #codes = new Map<string, number>();

  get size(): number {
    return this.#texts.length;
  }

  text(code: number): string {
    const text = this.#texts[code];
    if (text === undefined) throw new RangeError(`no code ${code} in a dictionary of ${this.size}`);
    return text;
  }

  codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.#texts.push(text) - 1;
    this.#codes.set(text, code);
    return code;
  }
}

/** Codes by those of a thread. Code 0 stays 0. */
export class GrowingCodes {
  #codes = new Uint32Array(256);
  #length = 1;
  /** All codes are those of the thread, as where it has met all values first. */
  #areSame = true;

  /** @param code of the next value of the thread */
  add(code: number): void {
    if (this.#length === this.#codes.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    if (code !== this.#length) this.#areSame = false;
    this.#codes[this.#length++] = code;
  }

  /** @param list codes of the thread, overwritten */
  recode(list: Uint32Array): void {
    if (!this.#areSame) replaceAll(list, this.#codes);
  }
}

/** Apart, so that the compiler has little to do. */
function replaceAll(list: Uint32Array, codes: Uint32Array): void {
  for (let i = 0; i < list.length; i++) list[i] = codes[list[i]];
}
