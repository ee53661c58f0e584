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

/** What stage 2 is made of: losses of rows, their derivatives and matrices, in double precision. Addresses as `Kernel` says. */
export interface GradientKernel {
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
}
