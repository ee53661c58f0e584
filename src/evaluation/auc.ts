import { sigmoid } from '../model/link.js';
import { checkWeights } from './weights.js';

/** Up to this many observations the area is exact; beyond, scores are counted in histograms. */
export const EXACT_SCORES = 5_000_000;
const CELLS = 65_536;
/** Margins beyond ±32 share the outermost cells. */
const RANGE = 32;
/** A point of the curve is at least this far from the one before it, both rates added. */
const CURVE_STEP = 1 / 200;

/** The distinct scores, highest first, with the weight of the positive and of the negative observations of each. */
interface Steps {
  /** Elements of the arrays that count. */
  readonly count: number;
  readonly scores: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * Points of a ROC curve, in the order of falling cut-offs; the curve begins at (0, 0), which is not listed, and ends at
 * (1, 1). Arrays of equal length.
 */
export interface RocCurve {
  /** P(1) from which on the answer is 1. */
  readonly cutOffs: readonly number[];
  readonly falsePositiveRates: readonly number[];
  readonly recalls: readonly number[];
}

/**
 * Area under the ROC curve: the probability that a positive observation has a higher score than a negative one, equal
 * scores counted one half. Exact (Mann-Whitney U with midranks), O(n log n). With weights, pairs count by the product of
 * their weights.
 *
 * @param scores probabilities or margins, any monotone scale; infinite ones are allowed
 * @param labels 0 or 1, one per score
 * @param weights 0 or more, one per score; default 1 each
 * @returns 0 .. 1; null when the positives or the negatives have no weight
 * @throws Error when a score is NaN, a label is neither 0 nor 1, a weight is negative or not finite, or the lengths
 *   differ: such rows must not be passed
 *
 * Hanley, McNeil, The meaning and use of the area under a ROC curve (1982)
 */
export function areaUnderRoc(scores: Float64Array, labels: Uint8Array, weights?: Float64Array): number | null {
  checkRows(scores, labels, weights);
  return areaOf(weights === undefined ? countedSteps(scores, labels) : weightedSteps(scores, labels, weights));
}

function areaOf({ count, positives, negatives }: Steps): number | null {
  let positivesAbove = 0;
  let negativesAbove = 0;
  let wins = 0;
  for (let i = 0; i < count; i++) {
    wins += negatives[i] * (positivesAbove + 0.5 * positives[i]);
    positivesAbove += positives[i];
    negativesAbove += negatives[i];
  }
  return positivesAbove === 0 || negativesAbove === 0 ? null : wins / positivesAbove / negativesAbove;
}

function openSteps(most: number): Steps {
  return {
    count: 0,
    scores: new Float64Array(most),
    positives: new Float64Array(most),
    negatives: new Float64Array(most),
  };
}

/** Sorts positives and negatives apart, without their weights. */
function countedSteps(scores: Float64Array, labels: Uint8Array): Steps {
  let positiveCount = 0;
  for (let i = 0; i < labels.length; i++) positiveCount += labels[i];
  const positives = new Float64Array(positiveCount);
  const negatives = new Float64Array(labels.length - positiveCount);
  let p = 0;
  let n = 0;
  for (let i = 0; i < scores.length; i++) {
    if (labels[i] === 1) positives[p++] = scores[i];
    else negatives[n++] = scores[i];
  }
  return mergedSteps(positives.sort(), negatives.sort());
}

/** @param positives ascending scores, as negatives */
function mergedSteps(positives: Float64Array, negatives: Float64Array): Steps {
  const steps = openSteps(positives.length + negatives.length);
  let p = positives.length - 1;
  let n = negatives.length - 1;
  let count = 0;
  while (p >= 0 || n >= 0) {
    const score = n < 0 || (p >= 0 && positives[p] > negatives[n]) ? positives[p] : negatives[n];
    const lastP = p;
    const lastN = n;
    while (p >= 0 && positives[p] === score) p--;
    while (n >= 0 && negatives[n] === score) n--;
    steps.scores[count] = score;
    steps.positives[count] = lastP - p;
    steps.negatives[count++] = lastN - n;
  }
  return { ...steps, count };
}

function weightedSteps(scores: Float64Array, labels: Uint8Array, weights: Float64Array): Steps {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => compare(scores[b], scores[a]));
  const steps = openSteps(order.length);
  let count = 0;
  for (let i = 0; i < order.length; count++) {
    const score = scores[order[i]];
    steps.scores[count] = score;
    for (; i < order.length && scores[order[i]] === score; i++) {
      const sums = labels[order[i]] === 1 ? steps.positives : steps.negatives;
      sums[count] += weights[order[i]];
    }
  }
  return { ...steps, count };
}

/** Infinite values subtract to NaN. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function cellSteps(positives: Float64Array, negatives: Float64Array): Steps {
  const steps = openSteps(CELLS);
  let count = 0;
  for (let cell = CELLS - 1; cell >= 0; cell--) {
    if (!(positives[cell] > 0 || negatives[cell] > 0)) continue;
    steps.scores[count] = (cell / CELLS) * 2 * RANGE - RANGE;
    steps.positives[count] = positives[cell];
    steps.negatives[count++] = negatives[cell];
  }
  return { ...steps, count };
}

/** Margins, labels and weights of one call. */
interface Part {
  readonly margins: Float64Array;
  readonly labels: Uint8Array;
  readonly weights: Float64Array | undefined;
}

