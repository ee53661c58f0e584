import type { ColumnBlock } from '../datasource/block.js';
import { SparseColumns } from './sparse-columns.js';
import { type SparseKernel, TILE_ROWS } from './sparse-kernel.js';
import type { CodeFeatures, RowMemory, SparsePlan } from './sparse-plan.js';

/** Rows of a block, and what their records hold besides features. */
export interface SparseRows {
  readonly block: Pick<ColumnBlock, 'columns' | 'source' | 'dictionaries'>;
  /** Indices of rows of the block; ascending ones are encoded sooner. */
  readonly rows: Uint32Array;
  /** Byte addresses of the records, multiples of 16, one per listed row. */
  readonly places: Uint32Array;
  /** One per listed row. */
  readonly targets: Float32Array;
  /** One per listed row; default: 1 each. */
  readonly weights?: Float32Array;
}

/** Encodes rows of blocks that consist of cells as sparse records, each at a place of its own. */
export class SparseEncoder {
  readonly #columns: SparseColumns;

  /**
   * @param codes features of categories, one per such column, in their order
   * @param memory of the kernel
   */
  constructor(
    readonly plan: SparsePlan,
    private readonly codes: readonly CodeFeatures[],
    private readonly kernel: SparseKernel,
    memory: RowMemory,
  ) {
    this.#columns = new SparseColumns(plan, memory);
  }

  /**
   * Turn to a block.
   *
   * @throws InvalidInput when it lacks an attribute
   */
  bind(block: SparseRows['block']): void {
    for (const column of this.codes) column.bind(block);
    this.#columns.bind(block);
  }

  /** Encode rows[first] .. rows[end - 1] of the block that was bound. */
  encode({ rows, places, targets, weights }: SparseRows, first: number, end: number): void {
    const columns = this.#columns;
    for (let i = 0; i < this.codes.length; i++) columns.setMap(i, this.codes[i]);
    while (first < end) {
      const window = columns.open(rows, first, end);
      const count = window.end - first;
      columns.setRows(
        places.subarray(first, window.end),
        targets.subarray(first, window.end),
        weights?.subarray(first, window.end),
      );
      let done = 0;
      for (;;) {
        done = columns.encode(this.kernel, window.list, done, count);
        if (done === count) break;
        this.#resolve(rows, first + done, Math.min(window.end, first + done + TILE_ROWS));
      }
      first = window.end;
    }
  }

  /** Learn the features of categories in some rows. */
  #resolve(rows: Uint32Array, first: number, end: number): void {
    for (let i = 0; i < this.codes.length; i++) {
      const greatest = this.codes[i].resolve(rows, first, end, this.#columns.mapOf(i));
      this.#columns.include(greatest);
    }
  }

  /** Bytes of all records, but for their headers and heads, since the last call. */
  takeBytes(): number {
    return this.#columns.takeGroups() * 16;
  }

  /** See `SparseColumns.missingCounts`. */
  missingCounts(): number[] {
    return this.#columns.missingCounts();
  }

  /** Rows that contain each feature since the last call; [0] is meaningless. Features beyond the end are in none. */
  takeCounts(): Uint32Array {
    return this.#columns.takeCounts();
  }
}
