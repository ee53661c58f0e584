import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRuns, partsOfRuns, RowRuns } from '../../src/training/row-runs.js';
import { visitingOrder } from '../../src/training/shuffle.js';

const STRIDE = 48;

/** Runs in any order in memory, with room between some. */
const runsOf = fc.array(fc.record({ rowCount: fc.integer({ min: 1, max: 90 }), gap: fc.nat(2) }), {
  minLength: 1,
  maxLength: 30,
});

describe('runs of records', () => {
  it('are listed row by row in visiting order', () => {
    fc.assert(
      fc.property(runsOf, fc.boolean(), fc.constantFrom('auto', 'none'), fc.nat(), (given, isBackward, type, seed) => {
        const runs = new RowRuns(STRIDE);
        const addresses: number[] = [];
        let at = 1 << 20;
        for (const { rowCount, gap } of given) {
          if (isBackward) at -= (rowCount + gap) * STRIDE;
          else at += gap * STRIDE;
          runs.add(at, rowCount);
          for (let row = 0; row < rowCount; row++) addresses.push(at + row * STRIDE);
          if (!isBackward) at += rowCount * STRIDE;
        }
        const order = Object.assign((row: number) => base(row), { groupRows: 4 });
        const groups = Math.floor(addresses.length / 4);
        const base = (row: number): number => {
          const group = Math.floor(row / 4);
          return group === groups ? row : 4 * ((group * 7 + (seed % 7)) % groups) + (row % 4);
        };
        const orders = [visitingOrder(addresses.length, type, String(seed))];
        if (groups % 7 !== 0) orders.push(order);
        for (const used of orders) {
          const list = new Uint32Array(addresses.length);
          listRuns(runs.all, STRIDE, used, list);
          const expected = new Uint32Array(addresses.length);
          for (const [row, address] of addresses.entries()) expected[used(row)] = address;
          expect(list).toEqual(expected);
        }
        expect(runs.rowCount).toBe(addresses.length);
      }),
    );
  });

  it('are cut in parts of as many rows each, none twice', () => {
    fc.assert(
      fc.property(runsOf, fc.integer({ min: 1, max: 9 }), (given, count) => {
        const runs = given.map(({ rowCount }, i) => ({ rowCount, address: (i + 1) * 100 * STRIDE }));
        const rowsOf = (list: typeof runs): number[] =>
          list.flatMap(({ address, rowCount }) => Array.from({ length: rowCount }, (_, i) => address + i * STRIDE));
        const parts = partsOfRuns(runs, STRIDE, count);
        expect(parts.length).toBe(count);
        expect(parts.flatMap((part) => rowsOf([...part]))).toEqual(rowsOf(runs));
        const mean = rowsOf(runs).length / count;
        for (const part of parts) expect(Math.abs(rowsOf([...part]).length - mean)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