/**
 * The ROC curve of a stream of observations: exact up to 5 million, then from two histograms of 65,536 cells over the
 * margin from -32 to 32, in which margins of the same cell count as equal.
 */
export class RocAccumulator {
  #parts: Part[] = [];
  #count = 0;
  #cells: { positives: Float64Array; negatives: Float64Array } | undefined;

  /** @param exactScores how many observations to keep; default 5 million, 9 bytes each, 17 with weights */
  constructor(readonly exactScores: number = EXACT_SCORES) {}

  /** Number of observations. */
  get count(): number {
    return this.#count;
  }

  /**
   * @param margins logits, not NaN; copied
   * @param labels 0 or 1
   * @param weights 0 or more, one per margin; default 1 each
   */
  add(margins: Float64Array, labels: Uint8Array, weights?: Float64Array): void {
    checkRows(margins, labels, weights);
    this.#count += margins.length;
    if (this.#cells === undefined && this.#count > this.exactScores) this.#countKept();
    if (this.#cells !== undefined) this.#countInCells({ margins, labels, weights });
    else this.#parts.push({ margins: margins.slice(), labels: labels.slice(), weights: weights?.slice() });
  }

  /** Add what another accumulator has seen. */
  merge(other: RocAccumulator): void {
    this.#count += other.#count;
    if (this.#cells === undefined && (other.#cells !== undefined || this.#count > this.exactScores)) this.#countKept();
    for (const part of other.#parts) {
      if (this.#cells !== undefined) this.#countInCells(part);
      else this.#parts.push(part);
    }
    const { positives, negatives } = other.#cells ?? { positives: [], negatives: [] };
    for (let cell = 0; cell < positives.length; cell++) {
      this.#cells!.positives[cell] += positives[cell];
      this.#cells!.negatives[cell] += negatives[cell];
    }
  }

  /** Null when the positives or the negatives have no weight. */
  areaUnderRoc(): number | null {
    return areaOf(this.#steps());
  }

  /** Area and curve, sorting once. The curve is empty where the area is null; about 400 points at most. */
  finish(): { area: number | null; curve: RocCurve } {
    const steps = this.#steps();
    const area = areaOf(steps);
    return { area, curve: area === null ? { cutOffs: [], falsePositiveRates: [], recalls: [] } : curveOf(steps) };
  }

  #steps(): Steps {
    if (this.#cells !== undefined) return cellSteps(this.#cells.positives, this.#cells.negatives);
    const margins = new Float64Array(this.#count);
    const labels = new Uint8Array(this.#count);
    const weighted = this.#parts.some((part) => part.weights !== undefined);
    const weights = new Float64Array(weighted ? this.#count : 0).fill(1);
    let from = 0;
    for (const part of this.#parts) {
      margins.set(part.margins, from);
      labels.set(part.labels, from);
      if (part.weights !== undefined) weights.set(part.weights, from);
      from += part.margins.length;
    }
    return weighted ? weightedSteps(margins, labels, weights) : countedSteps(margins, labels);
  }

  #countKept(): void {
    this.#cells = { positives: new Float64Array(CELLS), negatives: new Float64Array(CELLS) };
    for (const part of this.#parts) this.#countInCells(part);
    this.#parts = [];
  }

  #countInCells({ margins, labels, weights }: Part): void {
    const { positives, negatives } = this.#cells!;
    for (let i = 0; i < margins.length; i++) {
      const position = ((margins[i] + RANGE) / (2 * RANGE)) * CELLS;
      const cell = Math.max(0, Math.min(CELLS - 1, Math.floor(position)));
      (labels[i] === 1 ? positives : negatives)[cell] += weights === undefined ? 1 : weights[i];
    }
  }
}

/** @param steps of margins, of which both labels have some */
function curveOf({ count, scores, ...weights }: Steps): RocCurve {
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < count; i++) {
    positives += weights.positives[i];
    negatives += weights.negatives[i];
  }
  const curve = { cutOffs: [] as number[], falsePositiveRates: [] as number[], recalls: [] as number[] };
  let truePositives = 0;
  let falsePositives = 0;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    truePositives += weights.positives[i];
    falsePositives += weights.negatives[i];
    const recall = truePositives / positives;
    const falsePositiveRate = falsePositives / negatives;
    const endsShort = i === count - 1 && kept < 2;
    if (recall + falsePositiveRate - kept < CURVE_STEP && !endsShort) continue;
    kept = recall + falsePositiveRate;
    curve.cutOffs.push(sigmoid(scores[i]));
    curve.recalls.push(recall);
    curve.falsePositiveRates.push(falsePositiveRate);
  }
  return curve;
}

function checkRows(scores: Float64Array, labels: Uint8Array, weights: Float64Array | undefined): void {
  if (labels.length !== scores.length) throw new Error(`${scores.length} scores and ${labels.length} labels`);
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]) || labels[i] > 1) throw new Error(`row ${i}: score ${scores[i]}, label ${labels[i]}`);
  }
  checkWeights(weights, scores.length);
}
