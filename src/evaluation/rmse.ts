/**
 * Errors of a REGRESSION model over a stream of observations. Residual = true - predicted: positive where the model
 * underestimates.
 */
export class RegressionErrors {
  #count = 0;
  #residuals = 0;
  #squares = 0;
  #absolute = 0;
  #targetMean = 0;
  /** Sum of squared distances of the targets from their mean. */
  #targetM2 = 0;

  /** Number of observations. */
  get count(): number {
    return this.#count;
  }

  /**
   * @param predictions in the target's unit
   * @param targets one per prediction
   */
  add(predictions: Float64Array, targets: Float64Array): void {
    const { length } = predictions;
    if (targets.length !== length) throw new Error(`${length} predictions and ${targets.length} targets`);
    if (length === 0) return;
    let residuals = 0;
    let squares = 0;
    let absolute = 0;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const residual = targets[i] - predictions[i];
      residuals += residual;
      squares += residual * residual;
      absolute += Math.abs(residual);
      sum += targets[i];
    }
    const mean = sum / length;
    let m2 = 0;
    for (let i = 0; i < length; i++) m2 += (targets[i] - mean) ** 2;
    this.#residuals += residuals;
    this.#squares += squares;
    this.#absolute += absolute;
    this.#addTargets(length, mean, m2);
  }

  merge(other: RegressionErrors): void {
    if (other.#count === 0) return;
    this.#residuals += other.#residuals;
    this.#squares += other.#squares;
    this.#absolute += other.#absolute;
    this.#addTargets(other.#count, other.#targetMean, other.#targetM2);
  }

  /** Chan, Golub, LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample Variances (1979) */
  #addTargets(count: number, mean: number, m2: number): void {
    const total = this.#count + count;
    const distance = mean - this.#targetMean;
    this.#targetM2 += m2 + distance * distance * this.#count * (count / total);
    this.#targetMean += distance * (count / total);
    this.#count = total;
  }

  /** Root mean squared error, in the target's unit; NaN when there are no observations. */
  get rmse(): number {
    return Math.sqrt(this.#squares / this.#count);
  }

  /** Mean absolute error, in the target's unit; NaN when there are no observations. */
  get mae(): number {
    return this.#absolute / this.#count;
  }

  /** Mean residual, in the target's unit; NaN when there are no observations. */
  get meanResidual(): number {
    return this.#residuals / this.#count;
  }

  /** 1 - sum of squared residuals / sum of squared distances of the targets from their mean; null for a constant target. */
  get r2(): number | null {
    return this.#targetM2 > 0 ? 1 - this.#squares / this.#targetM2 : null;
  }

  /** RMSE of always answering one value, such as the mean of the training targets. */
  baselineRmse(answer: number): number {
    return Math.sqrt(this.#targetM2 / this.#count + (this.#targetMean - answer) ** 2);
  }
}
