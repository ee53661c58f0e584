import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entropy, mutualInformation } from '../../src/statistics/mutual-information.js';
import { randomNumbers } from './streams.js';

const counts = (...rows: number[][]) => ({ columns: rows[0].length, counts: Float64Array.from(rows.flat()) });

describe('entropy', () => {
  it('is 1 bit for a fair coin, 0 for a certain thing, log2 of the number of equal classes', () => {
    expect(entropy([500, 500])).toBe(1);
    expect(entropy([7, 0])).toBe(0);
    expect(entropy([3, 3, 3, 3, 3, 3, 3, 3])).toBeCloseTo(3, 12);
    expect(entropy([])).toBe(0);
  });
});

describe('mutualInformation', () => {
  it('of a copy is its entropy, but for the bias', () => {
    // n = 1,000,000: the correction (2 - 2 - 2 + 1) / (2 n ln 2) is -7e-7, and the entropy is the limit.
    expect(mutualInformation(counts([700_000, 0], [0, 300_000]))).toBe(entropy([7, 3]));
  });

  it('equals the definition by hand, less what chance gives', () => {
    // p = 1/2 [3/4 1/4; 1/4 3/4]: I = 1 - H(1/4) = 1 - 0.811278 bits; correction 1 / (2 * 4000 ln 2).
    const bits = mutualInformation(counts([1500, 500], [500, 1500]));
    expect(bits).toBeCloseTo(1 - 0.8112781244591328 - 1 / (8000 * Math.LN2), 12);
  });

  it('of independent attributes is nearly 0 on average, where the plain estimate is not', () => {
    let sum = 0;
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const random = randomNumbers(run);
      const table = { columns: 3, counts: new Float64Array(60) };
      for (let i = 0; i < 300; i++) table.counts[Math.floor(20 * random()) * 3 + Math.floor(3 * random())]++;
      sum += mutualInformation(table);
    }
    // The plain estimate is (20 - 1) (3 - 1) / (2 * 300 ln 2) = 0.091 bits too high; cutting off at 0 leaves some of it.
    expect(sum / runs).toBeLessThan(0.02);
  });

  it('is symmetric, not negative and at most either entropy', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 12, maxLength: 12 }), (cells) => {
        const table = { columns: 3, counts: Float64Array.from(cells) };
        const turned = {
          columns: 4,
          counts: Float64Array.from(cells, (_, i) => cells[(i % 4) * 3 + Math.floor(i / 4)]),
        };
        const bits = mutualInformation(table);
        expect(mutualInformation(turned)).toBeCloseTo(bits, 12);
        expect(bits).toBeGreaterThanOrEqual(0);
        const sums = [0, 1, 2].map((c) => cells.reduce((sum, cell, i) => sum + (i % 3 === c ? cell : 0), 0));
        expect(bits).toBeLessThanOrEqual(entropy(sums) + 1e-12);
      }),
    );
  });
});
