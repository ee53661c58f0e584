import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateExports, openMemory } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { kernelNumbers } from '../../src/statistics/kernel-numbers.js';
import { type NumberWork, plainNumbers } from '../../src/statistics/number-work.js';
import { QuantileSketch } from '../../src/statistics/quantile.js';
import { STREAMS } from './streams.js';

const kernel = kernelNumbers(kernelModule());
const LENGTHS = [4096, 5001, 16_384, 65_536];

function moments(work: NumberWork, values: Float64Array) {
  const room = work.room(values.length);
  room.set(values);
  const found = work.moments(values.length);
  return { found, kept: room.slice(0, found.count) };
}

const any = fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE));

for (const [name, work] of [
  ['TypeScript', plainNumbers],
  ['SIMD kernel', kernel],
] as const) {
  describe(`moments, ${name}`, () => {
    it('are those of the finite values, which move to the front', () => {
      // By hand: 3, 1, 2, 0, 5 less 3 are 0, -2, -1, -3, 2.
      const values = Float64Array.of(Number.NaN, 3, Number.NEGATIVE_INFINITY, 1, 2, -0, 5, Number.NaN);
      const { found, kept } = moments(work, values);
      expect(found).toEqual({ count: 5, shift: 3, sum: -4, squares: 18, min: 0, max: 5 });
      expect([...kept]).toEqual([3, 1, 2, 0, 5]);
    });

    it('count nothing where nothing is finite', () => {
      expect(moments(work, Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY)).found.count).toBe(0);
      expect(moments(work, new Float64Array(0)).found.count).toBe(0);
    });
  });
}

describe('the SIMD kernel', () => {
  it('finds the very moments that TypeScript finds', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 70 }), (list) => {
        const [own, plain] = [kernel, plainNumbers].map((work) => moments(work, Float64Array.from(list)));
        expect(own.kept).toEqual(plain.kept);
        if (plain.found.count > 0) expect(own.found).toEqual(plain.found);
        else expect(own.found.count).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('finds the same of a column where it is, unless some are not finite', () => {
    const memory = openMemory(2);
    const exports = instantiateExports<object>(kernelModule(), memory);
    const scratch = 64 * Math.ceil(exports.__heap_base.value / 64);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(any, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 70 }),
        (list) => {
          const column = new Float64Array(memory.buffer, scratch + 64, list.length);
          column.set(list);
          const before = column.slice();
          const found = kernel.momentsInPlace(column, { kernel: exports, memory, scratch });
          expect(column).toEqual(before);
          expect(kernel.momentsInPlace(before, { kernel: exports, memory, scratch })).toBe(undefined);
          const plain = moments(plainNumbers, before.slice()).found;
          if (plain.count < list.length || list.length === 0) expect(found).toBe(undefined);
          else if (found !== undefined) expect(found).toEqual(plain);
          else expect(Number.isFinite(plain.sum)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(Object.keys(STREAMS))('thins to the very values that TypeScript thins to: %s', (name) => {
    for (const length of LENGTHS) {
      for (const [step, first] of [
        [2, 1],
        [8, 0],
        [64, 63],
      ]) {
        const values = STREAMS[name](length, length + step);
        expect(kernel.thin(values.slice(), step, first)).toEqual(plainNumbers.thin(values, step, first));
      }
    }
  });

  it('thins any numbers alike', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), fc.nat(7), (pattern, first) => {
        const values = Float64Array.from({ length: 4097 }, (_, i) => pattern[(i * 7) % pattern.length] + 0);
        expect(kernel.thin(values.slice(), 8, first)).toEqual(plainNumbers.thin(values, 8, first));
      }),
      { numRuns: 60 },
    );
  });

  it('merges alike', () => {
    const sorted = fc.float64Array({ noNaN: true, maxLength: 50 }).map((list) => list.map((x) => x + 0).sort());
    fc.assert(
      fc.property(sorted, sorted, (a, b) => {
        expect(kernel.merge(a, b)).toEqual(plainNumbers.merge(a, b));
      }),
    );
  });

  it('gives a sketch the same answers, also fed from its room', () => {
    const values = STREAMS['log-normal'](300_000, 4);
    const sketches = [kernel, plainNumbers].map((work) => {
      const sketch = new QuantileSketch({ seed: 3, work });
      for (let from = 0; from < values.length; from += 70_000) {
        const piece = values.subarray(from, from + 70_000);
        const room = work.room(piece.length);
        room.set(piece);
        sketch.add(room.subarray(0, piece.length));
      }
      return sketch;
    });
    const fractions = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    expect(sketches[0].isExact).toBe(false);
    expect(sketches[0].quantiles(fractions)).toEqual(sketches[1].quantiles(fractions));
  });
});
