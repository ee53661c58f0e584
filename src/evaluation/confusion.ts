import { checkWeights } from './weights.js';

/** Counts of observations by true and predicted answer; sums of their weights where they have weights. */
export interface BinaryCounts {
  readonly truePositives: number;
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** Figures of a BINARY model at one cut-off, each 0 .. 1. Where a figure has nothing to divide by it is 0. */
export interface BinaryMetrics extends BinaryCounts {
  /** Correct answers / all. */
  readonly accuracy: number;
  /** True positives / predicted positives. */
  readonly precision: number;
  /** True positives / positives. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
  /** False positives / negatives. */
  readonly falsePositiveRate: number;
  /** Predicted positives / all. */
  readonly predictedPositiveRate: number;
}

/** Counts the answers of a BINARY model at one cut-off: positive where score >= cut-off. */
export class BinaryConfusion {
  /** [true label][predicted label] */
  readonly #counts = [
    [0, 0],
    [0, 0],
  ];

  constructor(
    /** On the scale of the scores that are added: a probability, or a logit for margins. */
    readonly cutOff: number,
  ) {}

  /**
   * @param scores not NaN
   * @param labels 0 or 1, one per score
   * @param weights 0 or more, one per score; default 1 each
   */
  add(scores: Float64Array, labels: Uint8Array, weights?: Float64Array): void {
    if (labels.length !== scores.length) throw new Error(`${scores.length} scores and ${labels.length} labels`);
    checkWeights(weights, labels.length);
    for (let i = 0; i < scores.length; i++) {
      const answer = scores[i] >= this.cutOff ? 1 : 0;
      this.#counts[labels[i]][answer] += weights === undefined ? 1 : weights[i];
    }
  }

  merge(other: BinaryConfusion): void {
    if (other.cutOff !== this.cutOff) throw new Error(`cut-offs ${this.cutOff} and ${other.cutOff} do not merge`);
    for (const label of [0, 1]) {
      for (const answer of [0, 1]) this.#counts[label][answer] += other.#counts[label][answer];
    }
  }

  metrics(): BinaryMetrics {
    const [[trueNegatives, falsePositives], [falseNegatives, truePositives]] = this.#counts;
    return binaryMetrics({ truePositives, trueNegatives, falsePositives, falseNegatives });
  }
}

export function binaryMetrics(counts: BinaryCounts): BinaryMetrics {
  const { truePositives, trueNegatives, falsePositives, falseNegatives } = counts;
  const all = truePositives + trueNegatives + falsePositives + falseNegatives;
  return {
    ...counts,
    accuracy: ratio(truePositives + trueNegatives, all),
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, truePositives + falseNegatives),
    f1: f1(truePositives, falsePositives, falseNegatives),
    falsePositiveRate: ratio(falsePositives, falsePositives + trueNegatives),
    predictedPositiveRate: ratio(truePositives + falsePositives, all),
  };
}

/** 2PR / (P + R) = 2TP / (2TP + FP + FN); 0 without true positives. */
export function f1(truePositives: number, falsePositives: number, falseNegatives: number): number {
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
}

/** 0 / 0 is 0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
