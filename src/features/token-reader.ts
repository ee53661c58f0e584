import { type ColumnBlock, type Dictionary, TextColumn } from '../datasource/block.js';
import type { TokenChange } from '../recipe/fitted.js';
import { changed } from '../recipe/transforms/registry.js';
import { columnOf } from './cells.js';
import { CodeMaps, UNRESOLVED, VANISHED } from './code-maps.js';

/** What a token stands for. */
export interface Words {
  /** The node of a token, after the changes; 0 when it is in nothing that is known. */
  word(token: string): number;
}

/**
 * The tokens of a text attribute as nodes. Tokens are changed once per distinct token and looked up by their dictionary
 * code. One of which the changes leave nothing vanishes; its neighbours become adjacent.
 */
export class TokenReader {
  /** Nodes of the row that was read. Replaced when they grow. */
  tokens = new Uint32Array(0);
  private column: TextColumn | undefined;
  private dictionary: Dictionary | undefined;
  private map: Uint32Array = new Uint32Array(0);
  private readonly maps: CodeMaps;

  constructor(
    private readonly attribute: string,
    private readonly changes: readonly TokenChange[],
    private readonly words: Words,
    learning: boolean,
  ) {
    this.maps = new CodeMaps(learning);
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.attribute, TextColumn);
    this.dictionary = this.column.dictionary;
    this.map = this.maps.for(this.dictionary);
  }

  /** Make room for rows. @returns number of their tokens */
  reserve(rows: Uint32Array, first: number, count: number): number {
    const { offsets } = this.column as TextColumn;
    let tokenCount = 0;
    for (let i = first; i < first + count; i++) tokenCount += offsets[rows[i] + 1] - offsets[rows[i]];
    if (this.tokens.length < tokenCount) this.tokens = new Uint32Array(tokenCount * 2);
    return tokenCount;
  }

  /** Read a row into `tokens`. @returns number of tokens; 0 stands for one that is not known */
  read(row: number): number {
    const { map, tokens } = this;
    const { offsets, codes } = this.column as TextColumn;
    const end = offsets[row + 1];
    let count = 0;
    for (let i = offsets[row]; i < end; i++) {
      let token = map[codes[i]];
      if (token === UNRESOLVED) token = this.resolve(codes[i]);
      tokens[count] = token;
      count += Number(token !== VANISHED) | 0;
    }
    return count;
  }

  private resolve(code: number): number {
    const token = changed((this.dictionary as Dictionary).text(code), this.changes);
    return (this.map[code] = token === '' ? VANISHED : this.words.word(token));
  }

  /** Look up again the tokens whose nodes are not kept. */
  forget(kept: Uint8Array): void {
    this.maps.forget(kept);
  }
}
