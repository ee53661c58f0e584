import type { ColumnBlock } from '../datasource/block.js';
import type { FittedTokens } from '../recipe/fitted.js';
import type { ListColumn } from './list-column.js';
import { grown } from './numbering.js';
import { MARK, NODE } from './pair-table.js';
import { TokenReader } from './token-reader.js';
import type { TokenTree } from './token-tree.js';

/**
 * A text attribute: which runs of 1 .. n tokens occur in the row. One that occurs more than once counts once.
 * Runs are looked up by numbers. An unknown token breaks the runs across it.
 */
export class TokenColumn implements ListColumn {
  offsets = new Uint32Array(1);
  features = new Uint32Array(0);

  private readonly reader: TokenReader;
  /** Nodes of the runs, all of one length, that end at each token. */
  private runs = new Uint32Array(0);
  /** Records of the runs that are looked up. */
  private found = new Int32Array(0);
  /** Entry at which the feature of a single token was last written. */
  private marks = new Uint32Array(1 << 12);

  /** @param hasEmpty has a text without tokens a feature of its own? */
  constructor(
    private readonly output: FittedTokens,
    private readonly tree: TokenTree,
    learning: boolean,
    private readonly hasEmpty: boolean,
  ) {
    this.reader = new TokenReader(output.attribute, output.changes, tree, learning);
  }

  bind(block: ColumnBlock): void {
    this.reader.bind(block);
  }

  encode(rows: Uint32Array, first: number, count: number): void {
    this.reserve(count, this.reader.reserve(rows, first, count));
    const { offsets } = this;
    let end = 0;
    for (let i = 0; i < count; i++) {
      offsets[i] = end;
      end = this.encodeRow(rows[first + i], end);
    }
    offsets[count] = end;
  }

  /** Look up again the tokens whose features are not kept. */
  forget(kept: Uint8Array): void {
    this.reader.forget(kept);
  }

  private reserve(rowCount: number, tokenCount: number): void {
    const entryCount = tokenCount * this.output.ngram + rowCount;
    if (this.offsets.length <= rowCount) this.offsets = new Uint32Array(rowCount + 1);
    if (this.runs.length < tokenCount) {
      this.runs = new Uint32Array(tokenCount * 2);
      this.found = new Int32Array(tokenCount * 2);
    }
    if (this.features.length < entryCount) this.features = new Uint32Array(entryCount * 2);
  }

  /** @returns end of the row's entries, which begin at `start` */
  private encodeRow(row: number, start: number): number {
    const tokenCount = this.reader.read(row);
    if (tokenCount === 0) return this.hasEmpty ? this.writeEmpty(start) : start;
    let end = this.writeWords(tokenCount, start);
    const { ngram } = this.output;
    if (ngram === 1) return end;
    const { runs } = this;
    const { tokens } = this.reader;
    for (let i = 0; i < tokenCount; i++) runs[i] = tokens[i];
    for (let length = 2; length <= ngram && length <= tokenCount; length++) {
      end = this.writeRuns(length, tokenCount, start, end);
    }
    return end;
  }

  private writeWords(tokenCount: number, start: number): number {
    const { features } = this;
    const { tokens } = this.reader;
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
    const { runs, features, tree } = this;
    const { tokens } = this.reader;
    const { featureEnd, pairs } = tree;
    const { found } = this;
    pairs.findAll(runs, tokens, length - 2, tokenCount - 1, found);
    let end = entryEnd;
    let run = runs[length - 2];
    for (let i = length - 1; i < tokenCount; i++) {
      const token = tokens[i];
      let node = 0;
      if (run !== 0 && token !== 0) {
        let pair = found[i - 1];
        // It may have been learned in this row.
        if (pair < 0) pair = pairs.find(run, token);
        if (pair < 0) {
          node = tree.learn(run, token, end);
          if (node !== 0) features[end++] = node;
        } else {
          const { records } = pairs;
          node = records[pair + NODE];
          const mark = records[pair + MARK];
          if (node < featureEnd && !(mark >= start && mark < end && features[mark] === node)) {
            records[pair + MARK] = end;
            features[end++] = node;
          }
        }
      }
      run = runs[i];
      runs[i] = node;
    }
    return end;
  }

  private writeEmpty(end: number): number {
    const feature = this.tree.word('');
    if (feature === 0) return end;
    this.features[end] = feature;
    return end + 1;
  }
}
