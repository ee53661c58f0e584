import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorise, solve } from '../../src/training/cholesky.js';
import { randomNumbers } from '../kernel/observations.js';

/** X'X / n of random data, positive definite. */
function randomMatrix(size: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  const rows = Array.from({ length: 3 * size }, () => Float64Array.from({ length: size }, () => random() - 0.5));
  return Float64Array.from({ length: size * size }, (_, at) =>
    rows.reduce((sum, x) => sum + (x[Math.floor(at / size)] * x[at % size]) / rows.length, 0),
  );
}

describe('Cholesky factors', () => {
  it('solve linear equations', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1e6 }), (size, seed) => {
        const matrix = randomMatrix(size, seed);
        const random = randomNumbers(seed + 1);
        const x = Float64Array.from({ length: size }, () => random() - 0.5);
        const b = x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * size + j] * value, 0));
        factorise(matrix, size, 1e-12);
        solve(matrix, size, b);
        // The condition number of such matrices stays below 1e4.
        b.forEach((value, i) => expect(Math.abs(value - x[i])).toBeLessThan(1e-9));
      }),
    );
  });

  it('take a step in directions of which the matrix knows nothing', () => {
    for (const matrix of [Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 0, 0, 0)]) {
      factorise(matrix, 2, 1e-7);
      const b = Float64Array.of(1, -1);
      solve(matrix, 2, b);
      expect(b.every(Number.isFinite)).toBe(true);
      expect(b[0] - b[1]).toBeGreaterThan(0);
    }
  });
});
