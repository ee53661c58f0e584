import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernel, openMemory } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import { randomNumbers } from './observations.js';

/** X'X / n of random data, positive definite. */
function randomMatrix(size: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  const rows = Array.from({ length: 3 * size }, () => Float64Array.from({ length: size }, () => random() - 0.5));
  return Float64Array.from({ length: size * size }, (_, at) =>
    rows.reduce((sum, x) => sum + (x[Math.floor(at / size)] * x[at % size]) / rows.length, 0),
  );
}

const wasm = openMemory(16);
const simd = instantiateKernel(kernelModule(), wasm);
const memory = new KernelMemory(wasm, simd);

for (const [name, kernel] of [
  ['SIMD kernel', simd],
  ['reference', referenceKernel(wasm)],
] as const) {
  /** x of A x = b. */
  const solution = (matrix: Float64Array, b: Float64Array, least: number): Float64Array => {
    const mark = memory.mark();
    const [factor, x] = [memory.allocate(8 * matrix.length), memory.allocate(8 * b.length)];
    memory.f64.set(matrix, factor / 8);
    memory.f64.set(b, x / 8);
    kernel.factorise(factor, b.length, least);
    kernel.solve(factor, b.length, x);
    memory.release(mark);
    return memory.f64.slice(x / 8, x / 8 + b.length);
  };

  describe(`Cholesky factors, ${name}`, () => {
    it('solve linear equations', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1e6 }), (size, seed) => {
          const matrix = randomMatrix(size, seed);
          const random = randomNumbers(seed + 1);
          const x = Float64Array.from({ length: size }, () => random() - 0.5);
          const b = x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * size + j] * value, 0));
          // The condition number of such matrices stays below 1e4.
          solution(matrix, b, 1e-12).forEach((value, i) => expect(Math.abs(value - x[i])).toBeLessThan(1e-9));
        }),
      );
    });

    it('take a step in directions of which the matrix knows nothing', () => {
      for (const matrix of [Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 0, 0, 0)]) {
        const b = solution(matrix, Float64Array.of(1, -1), 1e-7);
        expect(b.every(Number.isFinite)).toBe(true);
        expect(b[0] - b[1]).toBeGreaterThan(0);
      }
    });
  });
}
