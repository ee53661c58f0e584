import type { Cells } from './cells.js';
import type { ListColumn } from './list-column.js';
import { grown } from './numbering.js';
import { BIAS_FEATURE, PADDING_FEATURE, SPARSE_HEADER_WORDS } from './rows.js';

/** So many words are copied one by one. */
const FEW = 32;

/** Sparse row records of one block, as `rows.ts` lays them out; targets and weights are left 0. */
export class RecordBuffer {
  words = new Uint32Array(1 << 12);
  floats = new Float32Array(this.words.buffer);
  /** Word at which each record begins. */
  starts = new Uint32Array(1 << 8);
  /** Words in use. */
  length = 0;
  rowCount = 0;

  clear(rowCount: number): void {
    this.length = 0;
    this.rowCount = 0;
    this.starts = grown(this.starts, rowCount);
  }

  private reserve(words: number): void {
    if (this.length + words <= this.words.length) return;
    this.words = grown(this.words, this.length + words);
    this.floats = new Float32Array(this.words.buffer);
  }

  /** Append sparse records without values. */
  addSparse(cells: Cells, texts: readonly ListColumn[], rowCount: number): void {
    const { stride, features } = cells;
    this.reserve(rowCount * SPARSE_HEADER_WORDS + mostEntries(stride, texts, rowCount));
    const { words, starts } = this;
    let end = this.length;
    let cell = 0;
    for (let row = 0; row < rowCount; row++) {
      const firstIndex = end + SPARSE_HEADER_WORDS;
      starts[this.rowCount + row] = end;
      words[end] = words[end + 2] = words[end + 3] = 0;
      words[firstIndex] = BIAS_FEATURE;
      let index = firstIndex + 1;
      for (let i = 0; i < stride; i++) {
        const feature = features[cell++];
        words[index] = feature;
        index += Number(feature !== 0) | 0;
      }
      for (let i = 0; i < texts.length; i++) {
        const { offsets, features: tokens } = texts[i];
        const first = offsets[row];
        const last = offsets[row + 1];
        if (last - first < FEW) for (let entry = first; entry < last; entry++) words[index++] = tokens[entry];
        else {
          words.set(tokens.subarray(first, last), index);
          index += last - first;
        }
      }
      while (((index - firstIndex) & 3) !== 0) words[index++] = PADDING_FEATURE;
      words[end + 1] = (index - firstIndex) >>> 2;
      end = index;
    }
    this.length = end;
    this.rowCount += rowCount;
  }

  /** Append sparse records with values. */
  addValued(cells: Cells, texts: readonly ListColumn[], rowCount: number): void {
    const { stride, features } = cells;
    const entries = mostEntries(stride, texts, rowCount);
    this.reserve(rowCount * SPARSE_HEADER_WORDS + 2 * entries);
    const { words, floats, starts } = this;
    const cellValues = cells.values;
    let end = this.length;
    let cell = 0;
    for (let row = 0; row < rowCount; row++) {
      let count = 1;
      for (let i = cell; i < cell + stride; i++) count += Number(features[i] !== 0) | 0;
      for (let i = 0; i < texts.length; i++) count += texts[i].offsets[row + 1] - texts[i].offsets[row];
      const groups = (count + 3) >>> 2;
      starts[this.rowCount + row] = end;
      words[end] = words[end + 2] = words[end + 3] = 0;
      words[end + 1] = groups;
      let index = end + SPARSE_HEADER_WORDS;
      let value = index + 4 * groups;
      const firstValue = value;
      words[index++] = BIAS_FEATURE;
      floats[value++] = 1;
      for (let i = 0; i < stride; i++, cell++) {
        if (features[cell] === 0) continue;
        words[index++] = features[cell];
        floats[value++] = cellValues[cell];
      }
      for (let i = 0; i < texts.length; i++) {
        const { offsets, features: tokens } = texts[i];
        for (let entry = offsets[row]; entry < offsets[row + 1]; entry++) {
          words[index++] = tokens[entry];
          floats[value++] = 1;
        }
      }
      while (index < firstValue) {
        words[index++] = PADDING_FEATURE;
        floats[value++] = 0;
      }
      end = value;
    }
    this.length = end;
    this.rowCount += rowCount;
  }
}

/** The most entries that sparse records take: the bias, the cells, the tokens and padding. */
function mostEntries(stride: number, texts: readonly ListColumn[], rowCount: number): number {
  return texts.reduce((sum, { offsets }) => sum + offsets[rowCount], rowCount * (1 + stride + 3));
}
