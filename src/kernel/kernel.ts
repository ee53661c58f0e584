import type { DenseKernel } from '../features/dense-kernel.js';
import type { SparseKernel } from '../features/sparse-kernel.js';
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

type GradientSparse = (
  rows: number,
  rowCount: number,
  head: number,
  arrays: number,
  records: number,
  scratch: number,
) => void;

type GradientDense = (
  rows: number,
  rowCount: number,
  width: number,
  arrays: number,
  records: number,
  scratch: number,
) => void;

/** The third parameter is the address of the head's table (sparse), or says how wide rows are (dense). */
type GradientSoftmax = (
  rows: number,
  rowCount: number,
  headOrWidth: number,
  outputs: number,
  arrays: number,
  records: number,
  scratch: number,
) => void;

/** The third parameter is the address of the head's table (sparse), or says how wide rows are (dense). */
type AddBlocks = (
  rows: number,
  rowCount: number,
  headOrWidth: number,
  scales: number,
  outputs: number,
  slots: number,
  stride: number,
  matrices: number,
  scratch: number,
) => void;

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
export interface Kernel extends HeapBase, DenseKernel, SparseKernel, SettleKernel, VectorKernel {
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

  /**
   * Losses of rows and their derivatives at given weights, in double precision, for stage 2. Whatever is found is added to
   * what is there, row by row, so that nothing depends on how rows are divided among calls.
   *
   * `arrays` says what is wanted, and how many arrays there are: 1 the loss, 2 also g = sum of weight * dl/dm x, 3 also
   * h = sum of weight * l'' x^2. Sparse records, one per feature (those of 'padding' hold arbitrary sums):
   *
   *     K = 1   f64[1 | 2 | 4]       w, g, h, 0
   *     K > 1   f64[arrays * P]      w[P], g[P], h[P], P = K rounded up to an even number
   *
   * Dense: f64[K * width] w, then g, then h, output major.
   *
   * @param records address of the records; w of padding must be 0
   * @param scratch f64[2] running loss, initially 0 and 1, and working space as `gradient-state.ts` allocates it
   */
  readonly gradientLogisticSparse: GradientSparse;
  readonly gradientSquaredSparse: GradientSparse;
  readonly gradientSoftmaxSparse: GradientSoftmax;
  readonly gradientLogisticDense: GradientDense;
  readonly gradientSquaredDense: GradientDense;
  readonly gradientSoftmaxDense: GradientSoftmax;

  /** The sum of weight * loss that a scratch area has come to. */
  lossSum(scratch: number): number;

  /**
   * Add scale x x' of rows to one matrix per output, for some of the features. Only elements on and below the diagonal are
   * meant; those above are arbitrary.
   *
   * @param scales f64[rowCount * outputs], row major
   * @param slots i32[featureCount] (dense: [width]), row and column of each feature; below 0: none, as for padding
   * @param stride rows and columns of a matrix, even, at most 256
   * @param matrices f64[outputs][stride][stride]
   * @param scratch 4096 + 32 stride + 32 outputs bytes
   */
  readonly addBlocksSparse: AddBlocks;
  readonly addBlocksDense: AddBlocks;

  /**
   * Cholesky factor of a symmetric matrix, in place: A = L L'.
   *
   * A pivot that is not above `least` times the largest diagonal element becomes that: directions of which the matrix knows
   * nothing get a short step instead of none.
   *
   * @param matrix f64[size * size], row major; the lower triangle is read and overwritten by L
   * @param least relative to the largest diagonal element, > 0
   */
  factorise(matrix: number, size: number, least: number): void;

  /**
   * Solve L L' x = b in place.
   *
   * @param factor of `factorise`
   * @param b f64[size], becomes x
   */
  solve(factor: number, size: number, b: number): void;

  /**
   * Weight times second derivative of the loss of rows by each of their margins, in the place of the margins.
   *
   * @param logistic 1 or 0 for a squared loss, where there is one output
   * @param toWeight bytes from the beginning of a record to its weight
   * @param margins f64[rowCount * outputs], row major
   */
  secondDerivatives(
    logistic: number,
    rows: number,
    rowCount: number,
    toWeight: number,
    outputs: number,
    margins: number,
  ): void;

  /**
   * Sum over rows of weight * u' H u, H the second derivatives of the loss by the margins; other parameters as above.
   *
   * @param moves u, as the margins
   */
  curvatureAlong(
    logistic: number,
    rows: number,
    rowCount: number,
    toWeight: number,
    outputs: number,
    margins: number,
    moves: number,
  ): number;

  /**
   * Count the rows that contain each feature; that of padding becomes arbitrary.
   *
   * @param head address of the table of the rows' head, 0 for none
   * @param counts u32[featureCount] (dense: [width]), added to
   */
  countSparse(rows: number, rowCount: number, head: number, counts: number): void;
  countDense(rows: number, rowCount: number, width: number, counts: number): void;

  /**
   * Copy row records; addresses and lengths are multiples of 16.
   *
   * @param moves u32[count][3]: from where, to where, how many bytes
   */
  copyRecords(moves: number, count: number): void;

  /**
   * Put sparse records that lie between two addresses on a list by their places, which stand in the last word of their headers.
   *
   * @param list u32[], written: addresses
   */
  listSparse(from: number, end: number, head: number, list: number): void;

  /**
   * List the addresses of sparse records that lie one behind the other.
   *
   * @param list u32[count], written
   * @returns address behind the last
   */
  listFollowing(from: number, count: number, head: number, list: number): number;

  /**
   * Copy sparse records, one behind the other, and give their features other numbers; those that become `PADDING_FEATURE` leave
   * the record. The last word of headers becomes 0. Copies may take the place of the records, from the first on.
   *
   * @param list u32[count], addresses; those of copied records are replaced by where the copies are
   * @param remap u32[], number → new number
   * @param end records are copied until one may not fit before it
   * @param result u32[2], written: how many were copied; the most groups of one of them, unless it holds more already
   * @returns where they end
   */
  remapSparse(
    list: number,
    count: number,
    head: number,
    remap: number,
    to: number,
    end: number,
    result: number,
  ): number;

  /**
   * Places of records that follow each other in the data and are visited in the order of a `Permutation`.
   *
   * @param first row of the first record
   * @param permutation `permutationWords`
   * @param base address of the record that is visited first
   * @param places u32[count], written: addresses
   */
  placeRows(first: number, count: number, permutation: number, base: number, recordBytes: number, places: number): void;

  /**
   * As `remapSparse`, but every record stays where it is. What is left behind the records is arbitrary.
   *
   * @param stride bytes from one record to the next
   */
  remapPlaced(from: number, count: number, stride: number, head: number, remap: number): void;
}
