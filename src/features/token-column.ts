import { type ColumnBlock, type Dictionary, TextColumn } from '../datasource/block.js';
import type { FittedTokens } from '../recipe/fitted.js';
import { TOKEN_CHANGES } from '../recipe/transforms/registry.js';
import { columnOf } from './cells.js';
import { CodeMaps, UNRESOLVED } from './code-maps.js';
import { grown } from './numbering.js';
import { MARK, NODE } from './pair-table.js';
import type { TokenTree } from './token-tree.js';

/** A token of which the changes leave nothing; its neighbours become adjacent. */
const VANISHED = 0xfffffffe;

/**
 * A text attribute: which runs of 1 .. n tokens occur in the row. One that occurs more than once counts once.
 *
 * Tokens are changed once per distinct token and looked up by their dictionary code; runs are looked up by numbers.
 * An unknown token breaks the runs across it.
 */
export class TokenColumn {
  /** Entries of the i-th encoded row: offsets[i] .. offsets[i + 1] - 1. Replaced when they grow. */
  offsets = new Uint32Array(1);
  /** Distinct within a row. */
  features = new Uint32Array(0);

  private column: TextColumn | undefined;
  private dictionary: Dictionary | undefined;
  private map: Uint32Array = new Uint32Array(0);
  private readonly maps = new CodeMaps();
  /** Nodes of the row's tokens. */
  private tokens = new Uint32Array(0);
  /** Nodes of the runs, all of one length, that end at each token. */
  private runs = new Uint32Array(0);
  /** Entry at which the feature of a single token was last written. */
  private marks = new Uint32Array(1 << 12);
  /** Keeps the compiler from leaving `touch` out. */
  protected touched = 0;

  constructor(
    private readonly output: FittedTokens,
    private readonly tree: TokenTree,
  ) {}

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.output.attribute, TextColumn);
    this.dictionary = this.column.dictionary;
    this.map = this.maps.for(this.dictionary);
  }

  /** Encode rows[first] .. rows[first + count - 1] into `offsets` and `features`. */
  encode(rows: Uint32Array, first: number, count: number): void {
    const { offsets: tokenOffsets, codes } = this.column as TextColumn;
    let tokenCount = 0;
    for (let i = first; i < first + count; i++) tokenCount += tokenOffsets[rows[i] + 1] - tokenOffsets[rows[i]];
    this.reserve(count, tokenCount);
    const { offsets } = this;
    let end = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[first + i];
      offsets[i] = end;
      end = this.encodeRow(codes, tokenOffsets[row], tokenOffsets[row + 1], end);
    }
    offsets[count] = end;
  }

  private reserve(rowCount: number, tokenCount: number): void {
    const entryCount = tokenCount * this.output.ngram + rowCount;
    if (this.offsets.length <= rowCount) this.offsets = new Uint32Array(rowCount + 1);
    if (this.tokens.length < tokenCount) {
      this.tokens = new Uint32Array(tokenCount * 2);
      this.runs = new Uint32Array(tokenCount * 2);
    }
    if (this.features.length < entryCount) this.features = new Uint32Array(entryCount * 2);
  }

  /** @returns end of the row's entries, which begin at `start` */
  private encodeRow(codes: Uint32Array, firstToken: number, endToken: number, start: number): number {
    const tokenCount = this.readTokens(codes, firstToken, endToken);
    if (tokenCount === 0) return this.writeEmpty(start);
    let end = this.writeWords(tokenCount, start);
    const { tokens, runs } = this;
    for (let i = 0; i < tokenCount; i++) runs[i] = tokens[i];
    for (let length = 2; length <= this.output.ngram && length <= tokenCount; length++) {
      end = this.writeRuns(length, tokenCount, start, end);
    }
    return end;
  }

  /** Put the nodes of the row's tokens into `tokens`. */
  private readTokens(codes: Uint32Array, firstToken: number, endToken: number): number {
    const { map, tokens } = this;
    let count = 0;
    for (let i = firstToken; i < endToken; i++) {
      let token = map[codes[i]];
      if (token === UNRESOLVED) token = this.resolve(codes[i]);
      tokens[count] = token;
      count += Number(token !== VANISHED) | 0;
    }
    return count;
  }

  private writeWords(tokenCount: number, start: number): number {
    const { tokens, features } = this;
    const { featureEnd } = this.tree;
    let { marks } = this;
    let end = start;
    for (let i = 0; i < tokenCount; i++) {
      const node = tokens[i];
      if (node === 0 || node >= featureEnd) continue;
      if (node >= marks.length) marks = this.marks = grown(marks, node + 1);
      const mark = marks[node];
      if (mark >= start && mark < end && features[mark] === node) continue;
      marks[node] = end;
      features[end++] = node;
    }
    return end;
  }

  /** From the runs of length - 1 tokens make those of `length`; both stand at their last token. */
  private writeRuns(length: number, tokenCount: number, start: number, entryEnd: number): number {
    const { tokens, runs, features, tree } = this;
    const { featureEnd, pairs } = tree;
    this.touch(length, tokenCount);
    let { entries } = pairs;
    let end = entryEnd;
    let run = runs[length - 2];
    for (let i = length - 1; i < tokenCount; i++) {
      const token = tokens[i];
      let node = 0;
      if (run !== 0 && token !== 0) {
        const place = pairs.locate(run, token);
        node = entries[place + NODE];
        if (node === 0) {
          node = tree.learn(run, token, end);
          if (node !== 0) {
            entries = pairs.entries;
            features[end++] = node;
          }
        } else if (node < featureEnd) {
          const mark = entries[place + MARK];
          if (!(mark >= start && mark < end && features[mark] === node)) {
            entries[place + MARK] = end;
            features[end++] = node;
          }
        }
      }
      run = runs[i];
      runs[i] = node;
    }
    return end;
  }

  /** Read all entries that the next step will need: their cache misses overlap here, and would not there. */
  private touch(length: number, tokenCount: number): void {
    const { tokens, runs } = this;
    const { pairs } = this.tree;
    const { entries } = pairs;
    let sum = 0;
    for (let i = length - 1; i < tokenCount; i++) sum ^= entries[pairs.home(runs[i - 1], tokens[i])];
    this.touched = sum;
  }

  private writeEmpty(end: number): number {
    const feature = this.tree.word('');
    if (feature === 0) return end;
    this.features[end] = feature;
    return end + 1;
  }

  private resolve(code: number): number {
    let token = (this.dictionary as Dictionary).text(code);
    for (const change of this.output.changes) token = TOKEN_CHANGES[change](token);
    return (this.map[code] = token === '' ? VANISHED : this.tree.word(token));
  }
}
