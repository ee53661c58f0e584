import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernel } from '../../src/kernel/reference.js';
import type { VectorKernel } from '../../src/kernel/vector-kernel.js';
import { randomNumbers } from './observations.js';
import { simd } from './trial.js';

const { kernel, memory } = simd.open();
const reference = referenceKernel(memory.memory);

/** Vectors of a length up to 40, whose addresses are multiples of 8. */
const given = fc.record({
  count: fc.nat({ max: 40 }),
  gap: fc.nat({ max: 3 }),
  scale: fc.double({ min: -10, max: 10, noNaN: true }),
  seed: fc.nat({ max: 1e6 }),
});

/** What a function returns and leaves in memory, given three vectors. */
function outcome(
  { count, gap, seed }: { count: number; gap: number; seed: number },
  run: (a: number, b: number, c: number) => unknown,
): number[] {
  const mark = memory.mark();
  const size = 3 * (count + gap) + gap;
  const begin = memory.allocate(8 * size);
  const random = randomNumbers(seed);
  memory.f64.set(
    Float64Array.from({ length: size }, () => 2 * random() - 1),
    begin / 8,
  );
  const [a, b, c] = [0, 1, 2].map((i) => begin + 8 * (gap + i * (count + gap)));
  const returned = run(a, b, c);
  memory.release(mark);
  return [Number(returned ?? 0), ...memory.f64.slice(begin / 8, begin / 8 + size)];
}

const FUNCTIONS: Readonly<
  Record<string, (k: VectorKernel, count: number, scale: number) => (a: number, b: number, c: number) => unknown>
> = {
  dotVectors: (k, count) => (a, b) => k.dotVectors(a, b, count),
  addScaledThenDot: (k, count, scale) => (a, b, c) => k.addScaledThenDot(a, scale, b, c, count),
  scaleThenDot: (k, count, scale) => (a, b) => k.scaleThenDot(a, scale, b, count),
  addScaled: (k, count, scale) => (a, b, c) => k.addScaled(c, a, scale, b, count),
  'addScaled to one of them': (k, count, scale) => (a, b) => k.addScaled(b, a, scale, b, count),
  multiplyVectors: (k, count) => (a, b, c) => k.multiplyVectors(c, a, b, count),
  divideVector: (k, count, scale) => (a, b) => k.divideVector(b, a, scale, count),
  largestSize: (k, count) => (a) => k.largestSize(a, count),
  takeSums: (k, count) => (a, b) => k.takeSums(a, 24, b, 16, Math.floor(count / 3)),
};

describe('long vectors', () => {
  for (const [name, open] of Object.entries(FUNCTIONS)) {
    it(`${name}: the kernel does to the last bit what plain code does, and touches nothing else`, () => {
      fc.assert(
        fc.property(given, (vectors) => {
          const { count, scale } = vectors;
          expect(outcome(vectors, open(kernel, count, scale))).toEqual(outcome(vectors, open(reference, count, scale)));
        }),
      );
    });
  }

  for (const [name, k] of [
    ['kernel', kernel],
    ['reference', reference],
  ] as const) {
    it(`are what they say, ${name}`, () => {
      const [a, b, c] = [0, 1, 2].map(() => memory.allocate(40));
      const set = (): void => {
        memory.f64.set([1, -2, 3, -4, 5], a / 8);
        memory.f64.set([2, 2, 2, 2, 10], b / 8);
        memory.f64.set([1, 0, 0, 0, 1], c / 8);
      };
      const read = (address: number) => [...memory.f64.subarray(address / 8, address / 8 + 5)];
      set();
      // By hand: 2 - 4 + 6 - 8 + 50
      expect(k.dotVectors(a, b, 5)).toBe(46);
      expect(k.largestSize(a, 5)).toBe(5);
      expect(k.addScaledThenDot(a, 0.5, b, c, 5)).toBe(12);
      expect(read(a)).toEqual([2, -1, 4, -3, 10]);
      expect(k.scaleThenDot(a, 2, c, 5)).toBe(24);
      k.addScaled(c, a, -1, b, 5);
      expect(read(c)).toEqual([2, -4, 6, -8, 10]);
      k.multiplyVectors(c, c, b, 5);
      expect(read(c)).toEqual([4, -8, 12, -16, 100]);
      k.divideVector(c, c, 4, 5);
      expect(read(c)).toEqual([1, -2, 3, -4, 25]);
      set();
      k.takeSums(a, 16, b, 8, 2);
      expect([read(a), read(b)]).toEqual([
        [0, -2, 0, -4, 5],
        [3, 5, 2, 2, 10],
      ]);
    });

    it(`find that an element is not a number, ${name}`, () => {
      const a = memory.allocate(80);
      for (let i = 0; i < 10; i++) {
        memory.f64.fill(1, a / 8, a / 8 + 10);
        memory.f64[a / 8 + i] = Number.NaN;
        expect(k.largestSize(a, 10)).toBeNaN();
      }
    });
  }
});
