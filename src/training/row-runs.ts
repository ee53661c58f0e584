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
  for (const { address, rowCount } of runs) {
    for (let i = 0; i < rowCount; ) {
      // The rest of a group may be in the next run.
      const inGroup = row % groupRows;
      const count = Math.min(groupRows - inGroup, rowCount - i);
      const place = order(row - inGroup) + inGroup;
      listGroup(list, place, count, address + i * stride, stride);
      row += count;
      i += count;
    }
  }
}

/** Apart from what looks groups up, for which the compiler takes long. */
function listGroup(list: Uint32Array, first: number, count: number, address: number, stride: number): void {
  for (let i = 0; i < count; i++) list[first + i] = address + i * stride;
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
