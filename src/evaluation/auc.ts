/** Up to this many observations the area is exact; beyond, scores are counted in histograms. */
export const EXACT_SCORES = 5_000_000;
const CELLS = 65_536;
/** Margins beyond ±32 share the outermost cells. */
const RANGE = 32;

/**
 * Area under the ROC curve: the probability that a positive observation has a higher score than a negative one, equal
 * scores counted one half. Exact (Mann-Whitney U with midranks), O(n log n).
 *
 * @param scores probabilities or margins, any monotone scale; infinite ones are allowed
 * @param labels 0 or 1, one per score
 * @returns 0 .. 1; null when there are no positives or no negatives
 * @throws Error when a score is NaN, a label is neither 0 nor 1, or the lengths differ: such rows must not be passed
 *
 * Hanley, McNeil, The meaning and use of the area under a ROC curve (1982)
 */
export function areaUnderRoc(scores: Float64Array, labels: Uint8Array): number | null {
  const { positives, negatives } = separate(scores, labels);
  return areaOfSorted(positives.sort(), negatives.sort());
}

function separate(scores: Float64Array, labels: Uint8Array): { positives: Float64Array; negatives: Float64Array } {
  const { length } = scores;
  if (labels.length !== length) throw new Error(`${length} scores and ${labels.length} labels`);
  let positiveCount = 0;
  for (let i = 0; i < length; i++) positiveCount += labels[i];
  const positives = new Float64Array(Math.min(positiveCount, length));
  const negatives = new Float64Array(length - positives.length);
  let p = 0;
  let n = 0;
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(scores[i]) || labels[i] > 1) throw new Error(`row ${i}: score ${scores[i]}, label ${labels[i]}`);
    if (labels[i] === 1) positives[p++] = scores[i];
    else negatives[n++] = scores[i];
  }
  return { positives, negatives };
}

/** @param positives ascending @param negatives ascending */
function areaOfSorted(positives: Float64Array, negatives: Float64Array): number | null {
  if (positives.length === 0 || negatives.length === 0) return null;
  let below = 0;
  let upTo = 0;
  let wins = 0;
  for (let i = 0; i < positives.length; i++) {
    while (below < negatives.length && negatives[below] < positives[i]) below++;
    if (upTo < below) upTo = below;
    while (upTo < negatives.length && negatives[upTo] === positives[i]) upTo++;
    wins += below + 0.5 * (upTo - below);
  }
  return wins / positives.length / negatives.length;
}

/**
 * The ROC curve of a stream of observations: exact up to 5 million, then from two histograms of 65,536 cells over the
 * margin from -32 to 32, in which margins of the same cell count as equal.
 */
export class RocAccumulator {
  #margins: Float64Array[] = [];
  #labels: Uint8Array[] = [];
  #count = 0;
  #cells: { positives: Float64Array; negatives: Float64Array } | undefined;

  /** @param exactScores how many observations to keep; default 5 million, 9 bytes each */
  constructor(readonly exactScores: number = EXACT_SCORES) {}

  /** Number of observations. */
  get count(): number {
    return this.#count;
  }

  /**
   * @param margins logits, not NaN; copied
   * @param labels 0 or 1
   */
  add(margins: Float64Array, labels: Uint8Array): void {
    checkRows(margins, labels);
    this.#count += margins.length;
    if (this.#cells === undefined && this.#count > this.exactScores) this.#countKept();
    if (this.#cells !== undefined) this.#countInCells(margins, labels);
    else {
      this.#margins.push(margins.slice());
      this.#labels.push(labels.slice());
    }
  }

  /** Add what another accumulator has seen. */
  merge(other: RocAccumulator): void {
    this.#count += other.#count;
    if (this.#cells === undefined && (other.#cells !== undefined || this.#count > this.exactScores)) this.#countKept();
    other.#margins.forEach((margins, i) => {
      if (this.#cells !== undefined) this.#countInCells(margins, other.#labels[i]);
      else {
        this.#margins.push(margins);
        this.#labels.push(other.#labels[i]);
      }
    });
    const { positives, negatives } = other.#cells ?? { positives: [], negatives: [] };
    for (let cell = 0; cell < positives.length; cell++) {
      this.#cells!.positives[cell] += positives[cell];
      this.#cells!.negatives[cell] += negatives[cell];
    }
  }

  /** Null when there are no positives or no negatives. */
  areaUnderRoc(): number | null {
    if (this.#cells !== undefined) return areaOfHistograms(this.#cells.positives, this.#cells.negatives);
    const margins = new Float64Array(this.#count);
    const labels = new Uint8Array(this.#count);
    let from = 0;
    this.#margins.forEach((part, i) => {
      margins.set(part, from);
      labels.set(this.#labels[i], from);
      from += part.length;
    });
    return areaUnderRoc(margins, labels);
  }

  #countKept(): void {
    this.#cells = { positives: new Float64Array(CELLS), negatives: new Float64Array(CELLS) };
    this.#margins.forEach((margins, i) => {
      this.#countInCells(margins, this.#labels[i]);
    });
    this.#margins = [];
    this.#labels = [];
  }

  #countInCells(margins: Float64Array, labels: Uint8Array): void {
    const { positives, negatives } = this.#cells!;
    for (let i = 0; i < margins.length; i++) {
      const position = ((margins[i] + RANGE) / (2 * RANGE)) * CELLS;
      const cell = Math.max(0, Math.min(CELLS - 1, Math.floor(position)));
      if (labels[i] === 1) positives[cell]++;
      else negatives[cell]++;
    }
  }
}

function checkRows(margins: Float64Array, labels: Uint8Array): void {
  if (labels.length !== margins.length) throw new Error(`${margins.length} margins and ${labels.length} labels`);
  for (let i = 0; i < margins.length; i++) {
    if (Number.isNaN(margins[i]) || labels[i] > 1)
      throw new Error(`row ${i}: margin ${margins[i]}, label ${labels[i]}`);
  }
}

function areaOfHistograms(positives: Float64Array, negatives: Float64Array): number | null {
  let positiveCount = 0;
  let negativesBelow = 0;
  let wins = 0;
  for (let cell = 0; cell < positives.length; cell++) {
    wins += positives[cell] * (negativesBelow + 0.5 * negatives[cell]);
    negativesBelow += negatives[cell];
    positiveCount += positives[cell];
  }
  return positiveCount === 0 || negativesBelow === 0 ? null : wins / positiveCount / negativesBelow;
}
