import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResidualCounter, type ResidualHistogram } from '../../src/evaluation/residual-histogram.js';

function counter(residuals: readonly number[], spread = 1): ResidualCounter {
  const result = new ResidualCounter(spread);
  result.add(new Float64Array(residuals.length), Float64Array.from(residuals));
  return result;
}

const total = ({ counts, below, above }: ResidualHistogram): number =>
  counts.reduce((sum, count) => sum + count, below + above);
/** Never at the edge of a cell, where a rounding error would decide. */
const residual = fc.integer({ min: -1e7, max: 1e7 }).map((i) => i / 1000 + 0.00031415926);

describe('a residual histogram', () => {
  it('counts each residual in its cell', () => {
    fc.assert(
      fc.property(fc.array(residual, { maxLength: 200 }), (residuals) => {
        const histogram = counter(residuals, 100).finish();
        const { cellWidth, firstCell, counts } = histogram;
        expect(total(histogram)).toBe(residuals.length);
        expect(counts.length).toBeLessThanOrEqual(60);
        expect(['1', '2', '5']).toContain(cellWidth.toExponential()[0]);
        const expected = new Array(counts.length).fill(0);
        for (const value of residuals) {
          const cell = Math.floor(value / cellWidth) - firstCell;
          if (cell >= 0 && cell < counts.length) expected[cell]++;
        }
        expect(counts).toEqual(expected);
      }),
    );
  });

  it('follows the residuals, not the target: narrow ones get narrow cells', () => {
    const narrow = counter(
      Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 1e-3),
      1000,
    ).finish();
    expect(narrow.counts.length).toBeGreaterThan(15);
    expect(narrow.cellWidth).toBeLessThanOrEqual(1e-3);
  });

  it('keeps far outliers from widening its cells', () => {
    const histogram = counter([...Array.from({ length: 1000 }, (_, i) => Math.sin(i)), 1e9, -1e6]).finish();
    expect(histogram.cellWidth).toBeLessThan(0.2);
    expect([histogram.below, histogram.above]).toEqual([1, 1]);
  });

  it('has 0 at the edge of a cell', () => {
    const { firstCell, counts } = counter([-1e-9, 0, 1e-9, 1, -1]).finish();
    expect(counts[-firstCell]).toBe(2);
    expect(counts[-firstCell - 1]).toBe(1);
  });

  it('counts the same in parts when there are more cells than it keeps', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * i);
    const [a, b] = [counter(values.slice(0, 15_000)), counter(values.slice(15_000, 15_010))];
    const c = counter(values.slice(15_010));
    b.merge(a);
    b.merge(c);
    const histogram = b.finish();
    expect(total(histogram)).toBe(20_000);
    expect(histogram).toEqual(counter(values).finish());
  });

  it('of nothing is empty', () => {
    expect(total(new ResidualCounter(3).finish())).toBe(0);
  });
});
