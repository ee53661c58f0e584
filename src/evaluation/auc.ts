import { sigmoid } from '../model/link.js';
import { checkWeights } from './weights.js';

/** Up to this many observations the area is exact; beyond, scores are counted in histograms. */
export const EXACT_SCORES = 5_000_000;
const CELLS = 65_536;
/** Margins beyond ±32 share the outermost cells. */
const RANGE = 32;
/** A point of the curve is at least this far from the one before it, both rates added. */
const CURVE_STEP = 1 / 200;

/** Weight of the positive and of the negative observations of one score. */
type Visit = (score: number, positive: number, negative: number) => void;
/** Visits the distinct scores, highest first. */
type Walk = (visit: Visit) => void;

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
  return areaOf(weights === undefined ? walkCounts(scores, labels) : walkWeights(scores, labels, weights));
}

function areaOf(walk: Walk): number | null {
  let positivesAbove = 0;
  let negatives = 0;
  let wins = 0;
  walk((_, positive, negative) => {
    wins += negative * (positivesAbove + 0.5 * positive);
    positivesAbove += positive;
    negatives += negative;
  });
  return positivesAbove === 0 || negatives === 0 ? null : wins / positivesAbove / negatives;
}

/** Sorts positives and negatives apart, without their weights. */
function walkCounts(scores: Float64Array, labels: Uint8Array): Walk {
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
  positives.sort();
  negatives.sort();
  return (visit) => {
    let p = positives.length - 1;
    let n = negatives.length - 1;
    while (p >= 0 || n >= 0) {
      const score = n < 0 || (p >= 0 && positives[p] > negatives[n]) ? positives[p] : negatives[n];
      const [lastP, lastN] = [p, n];
      while (p >= 0 && positives[p] === score) p--;
      while (n >= 0 && negatives[n] === score) n--;
      visit(score, lastP - p, lastN - n);
    }
  };
}

function walkWeights(scores: Float64Array, labels: Uint8Array, weights: Float64Array): Walk {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => compare(scores[b], scores[a]));
  return (visit) => {
    for (let i = 0; i < order.length; ) {
      const score = scores[order[i]];
      const sums = [0, 0];
      for (; i < order.length && scores[order[i]] === score; i++) sums[labels[order[i]]] += weights[order[i]];
      visit(score, sums[1], sums[0]);
    }
  };
}

/** Infinite values subtract to NaN. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function walkCells(positives: Float64Array, negatives: Float64Array): Walk {
  return (visit) => {
    for (let cell = CELLS - 1; cell >= 0; cell--) {
      if (positives[cell] > 0 || negatives[cell] > 0) {
        visit((cell / CELLS) * 2 * RANGE - RANGE, positives[cell], negatives[cell]);
      }
    }
  };
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
    return areaOf(this.#walk());
  }

  /** Area and curve, sorting once. The curve is empty where the area is null; about 400 points at most. */
  finish(): { area: number | null; curve: RocCurve } {
    const walk = this.#walk();
    const area = areaOf(walk);
    return { area, curve: area === null ? { cutOffs: [], falsePositiveRates: [], recalls: [] } : curveOf(walk) };
  }

  #walk(): Walk {
    if (this.#cells !== undefined) return walkCells(this.#cells.positives, this.#cells.negatives);
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
    return weighted ? walkWeights(margins, labels, weights) : walkCounts(margins, labels);
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

/** @param walk over margins of which both labels have some */
function curveOf(walk: Walk): RocCurve {
  let [positives, negatives] = [0, 0];
  walk((_, positive, negative) => {
    positives += positive;
    negatives += negative;
  });
  const curve = { cutOffs: [] as number[], falsePositiveRates: [] as number[], recalls: [] as number[] };
  let [truePositives, falsePositives, kept] = [0, 0, 0];
  let lowest = 0;
  const keep = (recall: number, falsePositiveRate: number): void => {
    curve.cutOffs.push(sigmoid(lowest));
    curve.recalls.push(recall);
    curve.falsePositiveRates.push(falsePositiveRate);
  };
  walk((margin, positive, negative) => {
    truePositives += positive;
    falsePositives += negative;
    lowest = margin;
    const [recall, falsePositiveRate] = [truePositives / positives, falsePositives / negatives];
    if (recall + falsePositiveRate - kept < CURVE_STEP) return;
    kept = recall + falsePositiveRate;
    keep(recall, falsePositiveRate);
  });
  if (kept < 2) keep(1, 1);
  return curve;
}

function checkRows(scores: Float64Array, labels: Uint8Array, weights: Float64Array | undefined): void {
  if (labels.length !== scores.length) throw new Error(`${scores.length} scores and ${labels.length} labels`);
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]) || labels[i] > 1) throw new Error(`row ${i}: score ${scores[i]}, label ${labels[i]}`);
  }
  checkWeights(weights, scores.length);
}
