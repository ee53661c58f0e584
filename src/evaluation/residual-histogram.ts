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
  #cells = new Map<number, number>();

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
      const cell = Math.floor(residual / width);
      this.#cells.set(cell, (this.#cells.get(cell) ?? 0) + weight);
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
    for (const [cell, count] of theirs.#cells) this.#cells.set(cell, (this.#cells.get(cell) ?? 0) + count);
    while (this.#cells.size > MOST_CELLS) this.#widen();
  }

  get #width(): number {
    return power(this.#exponent, this.#doubled ? 2 : 1);
  }

  get #level(): number {
    return 2 * this.#exponent + Number(this.#doubled);
  }

  #widen(): void {
    this.#cells = merged(this.#cells, this.#doubled ? 5 : 2);
    if (this.#doubled) this.#exponent++;
    this.#doubled = !this.#doubled;
  }

  /** The histogram for a reader: about 40 cells for the central 98 %, the rest of it as far as 60 cells reach. */
  finish(): ResidualHistogram {
    for (let exponent = 0; ; exponent++) {
      for (const mantissa of [1, 2, 5]) {
        const factor = (mantissa * 10 ** exponent) / (this.#doubled ? 2 : 1);
        if (!Number.isInteger(factor)) continue;
        const cells = [...merged(this.#cells, factor)].sort(([a], [b]) => a - b);
        const [low, high] = central(cells);
        if (high - low < CENTRAL_CELLS) return shown(cells, low, high, power(this.#exponent + exponent, mantissa));
      }
    }
  }
}

/** Exact where a decimal text is: 2 * 10 ^ -3 is 0.002. */
const power = (exponent: number, mantissa: number): number => Number(`${mantissa}e${exponent}`);

function merged(cells: ReadonlyMap<number, number>, factor: number): Map<number, number> {
  const result = new Map<number, number>();
  for (const [cell, count] of cells) {
    const wide = Math.floor(cell / factor);
    result.set(wide, (result.get(wide) ?? 0) + count);
  }
  return result;
}

/** First and last cell of the central part. @param cells ascending */
function central(cells: readonly (readonly [number, number])[]): [number, number] {
  const outside = (cells.reduce((sum, [, count]) => sum + count, 0) * (1 - CENTRAL_SHARE)) / 2;
  const firstPast = (ordered: readonly (readonly [number, number])[]): number => {
    let sum = 0;
    for (const [cell, count] of ordered) if ((sum += count) > outside) return cell;
    return 0;
  };
  return [firstPast(cells), firstPast(cells.toReversed())];
}

function shown(
  cells: readonly (readonly [number, number])[],
  low: number,
  high: number,
  cellWidth: number,
): ResidualHistogram {
  const spare = Math.floor((SHOWN_CELLS - (high - low + 1)) / 2);
  const firstCell = Math.max(low - spare, cells[0]?.[0] ?? 0);
  const lastCell = Math.min(high + spare, cells.at(-1)?.[0] ?? 0);
  const counts = new Array<number>(lastCell - firstCell + 1).fill(0);
  let [below, above] = [0, 0];
  for (const [cell, count] of cells) {
    if (cell < firstCell) below += count;
    else if (cell > lastCell) above += count;
    else counts[cell - firstCell] += count;
  }
  return { cellWidth, firstCell, counts, below, above };
}
