import type { ColumnBlock } from '../datasource/block.js';
import type { FittedPairs } from '../recipe/fitted.js';
import { countEntries, type ListColumn } from './list-column.js';
import { MARK, NODE } from './pair-table.js';
import type { SparseBigrams } from './sparse-bigrams.js';
import { TokenReader } from './token-reader.js';

/**
 * A text attribute: which orthogonal sparse bigrams occur in the row. One that occurs more than once counts once. An
 * unknown token is in no pair and keeps its place; one that vanishes leaves no gap.
 */
export class SparseBigramColumn implements ListColumn {
  offsets = new Uint32Array(1);
  features = new Uint32Array(0);
  private readonly reader: TokenReader;

  /** @param hasEmpty has a text without tokens a feature of its own? */
  constructor(
    private readonly output: FittedPairs,
    private readonly bigrams: SparseBigrams,
    learning: boolean,
    private readonly hasEmpty: boolean,
  ) {
    this.reader = new TokenReader(output.attribute, output.changes, bigrams, learning);
  }

  bind(block: ColumnBlock): void {
    this.reader.bind(block);
  }

  encode(rows: Uint32Array, first: number, count: number): void {
    const entryCount = this.reader.reserve(rows, first, count) * (this.output.window - 1) + count;
    if (this.offsets.length <= count) this.offsets = new Uint32Array(count + 1);
    if (this.features.length < entryCount) this.features = new Uint32Array(entryCount * 2);
    const { offsets } = this;
    let end = 0;
    for (let i = 0; i < count; i++) {
      offsets[i] = end;
      const tokenCount = this.reader.read(rows[first + i]);
      if (tokenCount > 0) end = this.encodeRow(tokenCount, end);
      else if (this.hasEmpty) end = this.writeEmpty(end);
    }
    offsets[count] = end;
  }

  countRows(rowCount: number, rowCounts: Uint32Array): void {
    countEntries(this, rowCount, rowCounts);
  }

  private encodeRow(tokenCount: number, start: number): number {
    const { bigrams, features } = this;
    const { tokens } = this.reader;
    const { pairs } = bigrams;
    let end = start;
    for (let distance = 1; distance < this.output.window; distance++) {
      for (let i = 0; i + distance < tokenCount; i++) {
        const first = tokens[i];
        const second = tokens[i + distance];
        if (first === 0 || second === 0) continue;
        const key = bigrams.key(second, distance);
        const pair = pairs.find(first, key);
        if (pair < 0) {
          const feature = bigrams.learn(first, key, end);
          if (feature !== 0) features[end++] = feature;
          continue;
        }
        const { records } = pairs;
        const feature = records[pair + NODE];
        const mark = records[pair + MARK];
        if (mark >= start && mark < end && features[mark] === feature) continue;
        records[pair + MARK] = end;
        features[end++] = feature;
      }
    }
    return end;
  }

  private writeEmpty(end: number): number {
    const feature = this.bigrams.empty();
    if (feature === 0) return end;
    this.features[end] = feature;
    return end + 1;
  }

  /** Look up again the tokens that are not kept. */
  forget(keptTokens: Uint8Array): void {
    this.reader.forget(keptTokens);
  }
}
