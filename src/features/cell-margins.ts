import type { ColumnBlock } from '../datasource/block.js';
import type { CellColumn, Cells, PlannedColumn } from './cells.js';
import { DenseScorer } from './dense-scorer.js';
import { addCells } from './margins.js';

/** Fewer rows are scored sooner without a kernel. */
const LEAST_ROWS = 16;
/** Rows scored at a time where there are several outputs; their cells stay in the first-level cache. */
const CHUNK_ROWS = 512;

/** Adds what columns contribute to margins, one after the other. */
export class CellMargins {
  /** Columns next to each other that one kernel can add, and others. */
  readonly #groups: (CellColumn | PlannedColumn[])[] = [];
  readonly #scorers = new Map<PlannedColumn[], DenseScorer>();
  readonly #cells: Cells = {
    stride: 1,
    features: new Uint32Array(CHUNK_ROWS),
    values: new Float32Array(CHUNK_ROWS),
  };

  /** @param module the kernel: the same sums, sooner */
  constructor(
    readonly columns: readonly CellColumn[],
    private readonly module?: WebAssembly.Module,
  ) {
    for (const column of columns) {
      const last = this.#groups.at(-1);
      if (!isPlanned(column)) this.#groups.push(column);
      else if (Array.isArray(last)) last.push(column);
      else this.#groups.push([column]);
    }
  }

  /**
   * @param weights f64[features * outputs], feature major; outputs and the array are always the same
   * @param margins f64[rows * outputs], row major, added to
   * @throws InvalidInput when the block lacks an attribute
   */
  add(block: ColumnBlock, rows: Uint32Array, weights: Float64Array, outputs: number, margins: Float64Array): void {
    for (const group of this.#groups) {
      if (!Array.isArray(group)) this.#addColumn(group, block, rows, weights, outputs, margins);
      else if (this.module === undefined || rows.length < LEAST_ROWS) {
        for (const column of group) this.#addColumn(column, block, rows, weights, outputs, margins);
      } else this.#scorer(group, outputs, this.module).add(block, rows, weights, margins);
    }
  }

  #scorer(group: PlannedColumn[], outputs: number, module: WebAssembly.Module): DenseScorer {
    let scorer = this.#scorers.get(group);
    if (scorer === undefined) {
      const plans = group.map(({ plan }) => plan);
      scorer = new DenseScorer(plans, outputs, module);
      this.#scorers.set(group, scorer);
    }
    return scorer;
  }

  #addColumn(
    column: CellColumn,
    block: ColumnBlock,
    rows: Uint32Array,
    weights: Float64Array,
    outputs: number,
    margins: Float64Array,
  ): void {
    column.bind(block);
    if (outputs === 1) {
      column.addMargins(rows, weights, margins);
      return;
    }
    const cells = this.#cells;
    for (let first = 0; first < rows.length; first += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows.length - first);
      cells.values.fill(1, 0, count);
      column.encode(rows, first, count, cells, 0);
      addCells(cells, count, weights, outputs, margins, first);
    }
  }
}

function isPlanned(column: CellColumn): column is PlannedColumn {
  return 'plan' in column;
}
