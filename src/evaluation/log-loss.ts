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

  /** Number of observations. */
  get count(): number {
    return this.#count;
  }

  /** Nats per observation; NaN when there is none. */
  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#sum / this.#count;
  }

  /**
   * @param margins logits of the answer 1
   * @param labels 0 or 1, one per margin
   */
  addBinary(margins: Float64Array, labels: Uint8Array): void {
    if (labels.length !== margins.length) throw new Error(`${margins.length} margins and ${labels.length} labels`);
    let sum = 0;
    for (let i = 0; i < margins.length; i++) {
      const z = labels[i] === 1 ? margins[i] : -margins[i];
      sum += clip(z > 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z);
    }
    this.#sum += sum;
    this.#count += margins.length;
  }

  /**
   * @param margins row major, `classCount` per observation
   * @param classes class numbers; one that is not 0 .. classCount - 1 is a class of probability 0
   */
  addMulticlass(margins: Float64Array, classes: ArrayLike<number>, classCount: number): void {
    if (classes.length * classCount !== margins.length) {
      throw new Error(`${margins.length} margins for ${classes.length} observations of ${classCount} classes`);
    }
    let sum = 0;
    for (let i = 0; i < classes.length; i++) {
      const from = i * classCount;
      const known = classes[i] >= 0 && classes[i] < classCount;
      sum += known ? clip(logSumExp(margins, from, classCount) - margins[from + classes[i]]) : MAX_LOSS;
    }
    this.#sum += sum;
    this.#count += classes.length;
  }

  merge(other: LogLoss): void {
    this.#sum += other.#sum;
    this.#count += other.#count;
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
