import { f1, ratio } from './confusion.js';
import { checkWeights } from './weights.js';

/** Figures of one class; 0 where there is nothing to divide by. */
export interface ClassCounts {
  /** Observations of the class. */
  readonly trueCount: number;
  /** Observations that the model took for the class. */
  readonly predictedCount: number;
  readonly truePositives: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Counts the answers of a MULTICLASS model by true and predicted class. Class numbers 0 .. modelClassCount - 1 are the
 * model's classes; greater ones are classes of the evaluation data that the model has never seen: they are never
 * predicted, and count with F1 0. With weights, counts are sums of weights.
 */
export class ConfusionMatrix {
  /** One row of predicted counts per true class. */
  readonly #rows: Float64Array[];

  constructor(
    /** At least 1. */
    readonly modelClassCount: number,
  ) {
    this.#rows = Array.from({ length: modelClassCount }, () => new Float64Array(modelClassCount));
  }

  /** Classes of the model, and unseen ones up to the greatest number met. */
  get classCount(): number {
    return this.#rows.length;
  }

  /**
   * Take the class of the highest margin as the answer; the first of equally high ones.
   *
   * @param margins row major, `modelClassCount` per observation
   * @param trueClasses class numbers
   * @param weights 0 or more, one per observation; default 1 each
   */
  addMargins(margins: Float64Array, trueClasses: ArrayLike<number>, weights?: Float64Array): void {
    const { modelClassCount } = this;
    if (margins.length !== trueClasses.length * modelClassCount) {
      throw new Error(`${margins.length} margins for ${trueClasses.length} observations of ${modelClassCount} classes`);
    }
    checkWeights(weights, trueClasses.length);
    for (let i = 0; i < trueClasses.length; i++) {
      const from = i * modelClassCount;
      let best = 0;
      for (let k = 1; k < modelClassCount; k++) if (margins[from + k] > margins[from + best]) best = k;
      this.#row(trueClasses[i])[best] += weights === undefined ? 1 : weights[i];
    }
  }

  /**
   * @param trueClasses class numbers
   * @param predictedClasses class numbers below `modelClassCount`
   * @param weights 0 or more, one per observation; default 1 each
   */
  add(trueClasses: ArrayLike<number>, predictedClasses: ArrayLike<number>, weights?: Float64Array): void {
    if (trueClasses.length !== predictedClasses.length) {
      throw new Error(`${trueClasses.length} true classes and ${predictedClasses.length} predicted ones`);
    }
    checkWeights(weights, trueClasses.length);
    for (let i = 0; i < trueClasses.length; i++) {
      const predicted = predictedClasses[i];
      if (!(predicted >= 0 && predicted < this.modelClassCount)) throw new Error(`predicted class ${predicted}`);
      this.#row(trueClasses[i])[predicted] += weights === undefined ? 1 : weights[i];
    }
  }

  /** Add the counts of another matrix of the same model, with the same numbers for unseen classes. */
  merge(other: ConfusionMatrix): void {
    if (other.modelClassCount !== this.modelClassCount) throw new Error('matrices of different models do not merge');
    other.#rows.forEach((theirs, trueClass) => {
      const row = this.#row(trueClass);
      for (let k = 0; k < row.length; k++) row[k] += theirs[k];
    });
  }

  #row(trueClass: number): Float64Array {
    if (!(Number.isInteger(trueClass) && trueClass >= 0)) throw new Error(`true class ${trueClass}`);
    while (this.#rows.length <= trueClass) this.#rows.push(new Float64Array(this.modelClassCount));
    return this.#rows[trueClass];
  }

  /** Observations of one class that the model took for another, or for itself. */
  count(trueClass: number, predictedClass: number): number {
    return this.#rows[trueClass]?.[predictedClass] ?? 0;
  }

  /** Square, rows true classes, columns predicted ones, unseen classes included. */
  toArrays(): number[][] {
    return this.#rows.map((row) => this.#rows.map((_, predicted) => row[predicted] ?? 0));
  }

  /** One per class number, unseen classes included. */
  classes(): ClassCounts[] {
    const predicted = new Float64Array(this.classCount);
    for (const row of this.#rows) {
      for (let k = 0; k < row.length; k++) predicted[k] += row[k];
    }
    return this.#rows.map((row, k): ClassCounts => {
      const trueCount = sum(row);
      const truePositives = this.count(k, k);
      return {
        trueCount,
        predictedCount: predicted[k],
        truePositives,
        precision: ratio(truePositives, predicted[k]),
        recall: ratio(truePositives, trueCount),
        f1: f1(truePositives, predicted[k] - truePositives, trueCount - truePositives),
      };
    });
  }

  /** Number of observations, or the sum of their weights. */
  get total(): number {
    return this.#rows.reduce((total, row) => total + sum(row), 0);
  }

  /** Share of correct answers; NaN when there are no observations. */
  get accuracy(): number {
    return this.#rows.reduce((correct, _, k) => correct + this.count(k, k), 0) / this.total;
  }

  /** Unweighted mean of F1 over the classes that occur in the evaluation data; NaN when there are no observations. */
  get macroAverageF1(): number {
    const present = this.classes().filter(({ trueCount }) => trueCount > 0);
    return present.reduce((total, { f1 }) => total + f1, 0) / present.length;
  }

  /** Macro-average F1 of always answering one class, such as the most frequent training class. */
  baselineMacroF1(answer: number): number {
    const counts = this.#rows.map(sum);
    const present = counts.filter((count) => count > 0).length;
    const hits = counts[answer] ?? 0;
    return f1(hits, this.total - hits, 0) / present;
  }
}

const sum = (row: Float64Array): number => row.reduce((total, count) => total + count, 0);
