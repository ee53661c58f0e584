import type { Dictionary } from '../datasource/block.js';
import { ARENA, SIZE, STARTS } from './layout.js';
import type { Regions } from './regions.js';
import { decodeText, decodeTexts } from './text.js';

/** Texts decoded at a time: whoever asks for one will soon ask for those that follow. */
const TEXTS = 64;

/** The dictionary of a column in kernel memory; texts are decoded when first asked for. */
export class ColumnDictionary implements Dictionary {
  readonly #texts: string[] = [''];

  /** @param column address of the column's description */
  constructor(
    private readonly regions: Regions,
    private readonly column: number,
  ) {}

  get size(): number {
    return this.regions.u32[(this.column + SIZE) / 4];
  }

  /** @throws RangeError for a code that is not in use */
  text(code: number): string {
    return this.#texts[code] ?? this.#decode(code);
  }

  /** Apart, so that the compiler does not copy it to wherever texts are asked for. */
  #decode(code: number): string {
    if (!(code > 0 && code < this.size)) throw new RangeError(`no code ${code} in a dictionary of ${this.size}`);
    const { u8, u32 } = this.regions;
    const arena = u32[(this.column + ARENA) / 4];
    const starts = u32[(this.column + STARTS) / 4] / 4;
    const end = Math.min(this.size, code + TEXTS);
    if (code !== this.#texts.length) {
      return (this.#texts[code] = decodeText(u8, arena + u32[starts + code], arena + u32[starts + code + 1]));
    }
    decodeTexts(u8, arena, u32.subarray(starts + code, starts + end + 1), this.#texts);
    return this.#texts[code];
  }
}
