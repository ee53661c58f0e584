import type { ColumnBlock } from '../datasource/block.js';
import type { FittedTokens } from '../recipe/fitted.js';
import type { ListColumn } from './list-column.js';
import { NODE, RANK, SECOND } from './run-table.js';
import { SeenFeatures } from './seen-features.js';
import { TokenReader } from './token-reader.js';
import type { TokenTree } from './token-tree.js';

/** Runs that are looked up together: their cache lines fit into the first-level cache. */
const BATCH = 128;

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
  /** Where the search for the runs that are looked up begins. */
  private homes = new Uint32Array(0);
  /** Which features the row has so far. */
  private readonly seen = new SeenFeatures();

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
    this.seen.clear();
    let end = 0;
    for (let i = 0; i < count; i++) {
      offsets[i] = end;
      end = this.encodeRow(rows[first + i], end);
    }
    offsets[count] = end;
  }

  countRows(): void {
    // The tree counts them.
  }

  private reserve(rowCount: number, tokenCount: number): void {
    const entryCount = tokenCount * this.output.ngram + rowCount;
    if (this.offsets.length <= rowCount) this.offsets = new Uint32Array(rowCount + 1);
    if (this.runs.length < tokenCount) {
      this.runs = new Uint32Array(tokenCount * 2);
      this.homes = new Uint32Array(tokenCount * 2);
    }
    if (this.features.length < entryCount) this.features = new Uint32Array(entryCount * 2);
  }

  /** @returns end of the row's entries, which begin at `start` */
  private encodeRow(row: number, start: number): number {
    const tokenCount = this.reader.read(row);
    if (tokenCount === 0) return this.hasEmpty ? this.writeEmpty(start) : start;
    this.seen.begin(tokenCount * this.output.ngram);
    let end = this.writeWords(tokenCount, start);
    const { ngram } = this.output;
    for (let length = 2; length <= ngram && length <= tokenCount; length++) {
      end = this.writeRuns(length, tokenCount, start, end);
    }
    return end;
  }

  private writeWords(tokenCount: number, start: number): number {
    const { features, tree } = this;
    const { tokens } = this.reader;
    const { featureEnd, nodeOf, rowsOf, numbers } = tree;
    const { places, mask } = this.seen;
    let end = start;
    for (let i = 0; i < tokenCount; i++) {
      const word = tokens[i];
      let node = nodeOf[word];
      if (node === 0 && numbers !== undefined) node = tree.learnWord(word);
      if (node === 0 || node >= featureEnd) continue;
      let place = node & mask;
      let entry = places[place];
      while (entry >= start && entry < end && features[entry] !== node) entry = places[(place = (place + 1) & mask)];
      if (entry >= start && entry < end) continue;
      places[place] = end;
      rowsOf[word]++;
      features[end++] = node;
    }
    return end;
  }

  /** From the runs of length - 1 tokens, or single tokens, make those of `length`; both stand at their last token. */
  private writeRuns(length: number, tokenCount: number, start: number, entryEnd: number): number {
    const { runs, features, homes, tree } = this;
    const { tokens } = this.reader;
    const { featureEnd, numbers } = tree;
    const { places, mask } = this.seen;
    const table = tree.levels[length - 2];
    if (numbers !== undefined) table.reserve(tokenCount);
    const { entries } = table;
    const entryMask = entries.length - 1;
    const rank = numbers === undefined ? 0 : numbers.base + 1;
    if (length === 2) runs.set(tokens.subarray(0, tokenCount));
    let end = entryEnd;
    let run = runs[length - 2];
    for (let first = length - 1; first < tokenCount; first += BATCH) {
      const last = Math.min(tokenCount, first + BATCH);
      // The run before the batch has been replaced already.
      const kept = runs[first - 1];
      runs[first - 1] = run;
      table.locate(runs, tokens, first - 1, last - 1, homes);
      runs[first - 1] = kept;
      for (let i = first; i < last; i++) {
        const token = tokens[i];
        let node = 0;
        if (run !== 0 && token !== 0) {
          let e = homes[i - 1];
          let found = entries[e];
          while (found !== 0 && (found !== run || entries[e + SECOND] !== token))
            found = entries[(e = (e + 4) & entryMask)];
          if (found !== 0) {
            node = entries[e + NODE];
            if (node < featureEnd) {
              let place = node & mask;
              let entry = places[place];
              while (entry >= start && entry < end && features[entry] !== node)
                entry = places[(place = (place + 1) & mask)];
              if (!(entry >= start && entry < end)) {
                places[place] = end;
                features[end++] = node;
                entries[e + RANK]++;
              }
            }
          } else if (numbers !== undefined) {
            node = numbers.allocate();
            table.put(e, run, token, node, rank);
            let place = node & mask;
            for (let entry = places[place]; entry >= start && entry < end; )
              entry = places[(place = (place + 1) & mask)];
            places[place] = end;
            features[end++] = node;
          }
        }
        run = runs[i];
        runs[i] = node;
      }
    }
    return end;
  }

  private writeEmpty(end: number): number {
    const { tree } = this;
    const word = tree.word('');
    const feature = tree.nodeOf[word] || tree.learnWord(word);
    if (feature === 0) return end;
    tree.rowsOf[word]++;
    this.features[end] = feature;
    return end + 1;
  }
}
