/**
 * The training loss as the second stage sees it; whoever holds the rows computes it.
 *
 * Weights and gradients: f64[featureCount * outputs], feature major; 0 at the padding feature. Losses and gradients are
 * means over the rows, each times the weight of its row, without penalties. Sums run in f64, in a fixed order, whatever the
 * number of threads.
 */
export interface Objective {
  /** Padding and bias included. */
  readonly featureCount: number;
  readonly outputs: number;
  readonly rowCount: number;

  /**
   * One pass over the rows.
   *
   * @param gradient written
   * @param curvature written if given: diagonal of the Hessian, mean of weight * l'' * x^2
   * @returns mean loss, nats or (m - t)^2 / 2
   */
  evaluate(weights: Float64Array, gradient: Float64Array, curvature?: Float64Array): Promise<number>;

  /**
   * Copies of at most `count` rows, evenly spaced in the order of the passes.
   *
   * @returns row records as `features/rows.ts` defines them, and the word at which each begins
   */
  sample(count: number): Promise<{ words: Uint32Array; starts: Uint32Array }>;
}
