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
  /** Values of a row that padding is taken out of. */
  private kept = new Uint32Array(1 << 6);

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

  /**
   * Append records to which nothing but cells will be added.
   *
   * @param stride cells of a row
   * @returns where to encode them, all of them; then comes `closeCells`
   */
  openCells(stride: number, valued: boolean, rowCount: number): Cells {
    const groups = Math.ceil((1 + stride) / 4);
    const recordWords = SPARSE_HEADER_WORDS + 4 * groups * (valued ? 2 : 1);
    this.reserve(rowCount * recordWords);
    this.kept = grown(this.kept, 4 * groups);
    const { words, floats } = this;
    const first = this.length;
    const end = first + rowCount * recordWords;
    const index = first + SPARSE_HEADER_WORDS;
    words.fill(PADDING_FEATURE, first, first + recordWords);
    words[first + 1] = groups;
    words[index] = BIAS_FEATURE;
    if (valued) floats.fill(1, index + 4 * groups, index + 4 * groups + 1 + stride);
    for (let filled = first + recordWords; filled < end; filled = 2 * filled - first) {
      words.copyWithin(filled, first, Math.min(filled, first + end - filled));
    }
    return {
      stride: recordWords,
      features: words.subarray(index + 1, end),
      values: valued ? floats.subarray(index + 1 + 4 * groups, end) : floats,
    };
  }

  /**
   * Records that were opened have their cells: count them, and take out those without a feature.
   *
   * @param stride cells of a row
   * @param rowCounts rows that contain each feature; [0] is meaningless
   */
  closeCells({ stride: recordWords }: Cells, stride: number, rowCount: number, rowCounts: Uint32Array): void {
    const { words, starts } = this;
    const absent = rowCounts[PADDING_FEATURE];
    for (let row = 0, start = this.length; row < rowCount; row++, start += recordWords) {
      starts[this.rowCount + row] = start;
      const index = start + SPARSE_HEADER_WORDS + 1;
      for (let cell = index; cell < index + stride; cell++) rowCounts[words[cell]]++;
    }
    if (rowCounts[PADDING_FEATURE] === absent) this.length += rowCount * recordWords;
    else this.length = this.takeOut(rowCount, recordWords);
    this.rowCount += rowCount;
  }

  /** Take padding out of records of the same length, from the end of the records on. @returns their end */
  private takeOut(rowCount: number, recordWords: number): number {
    const { words, starts } = this;
    let to = this.length;
    for (let row = 0, start = to; row < rowCount; row++, start += recordWords) {
      const from = start + SPARSE_HEADER_WORDS;
      const count = 4 * words[start + 1];
      const toValues = recordWords === SPARSE_HEADER_WORDS + count ? 0 : count;
      const index = to + SPARSE_HEADER_WORDS;
      starts[this.rowCount + row] = to;
      words.fill(0, to, index);
      let place = index;
      for (let i = from; i < from + count; i++) {
        if (words[i] === PADDING_FEATURE) continue;
        this.kept[place - index] = words[i + toValues];
        words[place++] = words[i];
      }
      const kept = place - index;
      while (((place - index) & 3) !== 0) words[place++] = PADDING_FEATURE;
      words[to + 1] = (place - index) >>> 2;
      to = place;
      if (toValues === 0) continue;
      to += place - index;
      for (let i = 0; i < kept; i++) words[place++] = this.kept[i];
      words.fill(0, place, to);
    }
    return to;
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
