import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderRows, randomIntegers } from '../../src/training/shuffle.js';

function rowOrder(count: number, shuffleType: 'auto' | 'none', seed: string): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  orderRows(rows, shuffleType, seed);
  return rows;
}

const sorted = (order: Uint32Array): number[] => Array.from(order).sort((a, b) => a - b);

describe('orderRows', () => {
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
    const first = rowOrder(256_000, 'none', '').subarray(0, 256);
    expect(sorted(first)).toEqual(Array.from({ length: 256 }, (_, cursor) => cursor * 1000));
    expect(first[1]).toBe(37 * 1000);
  });
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
