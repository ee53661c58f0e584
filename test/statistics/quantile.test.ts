import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuantileSketch } from '../../src/statistics/quantile.js';
import { randomNumbers, STREAMS } from './streams.js';

/** 99 % of rank errors are below this share of the count (the fit published for KLL in Apache DataSketches). */
const rankError = (k: number): number => 2.296 / k ** 0.9723;
const PERCENTILES = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** Adds values in pieces of uneven length, as blocks of a source come. */
function addInPieces(sketch: QuantileSketch, values: Float64Array, random = randomNumbers(1)): QuantileSketch {
  for (let from = 0; from < values.length; ) {
    const to = from + 1 + Math.floor(8000 * random());
    sketch.add(values.subarray(from, to));
    from = to;
  }
  return sketch;
}

/** How far the answer's ranks [values below, values up to] miss the rank asked for, as a share of the count. */
function rankErrors(sketch: QuantileSketch, values: Float64Array, fractions: readonly number[]): number[] {
  const sorted = values.slice().sort();
  return sketch.quantiles(fractions).map((answer, i) => {
    const wanted = Math.floor(fractions[i] * values.length);
    const first = lowerBound(sorted, (x) => x >= answer);
    const last = lowerBound(sorted, (x) => x > answer) - 1;
    expect(last, `${answer} is one of the values`).toBeGreaterThanOrEqual(first);
    return Math.max(0, first - wanted, wanted - last) / values.length;
  });
}

function lowerBound(sorted: Float64Array, holds: (x: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

describe('quantiles of at most 65,536 values', () => {
  it('are the values of rank floor(fraction * count)', () => {
    const fraction = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1));
    const values = fc.float64Array({ noNaN: true, minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fraction, (given, f) => {
        const sketch = new QuantileSketch();
        sketch.add(given);
        const rank = Math.min(Math.floor(f * given.length), given.length - 1);
        expect(sketch.quantile(f) + 0).toBe(given.slice().sort()[rank] + 0);
      }),
    );
  });

  it('stay exact up to the last of them', () => {
    const values = STREAMS.uniform(65_536, 3);
    const sketch = addInPieces(new QuantileSketch(), values);
    expect(sketch.isExact).toBe(true);
    expect(rankErrors(sketch, values, PERCENTILES)).toEqual(PERCENTILES.map(() => 0));
    expect(sketch.rank(values.slice().sort()[1000])).toBe(1001);
    sketch.add(Float64Array.of(0.5));
    expect(sketch.isExact).toBe(false);
  });

  it('are NaN without values, and demand a fraction from 0 to 1', () => {
    const sketch = new QuantileSketch();
    expect([sketch.quantile(0.5), sketch.min, sketch.max, sketch.count]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      0,
    ]);
    expect(sketch.rank(7)).toBe(0);
    for (const fraction of [-0.1, 1.1, Number.NaN]) expect(() => sketch.quantile(fraction)).toThrow(RangeError);
  });

  it('do not change when the caller changes the array', () => {
    const values = Float64Array.of(3, 1, 2);
    const sketch = new QuantileSketch();
    sketch.add(values);
    values.fill(9);
    expect(sketch.quantiles([0, 0.4, 1])).toEqual([1, 2, 3]);
    sketch.add(Float64Array.of(0));
    expect(sketch.quantiles([0, 0.25, 0.5])).toEqual([0, 1, 2]);
  });
});

