import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { survivors } from '../../src/training/prune.js';

const never = () => false;

describe('survivors of pruning', () => {
  it('are the features whose contribution varies most, not those with the largest weights', () => {
    // Feature 2 is rare, 3 is in all rows but one in 10,000, 4 in half of them, 5 in a tenth.
    const shares = Float64Array.of(0, 1, 0.0001, 0.9999, 0.5, 0.1);
    const weights = Float64Array.of(0, 9, 5, -5, 0.4, -1);
    const kept = (maxFeatures: number) => [...survivors({ weights, outputs: 1, shares, isNumber: never, maxFeatures })];
    // By hand: |w| sqrt(share (1 - share)) = 0.05, 0.05, 0.2, 0.3
    expect(kept(2)).toEqual([0, 1, 5]);
    expect(kept(3)).toEqual([0, 1, 4, 5]);
    expect(kept(4)).toEqual([0, 1, 2, 4, 5]);
    expect(kept(100)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('are judged by the norm over the outputs; a number by its weight alone', () => {
    const shares = Float64Array.of(0, 1, 0.5, 1);
    const weights = Float64Array.of(0, 0, 0, 0, 3, -4, 1, 2.4);
    const kept = (isNumber: (feature: number) => boolean) => [
      ...survivors({ weights, outputs: 2, shares, isNumber, maxFeatures: 2 }),
    ];
    expect(kept(never)).toEqual([0, 1, 2]);
    expect(kept((feature) => feature === 3)).toEqual([0, 1, 3]);
  });

  it('may be more than a call can have arguments', () => {
    const weights = Float64Array.from({ length: 500_000 }, (_, i) => i);
    const shares = new Float64Array(weights.length).fill(0.5);
    const kept = survivors({ weights, outputs: 1, shares, isNumber: never, maxFeatures: 400_000 });
    expect([kept.length, kept[1], kept[2], kept[400_000]]).toEqual([400_001, 1, 100_001, 499_999]);
  });

  it('always include padding and bias, are ascending, and leave the input alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 1, max: 70 }),
        (values, maxFeatures) => {
          const weights = Float64Array.from(values);
          const shares = Float64Array.from(values, (_, i) => (i % 7) / 7);
          const kept = survivors({ weights, outputs: 1, shares, isNumber: never, maxFeatures });
          expect(kept.length).toBe(Math.min(values.length, maxFeatures + 1));
          expect([...kept.subarray(0, 2)]).toEqual([0, 1]);
          for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1]);
          expect([...weights]).toEqual(values);
        },
      ),
    );
  });
});
