import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegressionErrors } from '../../src/evaluation/rmse.js';

function errors(predictions: number[], targets: number[]): RegressionErrors {
  const result = new RegressionErrors();
  result.add(Float64Array.from(predictions), Float64Array.from(targets));
  return result;
}

describe('RegressionErrors', () => {
  it('has the figures of the examples in scikit-learn’s documentation', () => {
    const result = errors([2.5, 0, 2, 8], [3, -0.5, 2, 7]);
    expect(result.rmse).toBeCloseTo(Math.sqrt(0.375), 15);
    expect(result.mae).toBe(0.5);
    expect(result.r2).toBeCloseTo(0.9486081370449679, 15);
    expect(result.meanResidual).toBe(-0.25);
    expect(result.count).toBe(4);
  });

  it('takes residuals as true minus predicted', () => {
    expect(errors([1, 1], [3, 5]).meanResidual).toBe(3);
  });

  it('has no R² for a constant target', () => {
    expect(errors([1, 2], [3, 3]).r2).toBeNull();
    expect(errors([3], [3]).r2).toBeNull();
  });

  it('is NaN without observations', () => {
    const result = errors([], []);
    expect([result.rmse, result.mae, result.meanResidual, result.baselineRmse(0)]).toEqual(Array(4).fill(Number.NaN));
    expect(result.r2).toBeNull();
    expect(() => errors([1], [])).toThrow('1 predictions and 0 targets');
  });

  it('knows the RMSE of always answering one value, and the same in parts', () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    const rows = fc.array(fc.tuple(value, value), { minLength: 1 });
    fc.assert(
      fc.property(rows, rows, value, (a, b, answer) => {
        const of = (pairs: [number, number][]) =>
          errors(
            pairs.map(([p]) => p),
            pairs.map(([, t]) => t),
          );
        const merged = of(a);
        merged.merge(of(b));
        merged.merge(new RegressionErrors());
        const all = [...a, ...b];
        const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
        const constant = Math.sqrt(mean(all.map(([, t]) => (t - answer) ** 2)));
        // Sums of at most some 30 squares below 4e6, rounded to 1e-16 each: roots agree to 1e-6.
        expect(Math.abs(merged.baselineRmse(answer) - constant)).toBeLessThan(1e-6);
        expect(Math.abs(merged.rmse - Math.sqrt(mean(all.map(([p, t]) => (p - t) ** 2))))).toBeLessThan(1e-6);
        expect(Math.abs(merged.mae - mean(all.map(([p, t]) => Math.abs(p - t))))).toBeLessThan(1e-9);
      }),
    );
  });

  it('keeps the digits of R² on a large offset', () => {
    const result = new RegressionErrors();
    for (const [p, t] of [
      [1e9 + 1, 1e9 + 2],
      [1e9 + 4, 1e9 + 4],
    ])
      result.add(Float64Array.of(p), Float64Array.of(t));
    // Residuals 1, 0; targets 2, 4 around their mean 3.
    expect(result.r2).toBe(0.5);
  });
});