describe('quantiles of more values', () => {
  it.each(Object.keys(STREAMS))('are within the rank error: %s', (name) => {
    const values = STREAMS[name](400_000, 11);
    const sketch = addInPieces(new QuantileSketch({ seed: 5 }), values);
    expect(sketch.count).toBe(values.length);
    for (const error of rankErrors(sketch, values, PERCENTILES)) expect(error).toBeLessThan(rankError(4096));
  });

  it('are within the rank error for 99 % of seeds and fractions, at any k', () => {
    for (const k of [8, 64, 256]) {
      const errors: number[] = [];
      for (const [i, name] of ['uniform', 'ascending', 'descending', 'sawtooth', 'log-normal'].entries()) {
        for (let seed = 0; seed < 6; seed++) {
          const values = STREAMS[name](k * 300 + 17 * seed, seed);
          errors.push(
            ...rankErrors(addInPieces(new QuantileSketch({ k, seed: 100 * i + seed }), values), values, PERCENTILES),
          );
        }
      }
      errors.sort((a, b) => a - b);
      expect(errors[Math.floor(0.99 * errors.length)]).toBeLessThan(rankError(k));
      // The standard error is at most 1/(sqrt(2) k) of the count; five of them are out of reach in 2,970 draws.
      expect(errors.at(-1)).toBeLessThan(5 / (Math.SQRT2 * k));
      expect(errors.at(-1)).toBeGreaterThan(0);
    }
  });

  it('err on both sides alike', () => {
    const length = 30_000;
    const values = STREAMS.uniform(length, 6);
    const sorted = values.slice().sort();
    const draws = 200;
    let sum = 0;
    for (let seed = 0; seed < draws; seed++) {
      const answer = addInPieces(new QuantileSketch({ k: 64, seed }), values).quantile(0.5);
      sum += lowerBound(sorted, (x) => x >= answer) - length / 2;
    }
    // Standard error of the mean of 200 draws: at most 30,000 / (sqrt(2) * 64) / sqrt(200) = 23.4; four of them.
    expect(Math.abs(sum / draws)).toBeLessThan(94);
  });

  it('stand for as many values as were added', () => {
    const random = randomNumbers(13);
    for (let run = 0; run < 30; run++) {
      const length = Math.floor(40_000 * random());
      const sketch = addInPieces(new QuantileSketch({ k: 32, seed: run }), STREAMS.uniform(length, run));
      sketch.merge(addInPieces(new QuantileSketch({ k: 32, seed: -run }), STREAMS.sawtooth(2 * length, run)));
      sketch.add(Float64Array.of(1e300));
      expect(sketch.rank(1e299)).toBe(3 * length);
    }
  });

  it('give the least and the greatest value exactly', () => {
    const values = STREAMS.sawtooth(200_000, 0);
    values[150_000] = -3;
    values[160_000] = 1e12;
    const sketch = addInPieces(new QuantileSketch(), values);
    expect([sketch.quantile(0), sketch.min]).toEqual([-3, -3]);
    expect([sketch.quantile(1), sketch.max]).toEqual([1e12, 1e12]);
    expect([sketch.rank(-4), sketch.rank(1e12)]).toEqual([0, 200_000]);
  });

  it('ascend with the fraction, and ranks with the value', () => {
    const sketch = addInPieces(new QuantileSketch({ k: 64 }), STREAMS['log-normal'](50_000, 2));
    const edges = sketch.quantiles(PERCENTILES);
    expect(edges).toEqual(edges.toSorted((a, b) => a - b));
    const ranks = edges.map((edge) => sketch.rank(edge));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    ranks.forEach((rank, i) => {
      expect(Math.abs(rank / 50_000 - PERCENTILES[i])).toBeLessThan(rankError(64));
    });
  });

  it('depend on seed and order only', () => {
    const values = STREAMS.uniform(100_000, 8);
    const answers = (seed: number, pieces: number): number[] =>
      addInPieces(new QuantileSketch({ seed }), values, randomNumbers(pieces)).quantiles(PERCENTILES);
    expect(answers(1, 1)).toEqual(answers(1, 2));
    expect(answers(1, 1)).not.toEqual(answers(2, 1));
  });

  it('need no more memory for more values', () => {
    const k = 256;
    for (let seed = 0; seed < 8; seed++) {
      const length = (500 + 111 * seed) * 4 * k;
      const { retained } = addInPieces(new QuantileSketch({ k, seed }), STREAMS.uniform(length, seed));
      // The 4 k values that came last wait in the buffer; 7 levels hold fewer than k each.
      expect(retained).toBeGreaterThan(4 * k);
      expect(retained).toBeLessThan(4 * k + 7 * k);
    }
  });
});

describe('merged sketches', () => {
  const split = (values: Float64Array, parts: number): Float64Array[] =>
    Array.from({ length: parts }, (_, p) =>
      values.subarray(Math.floor((p * values.length) / parts), Math.floor(((p + 1) * values.length) / parts)),
    );
  const merged = (parts: Float64Array[], k: number): QuantileSketch => {
    const [first, ...others] = parts.map((part, seed) => addInPieces(new QuantileSketch({ k, seed }), part));
    for (const other of others) first.merge(other);
    return first;
  };

  it.each(Object.keys(STREAMS))('of 8 parts are within the rank error: %s', (name) => {
    const values = STREAMS[name](700_001, 21);
    const sketch = merged(split(values, 8), 4096);
    expect(sketch.count).toBe(values.length);
    for (const error of rankErrors(sketch, values, PERCENTILES)) expect(error).toBeLessThan(rankError(4096));
  });

  it('of very uneven parts are within the rank error', () => {
    const values = STREAMS.sawtooth(60_000, 0);
    const cuts = [0, 10, 2000, 2000, 41_000, 41_001, 60_000];
    const parts = cuts.slice(1).map((to, i) => values.subarray(cuts[i], to));
    for (const order of [parts, parts.toReversed()]) {
      const sketch = merged(order, 64);
      expect(sketch.count).toBe(values.length);
      for (const error of rankErrors(sketch, values, PERCENTILES)) expect(error).toBeLessThan(1.5 * rankError(64));
    }
  });

  it('stay exact while all values fit', () => {
    const values = STREAMS.uniform(60_000, 9);
    const sketch = merged(split(values, 8), 4096);
    expect(sketch.isExact).toBe(true);
    expect(rankErrors(sketch, values, PERCENTILES)).toEqual(PERCENTILES.map(() => 0));
  });

  it('go on taking values, and leave the other sketch alone', () => {
    const [a, b] = [STREAMS.uniform(90_000, 1), STREAMS.ascending(90_000, 1)];
    const [one, other] = [addInPieces(new QuantileSketch(), a), addInPieces(new QuantileSketch(), b)];
    const before = other.quantiles(PERCENTILES);
    one.merge(other);
    one.add(a);
    expect(other.quantiles(PERCENTILES)).toEqual(before);
    expect(one.count).toBe(270_000);
    const values = new Float64Array(270_000);
    values.set(a);
    values.set(b, 90_000);
    values.set(a, 180_000);
    for (const error of rankErrors(one, values, PERCENTILES)) expect(error).toBeLessThan(rankError(4096));
  });

  it('must have the same k and be two', () => {
    const sketch = new QuantileSketch();
    expect(() => sketch.merge(new QuantileSketch({ k: 64 }))).toThrow('k = 4096 and 64');
    expect(() => sketch.merge(sketch)).toThrow('itself');
    expect(() => new QuantileSketch({ k: 100 })).toThrow(RangeError);
  });
});
