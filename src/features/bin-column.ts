import type { ColumnBlock } from '../datasource/block.js';
import type { FittedBins } from '../recipe/fitted.js';
import { type BinSearch, binSearch } from './bin-search.js';
import { type CellColumn, type Cells, columnOf } from './cells.js';
import type { SparseColumn } from './sparse-plan.js';

/** Rows whose bins are found at a time. */
const ROWS = 512;

/** A number as its bin: the number of edges <= x. */
export class BinColumn implements CellColumn {
  private column = new Float64Array(0);
  private readonly search: BinSearch;
  private readonly bins = new Uint32Array(ROWS);

  /** @param slots features of the bins, lowest first, and of a missing value; 0: none */
  constructor(
    private readonly output: FittedBins,
    private readonly slots: Uint32Array,
  ) {
    this.search = binSearch(output.edges);
  }

  get sparsePlan(): SparseColumn {
    const { attribute, edges } = this.output;
    return { kind: 'bins', attribute, edges, slots: this.slots };
  }

  bind(block: ColumnBlock): void {
    this.column = columnOf(block, this.output.attribute, Float64Array);
  }

  encode(rows: Uint32Array, first: number, count: number, cells: Cells, place: number): void {
    const { column, search, bins, slots } = this;
    const { stride, features } = cells;
    let cell = place;
    for (let done = 0; done < count; done += ROWS) {
      const found = Math.min(ROWS, count - done);
      search.find(column, rows, first + done, found, bins);
      for (let i = 0; i < found; i++, cell += stride) features[cell] = slots[bins[i]];
    }
  }

  addMargins(rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    const { column, search, bins, slots } = this;
    for (let first = 0; first < rows.length; first += ROWS) {
      const found = Math.min(ROWS, rows.length - first);
      search.find(column, rows, first, found, bins);
      for (let i = 0; i < found; i++) margins[first + i] += weights[slots[bins[i]]];
    }
  }
}
