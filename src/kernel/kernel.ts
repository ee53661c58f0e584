import type { DenseKernel } from '../features/dense-kernel.js';
import type { SparseKernel } from '../features/sparse-kernel.js';
import type { GradientKernel } from './gradient-kernel.js';
import type { RecordKernel } from './record-kernel.js';
import type { SettleKernel } from './settle-kernel.js';
import type { VectorKernel } from './vector-kernel.js';

/** The export of a module by which the compiler says where its tables end. */
export interface HeapBase {
  /** First address the host may use; lower ones hold tables, and writing there gives wrong numbers without an error. */
  readonly __heap_base: { readonly value: number };
}

type TrainSparse = (
  rows: number,
  rowCount: number,
  head: number,
  weights: number,
  firstStep: number,
  l1: number,
  l2: number,
  scratch: number,
) => number;

type TrainSoftmaxSparse = (
  rows: number,
  rowCount: number,
  head: number,
  weights: number,
  outputs: number,
  firstStep: number,
  l1: number,
  l2: number,
  scratch: number,
) => number;

type TrainDense = (
  rows: number,
  rowCount: number,
  width: number,
  weights: number,
  firstStep: number,
  l1: number,
  l2: number,
  scratch: number,
) => number;

type TrainSoftmaxDense = (
  rows: number,
  rowCount: number,
  width: number,
  weights: number,
  outputs: number,
  firstStep: number,
  l1: number,
  l2: number,
  scratch: number,
) => number;

/**
 * The kernels as the host calls them. Two implementations: WebAssembly SIMD (`instantiate.ts`) and plain TypeScript
 * (`reference.ts`); same memory layout, same results to single precision.
 *
 * Every address is a byte offset into the kernel memory, a multiple of 16 unless said otherwise. K outputs are padded to
 * `paddedOutputs` = K rounded up to a multiple of 4 when K > 1.
 *
 * `head` of sparse rows is the address of a table that `head.ts` writes; 0: they have none.
 *
 * Sparse weights, one record per feature:
 *
 *     K = 1   f32[4]                     w, S, D, c
 *     K > 1   f32[4 + 3 paddedOutputs]   c, 0, 0, 0, w[paddedOutputs], S[paddedOutputs], D[paddedOutputs]
 *
 * Dense weights, width from the row layout:
 *
 *     f32[width] c, then for each output k < K: f32[width] w, f32[width] S, f32[width] D
 *
 * w weight; S curvature sum; D = sum over steps s of (s - 1) * (change of w in step s), s counted from 1 since the last
 * `foldAverages`; c = rows / rows that contain the feature, 0 for the bias and for padding. A dense row contains the
 * features whose value is not 0.
 * The host writes S = 1e30 for the padding feature of sparse weights; its w and D stay 0.
 *
 * Every row contains the bias. Whatever is finite with |x| <= 1e6 gives finite weights and losses.
 */
export interface Kernel
  extends HeapBase,
    DenseKernel,
    SparseKernel,
    GradientKernel,
    RecordKernel,
    SettleKernel,
    VectorKernel {
  /**
   * One step of stage 1 for each row, in the given order (see `training/`): returns the sum of the losses before each
   * update, nats (logistic, softmax) or (m - t)^2 / 2 (squared), each times the weight of its row.
   *
   * A row of weight o has the loss o l instead of l: S grows by o h x^2 with the h of l, and the implicit step is that of
   * o l. Penalties do not depend on it. A row of weight 0 changes nothing, but counts as a step.
   *
   * @param rows u32[rowCount] addresses of row records, multiples of 4
   * @param weights address of the weights
   * @param firstStep number of the first step since the last `foldAverages`, from 1
   * @param l1 L1 amount per observation
   * @param l2 L2 amount per observation, the prior included
   * @param scratch at least `scratchBytes(...)` bytes
   */
  readonly trainLogisticSparse: TrainSparse;
  readonly trainSquaredSparse: TrainSparse;
  readonly trainSoftmaxSparse: TrainSoftmaxSparse;
  readonly trainLogisticDense: TrainDense;
  readonly trainSquaredDense: TrainDense;
  readonly trainSoftmaxDense: TrainSoftmaxDense;

  /**
   * Add the weights of the last `steps` steps to the running sums and begin counting anew:
   * sum += steps * w - D; D = 0.
   *
   * @param sums f64[featureCount * K] sparse, feature major; f64[K * width] dense, output major
   */
  foldAveragesSparse(weights: number, featureCount: number, outputs: number, steps: number, sums: number): void;
  foldAveragesDense(weights: number, width: number, outputs: number, steps: number, sums: number): void;

  /**
   * Add what a shard of the rows has learned about the weights of an output, for each feature with gain G, the growth of S:
   * merged += (G, (P + G) (w_p - w0), (P + G) (mean of w_p over the steps - w0)). Where w moved and S did not grow, G = S / 2^24.
   *
   * @param base f32 w0, multiple of 4, `stride` bytes from one feature to the next; S stands `toCurvature` bytes behind
   * @param shard likewise, w_p and S after the steps
   * @param count features
   * @param sums f64 of each feature, `sumStride` bytes from one to the next, multiple of 8: sums of w_p over the steps
   * @param precision P, of the prior, >= 0
   * @param merged f64[3] of each feature, three times as far apart, multiple of 8
   */
  mergeShard(
    base: number,
    shard: number,
    stride: number,
    toCurvature: number,
    count: number,
    sums: number,
    sumStride: number,
    steps: number,
    precision: number,
    merged: number,
  ): void;

  /**
   * Margins of a list of rows, in double precision.
   *
   * @param weights f64[featureCount * K] feature major (sparse), f64[K * width] output major (dense)
   * @param margins f64[rowCount * K], row major, written
   */
  scoreSparse(rows: number, rowCount: number, head: number, weights: number, outputs: number, margins: number): void;
  scoreDense(rows: number, rowCount: number, width: number, weights: number, outputs: number, margins: number): void;
}
