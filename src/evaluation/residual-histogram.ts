import { CellCounts, type SortedCells, widened } from './cell-counts.js';
import { checkWeights } from './weights.js';

/** Cells that are kept while counting; more make the cells wider. */
const MOST_CELLS = 4096;
/** Cells that the central part of the residuals takes, at most. */
const CENTRAL_CELLS = 40;
/** Share of the residuals that is taken for the central part. */
const CENTRAL_SHARE = 0.98;
/** Cells of the histogram, at most; residuals further out are counted in `below` and `above`. */
const SHOWN_CELLS = 60;

/** Residuals (true - predicted) in cells of equal width; 0 is the edge of a cell. With weights, sums of weights. */
export interface ResidualHistogram {
  /** 1, 2 or 5 times a power of ten, in the target's unit. */
  readonly cellWidth: number;
  /** Lower edge of the first cell is firstCell * cellWidth. Cells are half open: [lower, upper). */
  readonly firstCell: number;
  readonly counts: readonly number[];
  /** Residuals below the first and from the upper edge of the last cell on. */
  readonly below: number;
  readonly above: number;
}

/**
 * Counts residuals in cells whose width follows the data: begins at a billionth of the target's spread, and grows by
 * factors of 2 and 5 in turn, which merges whole cells, whenever more than 4096 cells are occupied.
 */
export class ResidualCounter {
  /** The width of a cell is 10 ^ exponent, or twice that. */
  #exponent: number;
  #doubled = false;
  #cells = new CellCounts();

  /** @param spread standard deviation of the target, in its unit; positive */
  constructor(spread: number) {
    this.#exponent = Math.floor(Math.log10(spread)) - 9;
  }

  /**
   * @param predictions finite, in the target's unit
   * @param targets one per prediction
   * @param weights 0 or more, one per prediction; default 1 each
   */
  add(predictions: Float64Array, targets: Float64Array, weights?: Float64Array): void {
    const { length } = predictions;
    if (targets.length !== length) throw new Error(`${length} predictions and ${targets.length} targets`);
    checkWeights(weights, length);
    let width = this.#width;
    for (let i = 0; i < length; i++) {
      const weight = weights === undefined ? 1 : weights[i];
      const residual = targets[i] - predictions[i];
      if (weight === 0 || !Number.isFinite(residual)) continue;
      this.#cells.add(Math.floor(residual / width), weight);
      if (this.#cells.size > MOST_CELLS) {
        this.#widen();
        width = this.#width;
      }
    }
  }

  merge(other: ResidualCounter): void {
    const theirs = new ResidualCounter(1);
    theirs.#exponent = other.#exponent;
    theirs.#doubled = other.#doubled;
    theirs.#cells = other.#cells;
    while (theirs.#level < this.#level) theirs.#widen();
    while (this.#level < theirs.#level) this.#widen();
    this.#cells.addAll(theirs.#cells, 1);
    while (this.#cells.size > MOST_CELLS) this.#widen();
  }

  get #width(): number {
    return power(this.#exponent, this.#doubled ? 2 : 1);
  }

  get #level(): number {
    return 2 * this.#exponent + Number(this.#doubled);
  }

  #widen(): void {
    const narrow = this.#cells;
    this.#cells = new CellCounts();
    this.#cells.addAll(narrow, this.#doubled ? 5 : 2);
    if (this.#doubled) this.#exponent++;
    this.#doubled = !this.#doubled;
  }

  /** The histogram for a reader: about 40 cells for the central 98 %, the rest of it as far as 60 cells reach. */
  finish(): ResidualHistogram {
    const sorted = this.#cells.sorted();
    for (let exponent = 0; ; exponent++) {
      for (const mantissa of [1, 2, 5]) {
        const factor = (mantissa * 10 ** exponent) / (this.#doubled ? 2 : 1);
        if (!Number.isInteger(factor)) continue;
        const cells = widened(sorted, factor);
        const [low, high] = central(cells);
        if (high - low < CENTRAL_CELLS) return shown(cells, low, high, power(this.#exponent + exponent, mantissa));
      }
    }
  }
}

/** Exact where a decimal text is: 2 * 10 ^ -3 is 0.002. */
const power = (exponent: number, mantissa: number): number => Number(`${mantissa}e${exponent}`);

/** First and last cell of the central part. */
function central({ cells, counts }: SortedCells): [number, number] {
  const outside = (counts.reduce((sum, count) => sum + count, 0) * (1 - CENTRAL_SHARE)) / 2;
  let [first, last] = [0, cells.length - 1];
  if (last < 0) return [0, 0];
  for (let sum = counts[first]; sum <= outside; ) sum += counts[++first];
  for (let sum = counts[last]; sum <= outside; ) sum += counts[--last];
  return [cells[first], cells[last]];
}

function shown({ cells, counts }: SortedCells, low: number, high: number, cellWidth: number): ResidualHistogram {
  const spare = Math.floor((SHOWN_CELLS - (high - low + 1)) / 2);
  const firstCell = Math.max(low - spare, cells[0] ?? 0);
  const lastCell = Math.min(high + spare, cells.at(-1) ?? 0);
  const shownCounts = new Array<number>(lastCell - firstCell + 1).fill(0);
  let [below, above] = [0, 0];
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] < firstCell) below += counts[i];
    else if (cells[i] > lastCell) above += counts[i];
    else shownCounts[cells[i] - firstCell] += counts[i];
  }
  return { cellWidth, firstCell, counts: shownCounts, below, above };
}
