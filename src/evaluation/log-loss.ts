import { checkWeights, totalWeight } from './weights.js';

/** Probabilities are clipped to [1e-15, 1 - 1e-15] before the logarithm. */
const MIN_PROBABILITY = 1e-15;
const MAX_LOSS = -Math.log(MIN_PROBABILITY);
const MIN_LOSS = -Math.log1p(-MIN_PROBABILITY);

/**
 * Mean log loss of a stream of observations, nats:
 *
 *     BINARY       log(1 + exp(-m)) where the answer is 1, log(1 + exp(m)) where it is 0
 *     MULTICLASS   log(sum over k of exp(m_k)) - m_y
 *
 * Computed from margins, so that nothing is lost where probabilities round to 1; then clipped as if each probability had
 * been clipped to [1e-15, 1 - 1e-15].
 */
export class LogLoss {
  #sum = 0;
  #count = 0;
  #weight = 0;

  /** Number of observations. */
  get count(): number {
    return this.#count;
  }

  /** Nats per unit of weight, so per observation without weights; NaN when there is none. */
  get mean(): number {
    return this.#sum / this.#weight;
  }

  /**
   * @param margins logits of the answer 1
   * @param labels 0 or 1, one per margin
   * @param weights 0 or more, one per margin; default 1 each
   */
  addBinary(margins: Float64Array, labels: Uint8Array, weights?: Float64Array): void {
    if (labels.length !== margins.length) throw new Error(`${margins.length} margins and ${labels.length} labels`);
    checkWeights(weights, labels.length);
    let sum = 0;
    for (let i = 0; i < margins.length; i++) {
      const z = labels[i] === 1 ? margins[i] : -margins[i];
      const loss = clip(z > 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z);
      sum += weights === undefined ? loss : weights[i] * loss;
    }
    this.#add(sum, margins.length, weights);
  }

  /**
   * @param margins row major, `classCount` per observation
   * @param classes class numbers; one that is not 0 .. classCount - 1 is a class of probability 0
   * @param weights 0 or more, one per observation; default 1 each
   */
  addMulticlass(margins: Float64Array, classes: ArrayLike<number>, classCount: number, weights?: Float64Array): void {
    if (classes.length * classCount !== margins.length) {
      throw new Error(`${margins.length} margins for ${classes.length} observations of ${classCount} classes`);
    }
    checkWeights(weights, classes.length);
    let sum = 0;
    for (let i = 0; i < classes.length; i++) {
      const from = i * classCount;
      const known = classes[i] >= 0 && classes[i] < classCount;
      const loss = known ? clip(logSumExp(margins, from, classCount) - margins[from + classes[i]]) : MAX_LOSS;
      sum += weights === undefined ? loss : weights[i] * loss;
    }
    this.#add(sum, classes.length, weights);
  }

  merge(other: LogLoss): void {
    this.#sum += other.#sum;
    this.#count += other.#count;
    this.#weight += other.#weight;
  }

  #add(sum: number, count: number, weights: Float64Array | undefined): void {
    this.#sum += sum;
    this.#count += count;
    this.#weight += totalWeight(weights, count);
  }
}

/** Mean log loss of BINARY margins; see `LogLoss`. */
export function logLossFromMargins(margins: Float64Array, labels: Uint8Array): number {
  const loss = new LogLoss();
  loss.addBinary(margins, labels);
  return loss.mean;
}

/** Mean log loss of MULTICLASS margins, row major; see `LogLoss`. */
export function multinomialLogLossFromMargins(
  margins: Float64Array,
  classes: ArrayLike<number>,
  classCount: number,
): number {
  const loss = new LogLoss();
  loss.addMulticlass(margins, classes, classCount);
  return loss.mean;
}

/** NaN stays NaN. */
function clip(loss: number): number {
  return Math.min(MAX_LOSS, Math.max(MIN_LOSS, loss));
}

function logSumExp(margins: Float64Array, from: number, length: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = from; k < from + length; k++) largest = Math.max(largest, margins[k]);
  let sum = 0;
  for (let k = from; k < from + length; k++) sum += Math.exp(margins[k] - largest);
  return largest + Math.log(sum);
}
