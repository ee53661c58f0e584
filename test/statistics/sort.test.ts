import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortNumbers } from '../../src/statistics/sort.js';
import { STREAMS } from './streams.js';

/** Index of the first value that differs, -1 for none; -0 and 0 are equal. */
const firstDifference = (a: Float64Array, b: Float64Array): number => a.findIndex((value, i) => value !== b[i]);

describe('sortNumbers', () => {
  const lengths = [0, 1, 2047, 2048, 5000, 16_384, 65_536, 65_537];

  it.each(Object.keys(STREAMS))('agrees with the built-in sort: %s', (name) => {
    for (const length of lengths) {
      const values = STREAMS[name](length, length);
      const expected = values.slice().sort();
      sortNumbers(values);
      expect(firstDifference(values, expected)).toBe(-1);
    }
  });

  it('sorts extreme magnitudes', () => {
    const extremes = [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 1, -1, 1e300, 1e-300];
    const values = Float64Array.from({ length: 4096 }, (_, i) => extremes[(i * 5) % 8] / ((i % 3) + 1));
    const expected = values.slice().sort();
    sortNumbers(values);
    expect(firstDifference(values, expected)).toBe(-1);
  });

  it('sorts any 64 bits that are a number', () => {
    const sortable = fc.float64Array({ noNaN: true, minLength: 2048, maxLength: 2100 });
    fc.assert(
      fc.property(sortable, (values) => {
        const expected = values.slice().sort();
        sortNumbers(values);
        expect(firstDifference(values, expected)).toBe(-1);
      }),
      { numRuns: 30 },
    );
  });
});
