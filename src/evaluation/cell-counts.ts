/** A power of two, at least twice the most cells. */
const SLOTS = 16_384;
const SLOT_SHIFT = 32 - Math.log2(SLOTS);

/** Cells of equal width that are occupied, ascending, and what was counted in each. */
export interface SortedCells {
  readonly cells: Float64Array;
  readonly counts: Float64Array;
}

/** Counts by the index of a cell, a whole number of any size. At most 16,383 cells; few of them are found soonest. */
export class CellCounts {
  /** Cells that are occupied. */
  size = 0;
  readonly #cells = new Float64Array(SLOTS);
  /** 0: the slot is free. */
  readonly #counts = new Float64Array(SLOTS);

  /** @param count above 0 */
  add(cell: number, count: number): void {
    const slot = this.#slotOf(cell);
    if (this.#counts[slot] === 0) {
      // No -0.
      this.#cells[slot] = cell + 0;
      this.size++;
    }
    this.#counts[slot] += count;
  }

  /** Add what another one counted, whose cells are so many times narrower. */
  addAll(other: CellCounts, factor: number): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      const count = other.#counts[slot];
      if (count > 0) this.add(Math.floor(other.#cells[slot] / factor), count);
    }
  }

  sorted(): SortedCells {
    const cells = this.#cells.filter((_, slot) => this.#counts[slot] > 0).sort();
    return { cells, counts: cells.map((cell) => this.#counts[this.#slotOf(cell)]) };
  }

  /** Where the cell is, or the free slot where it belongs. */
  #slotOf(cell: number): number {
    // A multiplicative hash: Knuth, The Art of Computer Programming 3, section 6.4.
    let slot = Math.imul(cell, 0x9e3779b1) >>> SLOT_SHIFT;
    while (this.#counts[slot] !== 0 && this.#cells[slot] !== cell) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }
}

/** The same in cells that are so many times as wide. */
export function widened({ cells, counts }: SortedCells, factor: number): SortedCells {
  const wide = new Float64Array(cells.length);
  const sums = new Float64Array(cells.length);
  let last = -1;
  for (let i = 0; i < cells.length; i++) {
    const cell = Math.floor(cells[i] / factor);
    if (last < 0 || wide[last] !== cell) wide[++last] = cell;
    sums[last] += counts[i];
  }
  return { cells: wide.subarray(0, last + 1), counts: sums.subarray(0, last + 1) };
}
