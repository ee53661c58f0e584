import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thin } from '../../src/statistics/thin.js';
import { STREAMS } from './streams.js';

/** How many values at the beginning of an ascending list meet a condition. */
function count(sorted: Float64Array, holds: (x: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How far each answer's ranks miss the wanted rank. */
function misses(values: Float64Array, step: number, first: number): number[] {
  const sorted = values.slice().sort();
  const answer = thin(values.slice(), step, first);
  expect(answer.length).toBe(Math.ceil((values.length - first) / step));
  return Array.from(answer, (value, i) => {
    const rank = first + i * step;
    if (i > 0) expect(answer[i - 1]).toBeLessThanOrEqual(value);
    if (sorted[rank] === value) return 0;
    const [from, to] = [count(sorted, (x) => x < value), count(sorted, (x) => x <= value) - 1];
    expect(sorted[from], 'one of the values').toBe(value);
    return rank < from ? from - rank : rank - to;
  });
}

describe('thin', () => {
  it.each(Object.keys(STREAMS))('takes values of the wanted ranks, or within 32 of them: %s', (name) => {
    for (const [length, step, first] of [
      [16_384, 4, 0],
      [16_384, 4, 3],
      [16_384, 64, 17],
      [5000, 16, 5],
    ]) {
      for (const miss of misses(STREAMS[name](length, length + step), step, first)) expect(miss).toBeLessThan(32);
    }
  });

  it('is off by about 2 ranks where values are spread smoothly', () => {
    const off = misses(STREAMS.uniform(16_384, 4), 16, 3);
    expect(off.reduce((a, b) => a + b) / off.length).toBeLessThan(4);
  });

  it('is exact for ties, for lists too short or too long, and for every value', () => {
    const whole = Float64Array.from(STREAMS.uniform(16_384, 1), (x) => Math.floor(50 * x));
    expect(Math.max(...misses(whole, 4, 1))).toBe(0);
    expect(Math.max(...misses(STREAMS.uniform(4000, 1), 4, 1))).toBe(0);
    expect(Math.max(...misses(STREAMS.uniform(5000, 1), 1, 0))).toBe(0);
    expect(Math.max(...misses(STREAMS.uniform(262_144, 1), 256, 9))).toBe(0);
  });

  it('takes any numbers', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), fc.nat(7), (pattern, first) => {
        const values = Float64Array.from({ length: 4096 }, (_, i) => pattern[(i * 7) % pattern.length] + 0);
        for (const miss of misses(values, 8, first)) expect(miss).toBeLessThan(32);
      }),
      { numRuns: 60 },
    );
  });
});
