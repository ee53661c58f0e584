import { type ColumnBlock, type Dictionary, TextColumn } from '../datasource/block.js';
import type { TokenChange } from '../recipe/fitted.js';
import { changed } from '../recipe/transforms/registry.js';
import { columnOf } from './cells.js';
import { VANISHED } from './code-maps.js';
import { Numbers32, type TokenMemory } from './token-memory.js';
import type { TokenTree } from './token-tree.js';

/** Tokens are read four at a time: as many behind the last are read as well. */
export const READ_AHEAD = 4;

/** Codes of an empty dictionary: 0, which no token has. */
const NO_CODES = 1;

/** The tokens of the rows of a chunk as words. Each distinct one is changed and looked up once. */
export class TokenCodes {
  /** Words, row after row, in the memory; 0 stands for one that is not known. */
  readonly tokens: Numbers32;
  /** Where the words of each row end. */
  readonly rowEnds: Numbers32;
  /** Code → word, of the present dictionary, or `VANISHED`; valid for as many codes as `size` says. */
  private readonly map: Numbers32;
  private size = NO_CODES;
  /** Are codes words? So they are where the words of one data source alone are learned, as they stand. */
  private isIdentity = true;
  private readonly maps = new WeakMap<Dictionary, Uint32Array>();
  private column: TextColumn | undefined;
  private dictionary: Dictionary | undefined;

  /** @param emptyText has a text without tokens a word of its own, that of ''? */
  constructor(
    private readonly memory: TokenMemory,
    private readonly attribute: string,
    private readonly changes: readonly TokenChange[],
    private readonly tree: TokenTree,
    private readonly emptyText: boolean,
  ) {
    this.tokens = new Numbers32(memory);
    this.rowEnds = new Numbers32(memory);
    this.map = new Numbers32(memory);
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.attribute, TextColumn);
    const { dictionary } = this.column;
    if (dictionary !== this.dictionary) this.turnTo(dictionary);
    if (this.size < dictionary.size) this.lookUp(dictionary);
  }

  private turnTo(dictionary: Dictionary): void {
    if (this.dictionary !== undefined) this.maps.set(this.dictionary, this.map.words.slice(0, this.size));
    const known = this.maps.get(dictionary) ?? new Uint32Array(NO_CODES);
    this.dictionary = dictionary;
    this.size = known.length;
    this.map.reserve(known.length);
    this.map.words.set(known);
    this.isIdentity = known.every((word, code) => word === code);
  }

  /** Map the codes that are new in the dictionary. */
  private lookUp(dictionary: Dictionary): void {
    const tokens: string[] = [];
    const { size } = dictionary;
    for (let code = this.size; code < size; code++) tokens.push(changed(dictionary.text(code), this.changes));
    // Memory may move while words are looked up.
    const words = this.tree.wordsOf(tokens);
    for (let i = 0; i < tokens.length; i++) {
      if (tokens[i] === '') words[i] = VANISHED;
      if (words[i] !== this.size + i) this.isIdentity = false;
    }
    this.map.reserve(size);
    this.map.words.set(words, this.size);
    this.size = size;
  }

  /** Read rows into `tokens` and `rowEnds`. @returns number of tokens of the longest */
  read(rows: Uint32Array, first: number, count: number): number {
    this.copyCodes(rows, first, count);
    const { map, tokens, rowEnds, memory } = this;
    if (!this.isIdentity) memory.kernel.mapTokens(map.address, tokens.address, rowEnds.address, count);
    return this.closeRows(count);
  }

  private copyCodes(rows: Uint32Array, first: number, count: number): void {
    const { offsets, codes } = this.column as TextColumn;
    let tokenCount = 0;
    for (let i = first; i < first + count; i++) tokenCount += offsets[rows[i] + 1] - offsets[rows[i]];
    this.tokens.reserve(tokenCount + count + READ_AHEAD);
    this.rowEnds.reserve(count);
    const { words: tokens } = this.tokens;
    const { words: ends } = this.rowEnds;
    let end = 0;
    for (let i = 0; i < count; ) {
      // Rows that follow one another are copied at once.
      const start = offsets[rows[first + i]];
      const toEnd = end - start;
      let next: number;
      do {
        next = rows[first + i] + 1;
        ends[i++] = offsets[next] + toEnd;
      } while (i < count && rows[first + i] === next);
      tokens.set(codes.subarray(start, offsets[next]), end);
      end = offsets[next] + toEnd;
    }
  }

  /** Give rows without tokens that of the empty text. @returns number of tokens of the longest */
  private closeRows(count: number): number {
    const { words: ends } = this.rowEnds;
    let most = 0;
    let empty = 0;
    for (let i = 0, start = 0; i < count; start = ends[i++]) {
      most = Math.max(most, ends[i] - start);
      empty += Number(ends[i] === start) | 0;
    }
    if (empty === 0 || !this.emptyText) return most;
    this.fillRows(count, empty);
    return Math.max(most, 1);
  }

  private fillRows(count: number, emptyCount: number): void {
    const [word] = this.tree.wordsOf(['']);
    const { words: ends } = this.rowEnds;
    const { words: tokens } = this.tokens;
    let empty = emptyCount;
    for (let i = count - 1; empty > 0; i--) {
      const start = i === 0 ? 0 : ends[i - 1];
      const end = ends[i];
      ends[i] += empty;
      if (start === end) tokens[end + --empty] = word;
      else tokens.copyWithin(start + empty, start, end);
    }
  }
}
