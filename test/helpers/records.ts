import type { ColumnBlock } from '../../src/datasource/block.js';
import type { FeatureSpace } from '../../src/features/dictionary.js';
import { applyRemap, type Encoder } from '../../src/features/encode.js';
import {
  DENSE_HEADER_WORDS,
  headWords,
  PADDING_FEATURE,
  type RowLayout,
  remappedLayout,
  SPARSE_HEADER_WORDS,
} from '../../src/features/rows.js';

/** Encoded rows in one memory, as training keeps them. */
export class EncodedRows {
  words = new Uint32Array(0);
  readonly starts: number[] = [];

  constructor(public layout: RowLayout) {}

  /** Encode rows of a block behind those already here; the target of row r is r. */
  add(encoder: Encoder, block: ColumnBlock, rows: Uint32Array): void {
    const length = encoder.prepare(block, rows);
    const words = new Uint32Array(this.words.length + length);
    words.set(this.words);
    const starts = new Uint32Array(rows.length);
    encoder.write(words, new Float32Array(words.buffer), this.words.length, Float32Array.from(rows), starts);
    this.words = words;
    this.starts.push(...starts);
  }

  remap(remap: Uint32Array): void {
    applyRemap(this.words, Float64Array.from(this.starts), this.layout, remap);
    this.layout = remappedLayout(this.layout, remap);
  }

  target(row: number): number {
    return new Float32Array(this.words.buffer)[this.starts[row]];
  }

  /** Features and values of a row. @throws Error for a record that breaks the rules of `rows.ts` */
  features(row: number): Map<number, number> {
    const { words, layout } = this;
    const floats = new Float32Array(words.buffer);
    const start = this.starts[row];
    const found = new Map<number, number>();
    if (layout.form === 'dense') {
      const end = this.starts[row + 1] ?? words.length;
      if (end - start !== DENSE_HEADER_WORDS + layout.width) throw new Error('wrong length of a dense record');
      if (floats[start + DENSE_HEADER_WORDS + PADDING_FEATURE] !== 0) throw new Error('padding is not 0');
      for (let feature = 0; feature < layout.width; feature++) {
        const value = floats[start + DENSE_HEADER_WORDS + feature];
        if (value !== 0) found.set(feature, value);
      }
      return found;
    }
    const count = 4 * words[start + 1];
    const first = start + SPARSE_HEADER_WORDS + headWords(layout);
    if (first + count > (this.starts[row + 1] ?? words.length)) throw new Error('wrong length of a sparse record');
    for (let i = start + SPARSE_HEADER_WORDS; i < first; i++) {
      const feature = layout.head[i - start - SPARSE_HEADER_WORDS] ?? PADDING_FEATURE;
      if (words[i] === 0) continue;
      if (feature === PADDING_FEATURE) throw new Error('padding has a value');
      found.set(feature, floats[i]);
    }
    const indices = words.subarray(first, first + count);
    const real = indices.filter((index) => index !== PADDING_FEATURE).length;
    if (indices.indexOf(PADDING_FEATURE) !== (real === count ? -1 : real)) throw new Error('padding inside a record');
    for (const feature of indices.subarray(0, real)) {
      if (found.has(feature)) throw new Error(`feature ${feature} occurs twice`);
      found.set(feature, 1);
    }
    return found;
  }

  /** The features of a row by their texts, sorted. */
  texts(row: number, space: FeatureSpace): [string, number][] {
    return sorted(Array.from(this.features(row), ([feature, value]) => [space.text(feature), value]));
  }
}

/** Entries in order of their texts. */
export function sorted(entries: Iterable<[string, number]>): [string, number][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}
