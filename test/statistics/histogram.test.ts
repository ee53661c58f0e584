import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, histogram } from '../../src/statistics/histogram.js';
import { QuantileSketch } from '../../src/statistics/quantile.js';
import { STREAMS } from './streams.js';

function sketchOf(values: ArrayLike<number>): QuantileSketch {
  const sketch = new QuantileSketch();
  sketch.add(Float64Array.from(values));
  return sketch;
}

describe('histogram', () => {
  it('counts every value once, in the bin that binOf says', () => {
    const value = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.integer({ min: -50, max: 50 }),
      fc.constant(0),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 2, max: 50 }), (values, bins) => {
        const drawn = histogram(sketchOf(values), { bins })!;
        expect(drawn.counts.length).toBeLessThanOrEqual(bins);
        expect(drawn.edges).toHaveLength(drawn.counts.length + 1);
        const expected = new Array<number>(drawn.counts.length).fill(0);
        for (const one of values) expected[binOf(drawn, one)]++;
        expect(drawn.counts).toEqual(expected);
        expect(drawn.openBelow).toBe(values.some((one) => one < drawn.edges[0]));
        expect(drawn.openAbove).toBe(values.some((one) => one >= drawn.edges.at(-1)!));
      }),
    );
  });

  it('has bins of one round width', () => {
    const { edges } = histogram(sketchOf(STREAMS.uniform(1000, 1)), { bins: 20 })!;
    expect(edges[0]).toBe(0);
    edges.slice(1).forEach((edge, i) => {
      expect(edge - edges[i]).toBeCloseTo(0.05, 12);
    });
  });

  it('gives each whole number, or tenth, a bin of its own where they are few', () => {
    const whole = histogram(sketchOf([1, 2, 2, 5]), { bins: 20, decimals: 0 })!;
    expect(whole.edges).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5]);
    expect(whole.counts).toEqual([1, 2, 0, 0, 1]);
    const tenths = histogram(sketchOf([0.1, 0.2, 0.2, 0.3]), { bins: 20, decimals: 1 })!;
    expect(tenths.edges).toEqual([0.05, 0.15, 0.25, 0.35]);
    expect(tenths.counts).toEqual([1, 2, 1]);
  });

  it('leaves far tails to an open bin', () => {
    const values = [...STREAMS.uniform(1000, 2), 1e6, -1e6];
    const drawn = histogram(sketchOf(values), { bins: 20 })!;
    expect([drawn.openBelow, drawn.openAbove]).toEqual([true, true]);
    expect(drawn.edges.at(-1)! - drawn.edges[0]).toBeLessThan(2);
    expect(drawn.counts.reduce((a, b) => a + b)).toBe(1002);
  });

  it('copes with one value, huge values and none', () => {
    expect(histogram(sketchOf([7, 7, 7]))!.counts).toEqual([3]);
    const huge = histogram(sketchOf([-Number.MAX_VALUE, Number.MAX_VALUE]))!;
    expect(huge.counts.reduce((a, b) => a + b)).toBe(2);
    expect(histogram(new QuantileSketch())).toBeUndefined();
  });
});
