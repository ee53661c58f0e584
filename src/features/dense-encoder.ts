import type { ColumnBlock } from '../datasource/block.js';
import { ColumnWindow, type DensePlan, windowBytes, windowRows } from './column-window.js';
import type { DenseKernel } from './dense-kernel.js';
import { BIAS_FEATURE, DENSE_HEADER_WORDS } from './rows.js';

export type { DenseColumn, DensePlan } from './column-window.js';

/** Bytes of kernel memory that a `DenseEncoder` works in. */
export function denseWorkBytes(plan: DensePlan): number {
  return windowBytes(plan) + 3 * 4 * windowRows(plan);
}

/**
 * Encodes rows of blocks as dense records, each at a place of its own. All state is in the kernel memory that it is given, so
 * threads with an instance of the kernel and a part of the memory each may encode at the same time.
 */
export class DenseEncoder {
  readonly #window: ColumnWindow;
  // Byte addresses.
  readonly #targets: number;
  readonly #weights: number;
  readonly #places: number;

  /**
   * @param plan width of the row layout; one column per output of the recipe
   * @param memory of the kernel
   * @param work address of `denseWorkBytes(plan)` bytes, a multiple of 64
   */
  constructor(
    readonly plan: DensePlan,
    private readonly kernel: DenseKernel,
    memory: { readonly buffer: ArrayBufferLike },
    work: number,
  ) {
    this.#window = new ColumnWindow(plan, memory, work);
    this.#window.setConstant(BIAS_FEATURE, 1);
    this.#targets = work + windowBytes(plan);
    this.#weights = this.#targets + 4 * this.#window.rows;
    this.#places = this.#weights + 4 * this.#window.rows;
  }

  /**
   * Encode rows of a block.
   *
   * @param rows indices of rows of the block; ascending ones are encoded sooner
   * @param places byte addresses of the records, multiples of 16, one per listed row; or that of the first one, which the others
   *   follow closely
   * @param targets one per listed row
   * @param weights one per listed row; default: 1 each
   * @throws InvalidInput when the block lacks an attribute
   */
  encode(
    block: Pick<ColumnBlock, 'columns' | 'source'>,
    rows: Uint32Array,
    places: Uint32Array | number,
    targets: Float32Array,
    weights?: Float32Array,
  ): void {
    const { f32, u32, slots, columns, rows: mostRows } = this.#window;
    const { plan } = this;
    const stride = typeof places === 'number' ? 4 * (DENSE_HEADER_WORDS + plan.width) : 0;
    if (weights === undefined) f32.fill(1, this.#weights / 4, this.#weights / 4 + mostRows);
    this.#window.forEach(block, rows, ({ first, end, list }) => {
      if (typeof places !== 'number') u32.set(places.subarray(first, end), this.#places / 4);
      f32.set(targets.subarray(first, end), this.#targets / 4);
      if (weights !== undefined) f32.set(weights.subarray(first, end), this.#weights / 4);
      this.kernel.encodeDense(
        columns,
        plan.columns.length,
        list,
        end - first,
        slots,
        plan.width,
        this.#targets,
        this.#weights,
        typeof places === 'number' ? places + first * stride : this.#places,
        stride,
      );
    });
  }

  /** Rows that contain each feature, u32[width], since the last call; [0] is meaningless, that of the bias is 0. */
  takeCounts(): Uint32Array {
    return this.#window.takeCounts();
  }
}
