import type { ColumnBlock } from '../datasource/block.js';
import type { DensePlan } from './dense-encoder.js';
import type { FeatureSpace } from './dictionary.js';
import type { RowLayout } from './rows.js';
import type { LearnedFeatures } from './selection.js';
import type { SparseEncoder, SparseRows } from './sparse-encoder.js';
import type { SparseKernel } from './sparse-kernel.js';
import type { RowMemory, SparsePlan } from './sparse-plan.js';

/**
 * Turns rows of column blocks into row records.
 *
 * Blocks may come from different sources in any order; values that have no feature contribute nothing.
 */
export interface Encoder {
  readonly layout: RowLayout;
  /** Where the layout is dense: what a `DenseEncoder` makes the same records by, to be counted by `countDense`. */
  readonly densePlan: DensePlan | undefined;
  /** Where the layout is sparse and rows consist of cells: what a `SparseEncoder` makes the same records by. */
  readonly sparsePlan: SparsePlan | undefined;
  /** Words of a record at most; infinite where that depends on texts. */
  readonly mostWords: number;
  /**
   * Encode rows of a block into internal memory; other rows are not looked at. A learning encoder gives new values a
   * feature and counts the rows, so each training row is to be prepared once.
   *
   * @param rows indices of rows of the block
   * @returns words that the records take, 32 bits each
   * @throws InvalidInput when the block lacks an attribute that the recipe uses
   */
  prepare(block: ColumnBlock, rows: Uint32Array): number;
  /**
   * Copy the records of the last `prepare`, one after the other.
   *
   * @param words the memory as u32
   * @param floats the same memory as f32
   * @param wordOffset word at which the first record begins
   * @param targets one per listed row
   * @param starts written: word at which each record begins, one per listed row
   * @param weights one per listed row; default: 1 each
   */
  write(
    words: Uint32Array,
    floats: Float32Array,
    wordOffset: number,
    targets: Float32Array,
    starts: Uint32Array | Float64Array,
    weights?: Float32Array,
  ): void;
  /**
   * Count rows that were encoded elsewhere.
   *
   * @param counts as `DenseEncoder.takeCounts` gives them
   */
  countDense(rowCount: number, counts: Uint32Array): void;
  /**
   * A `SparseEncoder` by the plan, for rows that are to be encoded by `encodeSparse`.
   *
   * @param memory of the kernel
   */
  openSparse(kernel: SparseKernel, memory: RowMemory): SparseEncoder;
  /**
   * Encode rows where they will stand. A learning encoder gives new values a feature and counts the rows, as `prepare` does.
   *
   * @param sparse opened by this encoder
   * @throws InvalidInput when the block lacks an attribute that the recipe uses
   */
  encodeSparse(sparse: SparseEncoder, rows: SparseRows): void;
  /**
   * Margins of rows, without making records: the weight of the bias, then what the outputs of the recipe add in their
   * order, in double precision.
   *
   * @param weights f64[features * outputs], feature major
   * @param margins f64[rows * outputs], row major, written
   */
  score(block: ColumnBlock, rows: Uint32Array, weights: Float64Array, outputs: number, margins: Float64Array): void;
  /**
   * End learning: choose the features of the model and number them. Rows that are prepared afterwards are not counted; values
   * that were not learned have no features then, or numbers beyond `LearnedFeatures.remap`.
   *
   * @param options.maxFeatures bias included, padding not; from 1
   */
  finish(options: { maxFeatures: number }): LearnedFeatures;
}

/** What an encoder does: learn the features of a model, of which there may be a greatest number, or use them. */
export type EncoderMode = {
  /** The kernel: the same records, sooner. */
  readonly module?: WebAssembly.Module;
} & (
  | {
      readonly learn: true;
      /**
       * As it will be given to `finish`; default: no limit. When twice as many have been learned, those in the fewest rows
       * are forgotten, so that memory stays bounded.
       */
      readonly maxFeatures?: number;
      /** Of attributes whose numbers are first rounded to single precision as distances to them, in the plans. */
      readonly centres?: ReadonlyMap<string, number>;
    }
  | { readonly features: FeatureSpace }
);
