import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogLoss, logLossFromMargins, multinomialLogLossFromMargins } from '../../src/evaluation/log-loss.js';

const logit = (p: number): number => Math.log(p / (1 - p));
const binary = (margins: number[], labels: number[]): number =>
  logLossFromMargins(Float64Array.from(margins), Uint8Array.from(labels));

describe('log loss of BINARY margins', () => {
  it('is 0.21616 for the example of scikit-learn’s log_loss', () => {
    const loss = binary([0.9, 0.1, 0.2, 0.65].map(logit), [1, 0, 0, 1]);
    expect(loss).toBeCloseTo(0.21616, 5);
    expect(loss).toBeCloseTo(-Math.log(0.9 * 0.9 * 0.8 * 0.65) / 4, 14);
  });

  it('is ln 2 without an opinion', () => {
    expect(binary([0, 0], [0, 1])).toBeCloseTo(Math.LN2, 15);
  });

  it('keeps its digits where probabilities round to 1', () => {
    // log(1 + exp(-30)) = exp(-30) - exp(-60)/2; from the rounded probability it would be 9.3704e-14.
    expect(binary([30], [1])).toBeCloseTo(Math.exp(-30), 25);
  });

  it('is clipped to probabilities from 1e-15 to 1 - 1e-15', () => {
    for (const margin of [50, 1000, Number.POSITIVE_INFINITY]) {
      expect(binary([margin], [0])).toBeCloseTo(-Math.log(1e-15), 12);
      expect(binary([-margin], [1])).toBeCloseTo(-Math.log(1e-15), 12);
      expect(binary([margin], [1])).toBeCloseTo(1e-15, 20);
    }
  });

  it('is NaN without observations or with a margin that is NaN', () => {
    expect(binary([], [])).toBeNaN();
    expect(binary([Number.NaN], [1])).toBeNaN();
    expect(() => binary([1], [])).toThrow('1 margins and 0 labels');
  });
});

describe('log loss of MULTICLASS margins', () => {
  const margin = fc.double({ min: -30, max: 30, noNaN: true });

  it('equals the BINARY one for two classes', () => {
    fc.assert(
      fc.property(margin, margin, fc.constantFrom(0, 1), (a, b, label) => {
        const loss = multinomialLogLossFromMargins(Float64Array.of(a, b), [label], 2);
        expect(loss).toBeCloseTo(binary([b - a], [label]), 12);
      }),
    );
  });

  it('does not change when all margins of a row are shifted', () => {
    const rows = Float64Array.of(1, 2, 3, 0, -1, 5);
    const shifted = rows.map((value, i) => value + (i < 3 ? 1000 : -2000));
    const losses = [Math.log(1 + Math.exp(-1) + Math.exp(-2)), 5 + Math.log(1 + Math.exp(-5) + Math.exp(-6))];
    const expected = (losses[0] + losses[1]) / 2;
    expect(multinomialLogLossFromMargins(rows, [2, 0], 3)).toBeCloseTo(expected, 12);
    expect(multinomialLogLossFromMargins(shifted, [2, 0], 3)).toBeCloseTo(expected, 10);
  });

  it('takes a class that the model does not know for impossible', () => {
    const loss = multinomialLogLossFromMargins(Float64Array.of(0, 0, 0, 0), [0, 2], 2);
    expect(loss).toBeCloseTo((Math.LN2 - Math.log(1e-15)) / 2, 12);
  });

  it('demands one margin per class', () => {
    expect(() => multinomialLogLossFromMargins(Float64Array.of(1, 2, 3), [0, 1], 2)).toThrow(
      '3 margins for 2 observations',
    );
  });
});

describe('LogLoss', () => {
  it('is the mean over all parts', () => {
    const [a, b] = [new LogLoss(), new LogLoss()];
    a.addBinary(Float64Array.of(1, -2), Uint8Array.of(1, 1));
    b.addBinary(Float64Array.of(3), Uint8Array.of(0));
    a.merge(b);
    expect(a.count).toBe(3);
    expect(a.mean).toBeCloseTo(binary([1, -2, 3], [1, 1, 0]), 14);
  });
});
