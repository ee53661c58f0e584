import { type BinaryMetrics, binaryMetrics } from './confusion.js';
import { checkWeights } from './weights.js';

/** Cut-offs are multiples of 1 / 1000. */
export const SCORE_STEPS = 1000;

/**
 * Observations by score and true label: element k counts those with k / steps <= P(1) < (k + 1) / steps, the last one
 * those with P(1) = 1. Arrays of length steps + 1. With weights, sums of weights.
 *
 * All figures at every cut-off k / steps follow from it exactly: see `metricsAt` and `metricsAtCutOffs`.
 */
export interface ScoreHistogram {
  readonly steps: number;
  /** Observations that are 1. */
  readonly positives: readonly number[];
  /** Observations that are 0. */
  readonly negatives: readonly number[];
}

/** Counts observations by score and true label. */
export class ScoreCounter {
  readonly #positives = new Float64Array(SCORE_STEPS + 1);
  readonly #negatives = new Float64Array(SCORE_STEPS + 1);

  /**
   * @param scores P(1), 0 .. 1
   * @param labels 0 or 1, one per score
   * @param weights 0 or more, one per score; default 1 each
   */
  add(scores: Float64Array, labels: Uint8Array, weights?: Float64Array): void {
    if (labels.length !== scores.length) throw new Error(`${scores.length} scores and ${labels.length} labels`);
    checkWeights(weights, labels.length);
    for (let i = 0; i < scores.length; i++) {
      if (!(scores[i] >= 0 && scores[i] <= 1)) throw new Error(`row ${i}: score ${scores[i]}`);
      const counts = labels[i] === 1 ? this.#positives : this.#negatives;
      counts[cellOf(scores[i], SCORE_STEPS)] += weights === undefined ? 1 : weights[i];
    }
  }

  merge(other: ScoreCounter): void {
    for (let k = 0; k <= SCORE_STEPS; k++) {
      this.#positives[k] += other.#positives[k];
      this.#negatives[k] += other.#negatives[k];
    }
  }

  finish(): ScoreHistogram {
    return { steps: SCORE_STEPS, positives: [...this.#positives], negatives: [...this.#negatives] };
  }
}

/** The greatest k with k / steps <= score; the product alone may round across the edge of a cell. */
function cellOf(score: number, steps: number): number {
  const cell = Math.floor(score * steps);
  if (score < cell / steps) return cell - 1;
  return score >= (cell + 1) / steps ? cell + 1 : cell;
}

/** Figures of a BINARY model at a cut-off. */
export interface CutOffMetrics extends BinaryMetrics {
  /** P(1) from which on the answer is 1. */
  readonly cutOff: number;
}

/** Figures at every cut-off k / steps, ascending from 0 to 1. */
export function metricsAtCutOffs({ steps, positives, negatives }: ScoreHistogram): CutOffMetrics[] {
  const result = new Array<CutOffMetrics>(steps + 1);
  const [allPositives, allNegatives] = [sum(positives), sum(negatives)];
  let truePositives = 0;
  let falsePositives = 0;
  for (let k = steps; k >= 0; k--) {
    truePositives += positives[k];
    falsePositives += negatives[k];
    const falseNegatives = Math.max(0, allPositives - truePositives);
    const trueNegatives = Math.max(0, allNegatives - falsePositives);
    result[k] = {
      cutOff: k / steps,
      ...binaryMetrics({ truePositives, trueNegatives, falsePositives, falseNegatives }),
    };
  }
  return result;
}

/**
 * Figures at one cut-off.
 *
 * @param cutOff P(1) from which on the answer is 1; taken to the nearest multiple of 1 / steps in 0 .. 1
 */
export function metricsAt(histogram: ScoreHistogram, cutOff: number): CutOffMetrics {
  const { steps } = histogram;
  return metricsAtCutOffs(histogram)[Math.max(0, Math.min(steps, Math.round(cutOff * steps)))];
}

/** The cut-off at which a figure is highest, the lowest of equally good ones. */
export function bestCutOff(
  histogram: ScoreHistogram,
  figure: 'accuracy' | 'precision' | 'recall' | 'f1',
): CutOffMetrics {
  return metricsAtCutOffs(histogram).reduce((best, metrics) => (metrics[figure] > best[figure] ? metrics : best));
}

/** The histogram in fewer, equally wide cells; a score of 1 goes into the last. @param cellCount divides the steps */
export function coarseScores(
  { steps, positives, negatives }: ScoreHistogram,
  cellCount: number,
): Pick<ScoreHistogram, 'positives' | 'negatives'> {
  const width = steps / cellCount;
  if (!Number.isInteger(width)) throw new Error(`${steps} steps in ${cellCount} cells`);
  const merge = (counts: readonly number[]): number[] => {
    const cells = new Array<number>(cellCount).fill(0);
    for (let k = 0; k <= steps; k++) cells[Math.min(cellCount - 1, Math.floor(k / width))] += counts[k];
    return cells;
  };
  return { positives: merge(positives), negatives: merge(negatives) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
