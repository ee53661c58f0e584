import type { Dictionary } from './block.js';

/** A dictionary filled from JavaScript strings. */
export class ValueDictionary implements Dictionary {
  readonly #codes = new Map<string, number>([['', 0]]);
  readonly #texts: string[] = [''];

  get size(): number {
    return this.#texts.length;
  }

  text(code: number): string {
    return this.#texts[code];
  }

  /** The code of a value; a value not seen before gets the next one. */
  intern(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.#texts.length;
      this.#codes.set(text, code);
      this.#texts.push(text);
    }
    return code;
  }
}
