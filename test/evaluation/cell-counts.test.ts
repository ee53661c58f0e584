import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellCounts, widened } from '../../src/evaluation/cell-counts.js';

const cell = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, min: -1e300, max: 1e300 }).map(Math.floor),
);
const counted = fc.array(fc.tuple(cell, fc.integer({ min: 1, max: 9 })), { maxLength: 3000, size: 'max' });

function counts(entries: readonly (readonly [number, number])[]): CellCounts {
  const result = new CellCounts();
  for (const [at, count] of entries) result.add(at, count);
  return result;
}

/** Ascending, what was counted in each cell that is so many times as wide. */
function expected(entries: readonly (readonly [number, number])[], factor: number): [number, number][] {
  const sums = new Map<number, number>();
  for (const [at, count] of entries) {
    const wide = Math.floor(at / factor);
    sums.set(wide, (sums.get(wide) ?? 0) + count);
  }
  return [...sums].sort(([a], [b]) => a - b);
}

describe('counts by cell', () => {
  it('add up, of any cells', () => {
    fc.assert(
      fc.property(counted, (entries) => {
        const sums = expected(entries, 1);
        const found = counts(entries);
        expect(found.size).toBe(sums.length);
        const { cells, counts: numbers } = found.sorted();
        expect([...cells].map((at, i) => [at, numbers[i]])).toEqual(sums);
      }),
      { numRuns: 30 },
    );
  });

  it('are the same in wider cells, whether these are counted anew or joined', () => {
    fc.assert(
      fc.property(counted, fc.constantFrom(2, 5, 10, 1000), (entries, factor) => {
        const narrow = counts(entries);
        const wide = new CellCounts();
        wide.addAll(narrow, factor);
        const sums = expected(entries, factor);
        for (const { cells, counts: numbers } of [wide.sorted(), widened(narrow.sorted(), factor)]) {
          expect([...cells].map((at, i) => [at + 0, numbers[i]])).toEqual(sums);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('tell hashes that are alike apart', () => {
    const entries = Array.from({ length: 5000 }, (_, i): [number, number] => [i * 2 ** 32, 1]);
    const { cells, counts: numbers } = counts(entries).sorted();
    expect([...cells].map((at, i) => [at, numbers[i]])).toEqual(entries);
  });
});
