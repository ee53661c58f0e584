import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomIntegers, visitingOrder } from '../../src/training/shuffle.js';

/** The rows in the order in which they are visited. */
function rowOrder(count: number, shuffleType: 'auto' | 'none', seed: string): Uint32Array {
  const rows = new Uint32Array(count).fill(0xffffffff);
  const position = visitingOrder(count, shuffleType, seed);
  for (let row = 0; row < count; row++) rows[position(row)] = row;
  return rows;
}

const sorted = (order: Uint32Array): number[] => Array.from(order).sort((a, b) => a - b);

describe('visitingOrder', () => {
  it('visits every row once, whatever the type, count and seed', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.constantFrom('auto' as const, 'none' as const), fc.string(), (count, type, seed) => {
        expect(sorted(rowOrder(count, type, seed))).toEqual(Array.from({ length: count }, (_, row) => row));
      }),
    );
  });

  it('is the same for the same seed and another for another', () => {
    expect(rowOrder(100, 'auto', 'a')).toEqual(rowOrder(100, 'auto', 'a'));
    expect(rowOrder(100, 'auto', 'a')).not.toEqual(rowOrder(100, 'auto', 'b'));
    expect(rowOrder(100, 'none', 'a')).toEqual(rowOrder(100, 'none', 'b'));
  });

  it("spreads the first visits of 'none' over the whole file", () => {
    const first = rowOrder(25_600, 'none', '').subarray(0, 256);
    expect(sorted(first)).toEqual(Array.from({ length: 256 }, (_, cursor) => cursor * 100));
    expect(first[1]).toBe(37 * 100);
    const many = rowOrder(2_560_000, 'none', '').subarray(0, 32 * 256);
    expect(sorted(many).filter((_, i) => i % 32 === 0)).toEqual(
      Array.from({ length: 256 }, (_, c) => c * 10_000 - ((c * 10_000) % 32)),
    );
  });

  it("reads slices of 'none' in file order", () => {
    for (const count of [300, 1000, 5121]) {
      const order = rowOrder(count, 'none', '');
      const ranks = new Map<number, number>();
      for (const row of order) {
        const slice = Math.ceil((256 * (row + 1)) / count) - 1;
        expect(row).toBeGreaterThan(ranks.get(slice) ?? -1);
        ranks.set(slice, row);
      }
    }
  });

  it("sends each eighth of the file evenly to each eighth of an 'auto' order", () => {
    const count = 32_000;
    for (const seed of ['', '1', 'x']) {
      const cells = new Float64Array(64);
      const order = rowOrder(count, 'auto', seed);
      order.forEach((row, place) => {
        cells[8 * Math.floor((8 * row) / count) + Math.floor((8 * place) / count)]++;
      });
      // Standard deviation of each count is 21; the chi-squared sum has mean 49 and standard deviation 10.
      expect(cells.reduce((sum, cell) => sum + (cell - 500) ** 2 / 500, 0)).toBeLessThan(100);
      let neighbours = 0;
      for (let i = 1; i < count; i++) if (Math.abs(order[i] - order[i - 1]) < 100) neighbours++;
      // 200 are expected, standard deviation 14.
      expect(Math.abs(neighbours - 200)).toBeLessThan(75);
    }
  });

  it.each(['auto', 'none'] as const)(
    "keeps up to 32 rows together in order '%s', in at least 16,384 groups",
    (type) => {
      for (const [count, together] of [
        [32_767, 1],
        [32_768, 2],
        [200_000, 8],
        [524_300, 32],
        [2_000_000, 32],
      ] as const) {
        const order = rowOrder(count, type, 'a');
        expect(visitingOrder(count, type, 'a').groupRows).toBe(together);
        expect(new Set(order).size).toBe(count);
        const whole = count - (count % together);
        for (let place = 0; place < whole; place += together) {
          if (order[place] % together !== 0) throw new Error(`row ${order[place]} is visited as the ${place}-th`);
          for (let i = 1; i < together; i++)
            if (order[place + i] !== order[place] + i) throw new Error(`row ${place + i}`);
        }
        const moved = order.filter((row, place) => row !== place).length;
        expect(moved).toBeGreaterThan(0.99 * whole);
        expect(Array.from(order.subarray(whole))).toEqual(Array.from({ length: count - whole }, (_, i) => whole + i));
      }
    },
  );
});

describe('randomIntegers', () => {
  it('draws evenly', () => {
    const random = randomIntegers(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[random(10)]++;
    // Standard deviation of each count is 95.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
