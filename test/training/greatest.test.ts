import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greatest } from '../../src/training/greatest.js';

/** By sorting. */
function sorted(values: readonly number[], count: number): number[] {
  const order = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
  return order.slice(0, Math.max(0, count)).sort((a, b) => a - b);
}

describe('the greatest of some numbers', () => {
  it('are those that sorting finds, among equals the first', () => {
    const value = fc.oneof(
      fc.double({ min: 0, noNaN: true }).map(Math.abs),
      fc.constantFrom(0, 1, 2, 2 + 2 ** -51, 3, 5e-324, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), fc.integer({ min: 0, max: 45 }), (values, count) => {
        expect([...greatest(Float64Array.from(values), count)]).toEqual(sorted(values, count));
      }),
      { numRuns: 1000 },
    );
  });

  it('differ in the last bit only', () => {
    const values = Float64Array.from({ length: 10 }, (_, i) => 1 + i * 2 ** -52);
    expect([...greatest(values, 3)]).toEqual([7, 8, 9]);
  });

  it('leave the numbers as they are', () => {
    const values = Float64Array.of(3, 1, 2);
    greatest(values, 2);
    expect([...values]).toEqual([3, 1, 2]);
  });
});
