import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc, RocAccumulator } from '../../src/evaluation/auc.js';

const area = (scores: number[], labels: number[]): number | null =>
  areaUnderRoc(Float64Array.from(scores), Uint8Array.from(labels));

/** Scores from few values, so that ties are common. */
const observations = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 60,
});

/** The definition: every pair of a positive and a negative. */
function byPairs(pairs: readonly (readonly [number, number])[]): number | null {
  const positives = pairs.filter(([, label]) => label === 1);
  const negatives = pairs.filter(([, label]) => label === 0);
  let wins = 0;
  for (const [p] of positives) for (const [n] of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return positives.length * negatives.length === 0 ? null : wins / (positives.length * negatives.length);
}

describe('areaUnderRoc', () => {
  it('is 0.75 for the example of scikit-learn’s roc_auc_score', () => {
    expect(area([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
  });

  it('counts ties one half', () => {
    expect(area([1, 1, 1, 1], [0, 1, 0, 1])).toBe(0.5);
    expect(area([0, 1, 1, 2], [0, 0, 1, 1])).toBe(0.875);
    expect(area([-0, 0], [0, 1])).toBe(0.5);
  });

  it('is the share of pairs in order', () => {
    fc.assert(
      fc.property(observations, (pairs) => {
        const found = area(
          pairs.map(([score]) => score),
          pairs.map(([, label]) => label),
        );
        const expected = byPairs(pairs);
        if (expected === null) expect(found).toBeNull();
        else expect(found).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('ranks infinite scores', () => {
    expect(area([Number.NEGATIVE_INFINITY, 5, Number.POSITIVE_INFINITY], [0, 1, 1])).toBe(1);
  });

  it('is null for one class only', () => {
    expect(area([1, 2], [1, 1])).toBeNull();
    expect(area([1, 2], [0, 0])).toBeNull();
    expect(area([], [])).toBeNull();
  });

  it('refuses what is no score or label', () => {
    expect(() => area([1, Number.NaN], [0, 1])).toThrow('row 1: score NaN');
    expect(() => area([1, 2], [0, 2])).toThrow('row 1: score 2, label 2');
    expect(() => area([1, 2], [0])).toThrow('2 scores and 1 labels');
  });
});

describe('RocAccumulator', () => {
  const add = (roc: RocAccumulator, pairs: readonly (readonly [number, number])[]): RocAccumulator => {
    roc.add(
      Float64Array.from(pairs, ([score]) => score),
      Uint8Array.from(pairs, ([, label]) => label),
    );
    return roc;
  };

  it('is exact in parts, merged or not', () => {
    fc.assert(
      fc.property(observations, observations, observations, (a, b, c) => {
        const roc = add(add(new RocAccumulator(), a), b);
        roc.merge(add(new RocAccumulator(), c));
        const expected = byPairs([...a, ...b, ...c]);
        if (expected === null) expect(roc.areaUnderRoc()).toBeNull();
        else expect(roc.areaUnderRoc()).toBeCloseTo(expected, 12);
        expect(roc.count).toBe(a.length + b.length + c.length);
      }),
    );
  });

  it('is exact with histograms where equal margins share a cell and others do not', () => {
    fc.assert(
      fc.property(observations, observations, fc.integer({ min: 0, max: 150 }), (a, b, limit) => {
        const roc = add(add(new RocAccumulator(limit), a), b);
        roc.merge(add(new RocAccumulator(limit), b));
        const expected = byPairs([...a, ...b, ...b]);
        if (expected === null) expect(roc.areaUnderRoc()).toBeNull();
        else expect(roc.areaUnderRoc()).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('errs by less than 1e-6 with histograms of smooth margins', () => {
    const n = 20_000;
    const margins = Float64Array.from({ length: n }, (_, i) => Math.tan(3 * (((i * 7919) % n) / n - 0.5)) * 3);
    const labels = Uint8Array.from(margins, (margin, i) => (margin + 5 * Math.sin(i) > 0 ? 1 : 0));
    const roc = new RocAccumulator(100);
    roc.add(margins, labels);
    expect(Math.abs(roc.areaUnderRoc()! - areaUnderRoc(margins, labels)!)).toBeLessThan(1e-6);
  });

  it('copies what it is given, and refuses what is no margin', () => {
    const roc = new RocAccumulator();
    const margins = Float64Array.of(1, 2);
    roc.add(margins, Uint8Array.of(0, 1));
    margins.fill(0);
    expect(roc.areaUnderRoc()).toBe(1);
    expect(() => roc.add(Float64Array.of(Number.NaN), Uint8Array.of(1))).toThrow('row 0: score NaN');
  });
});
