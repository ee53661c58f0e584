import { type ColumnBlock, type Dictionary, TextColumn } from '../datasource/block.js';
import type { TokenChange } from '../recipe/fitted.js';
import { changed } from '../recipe/transforms/registry.js';
import { columnOf } from './cells.js';
import { UNRESOLVED, VANISHED } from './code-maps.js';
import { Numbers32, type TokenMemory } from './token-memory.js';
import type { Words } from './token-reader.js';

/** Tokens are read four at a time: as many behind the last are read as well. */
export const READ_AHEAD = 4;

/** The tokens of the rows of a chunk as words. Each distinct one is changed and looked up once, as `TokenReader` does. */
export class TokenCodes {
  /** Words, row after row, in the memory; 0 stands for one that is not known. */
  readonly tokens: Numbers32;
  /** Where the words of each row end. */
  readonly rowEnds: Numbers32;
  /** Code → word, of the present dictionary; valid for as many codes as `size` says. */
  private readonly map: Numbers32;
  private size = 0;
  private readonly missing: Numbers32;
  private readonly maps = new WeakMap<Dictionary, Uint32Array>();
  private column: TextColumn | undefined;
  private dictionary: Dictionary | undefined;
  /** Has any token vanished so far? */
  private vanishes = false;

  /** @param emptyText has a text without tokens a word of its own, that of ''? */
  constructor(
    private readonly memory: TokenMemory,
    private readonly attribute: string,
    private readonly changes: readonly TokenChange[],
    private readonly words: Words,
    private readonly emptyText: boolean,
  ) {
    this.tokens = new Numbers32(memory);
    this.rowEnds = new Numbers32(memory);
    this.map = new Numbers32(memory);
    this.missing = new Numbers32(memory);
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.attribute, TextColumn);
    const { dictionary } = this.column;
    if (dictionary !== this.dictionary) this.turnTo(dictionary);
    if (this.size >= dictionary.size) return;
    this.map.reserve(dictionary.size);
    this.map.words.fill(UNRESOLVED, this.size, dictionary.size);
    this.size = dictionary.size;
  }

  private turnTo(dictionary: Dictionary): void {
    if (this.dictionary !== undefined) this.maps.set(this.dictionary, this.map.words.slice(0, this.size));
    const known = this.maps.get(dictionary) ?? new Uint32Array(0);
    this.dictionary = dictionary;
    this.size = known.length;
    this.map.reserve(known.length);
    this.map.words.set(known);
  }

  /** Read rows into `tokens` and `rowEnds`. @returns number of tokens of the longest */
  read(rows: Uint32Array, first: number, count: number): number {
    const tokenCount = this.copyCodes(rows, first, count);
    this.missing.reserve(2 * tokenCount);
    const { map, tokens, missing, rowEnds, memory } = this;
    const end = memory.kernel.mapTokens(map.address, tokens.address, tokenCount, missing.address);
    this.resolve((end - missing.address) / 8);
    if (this.vanishes) memory.kernel.dropVanished(tokens.address, rowEnds.address, count);
    return this.closeRows(count);
  }

  /** @returns number of tokens */
  private copyCodes(rows: Uint32Array, first: number, count: number): number {
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
    return tokenCount;
  }

  /** Look up the first of the missing tokens, each code once. */
  private resolve(count: number): void {
    if (count === 0) return;
    const codes = this.missingCodes(count);
    // Memory may move while words are looked up.
    const found = codes.map((code) => this.wordOf(code));
    const { words: map } = this.map;
    const { words: tokens } = this.tokens;
    const { words: missing } = this.missing;
    for (let i = 0; i < codes.length; i++) map[codes[i]] = found[i];
    for (let i = 0; i < 2 * count; i += 2) tokens[missing[i]] = map[missing[i + 1]];
  }

  private missingCodes(count: number): number[] {
    const { words: map } = this.map;
    const { words: missing } = this.missing;
    const codes: number[] = [];
    for (let i = 1; i < 2 * count; i += 2) {
      const code = missing[i];
      if (map[code] !== UNRESOLVED) continue;
      map[code] = VANISHED;
      codes.push(code);
    }
    return codes;
  }

  private wordOf(code: number): number {
    const token = changed((this.dictionary as Dictionary).text(code), this.changes);
    if (token !== '') return this.words.word(token);
    this.vanishes = true;
    return VANISHED;
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
    const word = this.words.word('');
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
