import type { Cells } from './cells.js';
import type { ListColumn } from './list-column.js';
import { grown } from './numbering.js';
import { BIAS_FEATURE, headWords, PADDING_FEATURE, type RowLayout, SPARSE_HEADER_WORDS } from './rows.js';
import type { SparseColumn } from './sparse-plan.js';

/** So many words are copied one by one. */
const FEW = 32;

/** Sparse row records of one block, as `rows.ts` lays them out; targets and weights are left 0. */
export interface SparseRecords {
  /** Replaced when they grow. */
  readonly words: Uint32Array;
  /** Word at which each record begins. Replaced when they grow. */
  readonly starts: Uint32Array;
  /** Words in use. */
  readonly length: number;
  readonly rowCount: number;
  /** Forget all records, to have so many. */
  clear(rowCount: number): void;
  /** Append the records of the rows encoded last. */
  add(rowCount: number): void;
}

/** Records of rows of any columns. */
export class RecordBuffer implements SparseRecords {
  words = new Uint32Array(1 << 12);
  starts = new Uint32Array(1 << 8);
  length = 0;
  rowCount = 0;
  private floats = new Float32Array(this.words.buffer);

  /** @param head where the values of cells go that are in the head */
  constructor(
    private readonly cells: Cells,
    private readonly texts: readonly ListColumn[],
    private readonly head: HeadCells,
  ) {}

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

  add(rowCount: number): void {
    const { cells, texts, head } = this;
    const { stride, features, values } = cells;
    this.reserve(rowCount * (SPARSE_HEADER_WORDS + head.words) + mostEntries(stride, texts, rowCount));
    const { words, floats, starts } = this;
    const { places } = head;
    let end = this.length;
    let cell = 0;
    for (let row = 0; row < rowCount; row++) {
      const firstValue = end + SPARSE_HEADER_WORDS;
      const firstIndex = firstValue + head.words;
      starts[this.rowCount + row] = end;
      words[end] = words[end + 2] = words[end + 3] = 0;
      let index = firstIndex;
      if (head.words === 0) words[index++] = BIAS_FEATURE;
      else {
        words.fill(0, firstValue, firstIndex);
        floats[firstValue] = 1;
      }
      for (let i = 0; i < stride; i++, cell++) {
        const feature = features[cell];
        if (feature === PADDING_FEATURE) continue;
        if (feature === head.features[i]) floats[firstValue + places[i]] = values[cell];
        else words[index++] = feature;
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
}

/** Cells of a row that are in its head. */
export interface HeadCells {
  /** Words of the head. */
  readonly words: number;
  /** The feature of each cell that is in the head, 0 for none. */
  readonly features: Uint32Array;
  /** Where it is there. */
  readonly places: Uint32Array;
}

/** @param columns of the cells */
export function headCells(
  layout: RowLayout & { readonly form: 'sparse' },
  columns: readonly SparseColumn[],
): HeadCells {
  const features = Uint32Array.from(columns, (column) => (column.kind === 'number' ? column.feature : 0));
  return {
    words: headWords(layout),
    features,
    places: features.map((feature) => Math.max(0, layout.head.indexOf(feature))),
  };
}

/** The most entries that sparse records take: the bias, the cells, the tokens and padding. */
function mostEntries(stride: number, texts: readonly ListColumn[], rowCount: number): number {
  return texts.reduce((sum, { offsets }) => sum + offsets[rowCount], rowCount * (1 + stride + 3));
}
