import { checkWeights, totalWeight } from './weights.js';

/**
 * Errors of a REGRESSION model over a stream of observations. Residual = true - predicted: positive where the model
 * underestimates. With weights, means are weighted means.
 */
export class RegressionErrors {
  #count = 0;
  #weight = 0;
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
   * @param weights 0 or more, one per prediction; default 1 each
   */
  add(predictions: Float64Array, targets: Float64Array, weights?: Float64Array): void {
    const { length } = predictions;
    if (targets.length !== length) throw new Error(`${length} predictions and ${targets.length} targets`);
    checkWeights(weights, length);
    this.#count += length;
    const total = totalWeight(weights, length);
    if (total === 0) return;
    let residuals = 0;
    let squares = 0;
    let absolute = 0;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const weight = weights === undefined ? 1 : weights[i];
      const residual = targets[i] - predictions[i];
      residuals += weight * residual;
      squares += weight * residual * residual;
      absolute += weight * Math.abs(residual);
      sum += weight * targets[i];
    }
    const mean = sum / total;
    let m2 = 0;
    for (let i = 0; i < length; i++) m2 += (weights === undefined ? 1 : weights[i]) * (targets[i] - mean) ** 2;
    this.#residuals += residuals;
    this.#squares += squares;
    this.#absolute += absolute;
    this.#addTargets(total, mean, m2);
  }

  merge(other: RegressionErrors): void {
    this.#count += other.#count;
    if (other.#weight === 0) return;
    this.#residuals += other.#residuals;
    this.#squares += other.#squares;
    this.#absolute += other.#absolute;
    this.#addTargets(other.#weight, other.#targetMean, other.#targetM2);
  }

  /** Chan, Golub, LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample Variances (1979) */
  #addTargets(weight: number, mean: number, m2: number): void {
    const total = this.#weight + weight;
    const distance = mean - this.#targetMean;
    this.#targetM2 += m2 + distance * distance * this.#weight * (weight / total);
    this.#targetMean += distance * (weight / total);
    this.#weight = total;
  }

  /** Root mean squared error, in the target's unit; NaN when there are no observations. */
  get rmse(): number {
    return Math.sqrt(this.#squares / this.#weight);
  }

  /** Mean absolute error, in the target's unit; NaN when there are no observations. */
  get mae(): number {
    return this.#absolute / this.#weight;
  }

  /** Mean residual, in the target's unit; NaN when there are no observations. */
  get meanResidual(): number {
    return this.#residuals / this.#weight;
  }

  /** Mean of the targets; 0 when there are no observations. */
  get targetMean(): number {
    return this.#targetMean;
  }

  /** Standard deviation of the targets, of the population; NaN when there are no observations. */
  get targetStandardDeviation(): number {
    return Math.sqrt(this.#targetM2 / this.#weight);
  }

  /** 1 - sum of squared residuals / sum of squared distances of the targets from their mean; null for a constant target. */
  get r2(): number | null {
    return this.#targetM2 > 0 ? 1 - this.#squares / this.#targetM2 : null;
  }

  /** RMSE of always answering one value, such as the mean of the training targets. */
  baselineRmse(answer: number): number {
    return Math.sqrt(this.#targetM2 / this.#weight + (this.#targetMean - answer) ** 2);
  }
}
