import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinGrid, type BinSearch, BinTree, binSearch } from '../../src/features/bin-search.js';

/** The bins of numbers, in the order given. */
function binsOf(search: BinSearch, numbers: readonly number[]): number[] {
  const bins = new Uint32Array(numbers.length);
  // The numbers stand in reverse order, and one more row is not asked for.
  const x = Float64Array.from([...numbers, 7]).reverse();
  const rows = Uint32Array.from([0, ...numbers.map((_, i) => numbers.length - i)]);
  search.find(x, rows, 1, numbers.length, bins);
  return Array.from(bins);
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Numbers at, just beside and between edges, and at the ends of the range. */
function probes(edges: readonly number[]): number[] {
  const beside = edges.flatMap((edge) => [
    edge,
    edge * (1 + 2 ** -52),
    edge * (1 - 2 ** -52),
    edge + 1e-3,
    edge - 1e-3,
  ]);
  return [...beside, 0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.7e308, -1.7e308, 5e-324];
}

const edgeLists = fc.oneof(
  fc.uniqueArray(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 }),
  fc.uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 60 }),
  fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
);

describe('the bin of a number', () => {
  for (const [name, open] of [
    ['tree', (edges: readonly number[]) => new BinTree(edges)],
    ['grid', (edges: readonly number[]) => BinGrid.of(edges)],
    ['the one that is chosen', binSearch],
  ] as const) {
    it(`is the number of edges that are not above it: ${name}`, () => {
      let opened = 0;
      fc.assert(
        fc.property(edgeLists, fc.array(fc.double(), { maxLength: 20 }), (list, more) => {
          const edges = ascending(list.map((edge) => edge + 0));
          const search = open(edges);
          if (search === undefined) return;
          opened++;
          const numbers = [...probes(edges), ...more];
          const expected = numbers.map((x) =>
            Number.isNaN(x) ? edges.length + 1 : edges.filter((edge) => edge <= x).length,
          );
          expect(binsOf(search, numbers)).toEqual(expected);
        }),
        { numRuns: 500 },
      );
      expect(opened).toBeGreaterThan(200);
    });
  }

  it('is found in a grid where edges lie evenly, by a tree where they do not or there are none', () => {
    const even = Array.from({ length: 499 }, (_, i) => i / 7);
    expect(binSearch(even)).toBeInstanceOf(BinGrid);
    expect(binSearch([1, 2, 3, 4, 5, 6, 7, 8, 9, 1e9])).toBeInstanceOf(BinTree);
    expect(binSearch([])).toBeInstanceOf(BinTree);
    expect(binsOf(binSearch([]), [1, Number.NaN])).toEqual([0, 1]);
  });
});
