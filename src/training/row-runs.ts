import type { VisitingOrder } from './shuffle.js';

/** Records of the same size that lie one behind the other. */
export interface Run {
  readonly address: number;
  readonly rowCount: number;
}

/** Where records are, in the order of the data. */
export class RowRuns {
  readonly #runs: { readonly address: number; rowCount: number }[] = [];
  rowCount = 0;

  /** @param stride bytes from one record to the next */
  constructor(readonly stride: number) {}

  get all(): readonly Run[] {
    return this.#runs;
  }

  add(address: number, rowCount: number): void {
    const last = this.#runs.at(-1);
    this.rowCount += rowCount;
    if (last !== undefined && last.address + last.rowCount * this.stride === address) last.rowCount += rowCount;
    else this.#runs.push({ address, rowCount });
  }
}

/**
 * List where records are, in the order in which they are visited.
 *
 * @param runs in the order of the data
 * @param list u32[rows], written: addresses
 */
export function listRuns(runs: readonly Run[], stride: number, order: VisitingOrder, list: Uint32Array): void {
  const { groupRows } = order;
  let row = 0;
  let place = 0;
  for (const { address, rowCount } of runs) {
    for (let i = 0; i < rowCount; i++, row++, place++) {
      if (row % groupRows === 0) place = order(row);
      list[place] = address + i * stride;
    }
  }
}

/** Runs in so many parts of about as many rows each. */
export function partsOfRuns(runs: readonly Run[], stride: number, count: number): Run[][] {
  const total = runs.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const parts: Run[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const { address, rowCount } of runs) {
    for (let done = 0; done < rowCount; ) {
      const part = Math.min(count - 1, Math.floor(((before + done) * count) / total));
      const end = part === count - 1 ? total : Math.ceil(((part + 1) * total) / count);
      const rows = Math.min(rowCount - done, end - before - done);
      parts[part].push({ address: address + done * stride, rowCount: rows });
      done += rows;
    }
    before += rowCount;
  }
  return parts;
}
