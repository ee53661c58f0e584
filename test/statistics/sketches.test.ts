import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXACT_DISTINCT, NumberDetails } from '../../src/insights/numbers.js';
import { SpaceSaving } from '../../src/statistics/frequent.js';
import { HyperLogLog } from '../../src/statistics/hyperloglog.js';
import { randomNumbers } from './streams.js';

function parts<T>(values: readonly T[], count: number): T[][] {
  return Array.from({ length: count }, (_, p) =>
    values.slice(Math.floor((p * values.length) / count), Math.floor(((p + 1) * values.length) / count)),
  );
}

function counted<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function hyperLogLog(values: readonly number[]): HyperLogLog {
  const sketch = new HyperLogLog();
  sketch.add(Float64Array.from(values));
  return sketch;
}

describe('HyperLogLog', () => {
  const spellings: Record<string, (i: number) => number> = {
    'whole numbers': (i) => i,
    'multiples of 0.01': (i) => i / 100,
    'large powers': (i) => i * 2 ** 40,
  };
  it.each(Object.keys(spellings))('is within 4 standard errors, from few to many: %s', (name) => {
    const sketch = new HyperLogLog();
    let added = 0;
    for (const target of [10, 100, 1000, 5000, 20_000, 45_000, 100_000, 250_000]) {
      sketch.add(Float64Array.from({ length: target - added }, (_, i) => spellings[name](added + i)));
      added = target;
      // Standard error 1.04 / sqrt(16,384) = 0.81 %.
      expect(Math.abs(sketch.estimate() / target - 1)).toBeLessThan(4 * 0.0081);
    }
  });

  it('has the standard error that its size promises, and no bias', () => {
    const errors: number[] = [];
    for (let run = 0; run < 60; run++) {
      const random = randomNumbers(run);
      const sketch = hyperLogLog(Array.from({ length: 20_000 }, () => random() + random() * 2 ** -33));
      errors.push(sketch.estimate() / 20_000 - 1);
    }
    const mean = errors.reduce((a, b) => a + b) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    // The mean of 60 runs is within 4 of its own standard errors; the deviation within a factor 1.4 at 60 runs.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.0081) / Math.sqrt(60));
    expect(deviation).toBeLessThan(1.4 * 0.0081);
  });

  it('knows that nothing was added, and one zero', () => {
    expect(hyperLogLog([]).estimate()).toBe(0);
    expect(Math.round(hyperLogLog([0, 0]).estimate())).toBe(1);
  });

  it('of 8 parts is that of one pass, exactly', () => {
    const random = randomNumbers(5);
    const values = Array.from({ length: 30_000 }, () => Math.floor(50_000 * random()));
    const whole = hyperLogLog(values);
    const [first, ...others] = parts(values, 8).map(hyperLogLog);
    for (const other of others) first.merge(other);
    expect(first.estimate()).toBe(whole.estimate());
  });
});

describe('distinct numbers', () => {
  const count = (values: readonly number[]): NumberDetails => {
    const details = new NumberDetails();
    details.add(Float64Array.from(values), Uint32Array.from(values.keys()));
    return details;
  };
  const merged = (values: readonly number[]): NumberDetails => {
    const [first, ...others] = parts(values, 8).map(count);
    for (const other of others) first.merge(other);
    return first;
  };

  it('are counted exactly up to 4,096, whatever their order and parts', () => {
    const number = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double(), fc.constant(-0));
    fc.assert(
      fc.property(fc.array(number), (values) => {
        const expected = { count: new Set(values.filter(Number.isFinite)).size, isExact: true };
        expect(merged(values).distinct).toEqual(expected);
        expect(count(values).distinct).toEqual(expected);
      }),
    );
    const full = Array.from({ length: EXACT_DISTINCT }, (_, i) => i);
    expect(count([...full, 7]).distinct).toEqual({ count: EXACT_DISTINCT, isExact: true });
    for (const more of [1, 500, 2000]) {
      const { count: estimate, isExact } = count([...full, ...full.slice(0, more).map((i) => -1 - i)]).distinct;
      expect(isExact).toBe(false);
      expect(estimate).toBeGreaterThan(EXACT_DISTINCT);
    }
  });

  it('are then estimated the same in 8 parts as in the whole, also where parts are exact', () => {
    for (const length of [4500, 5000, 12_000, 60_000]) {
      const values = Array.from({ length }, (_, i) => (i * 7919) % 1_000_003);
      const whole = count(values).distinct;
      expect(merged(values).distinct).toEqual(whole);
      expect(Math.abs(whole.count / length - 1)).toBeLessThan(4 * 0.0081);
    }
  });
});

describe('SpaceSaving', () => {
  const summarize = (values: readonly number[], capacity?: number): SpaceSaving => {
    const summary = new SpaceSaving(capacity);
    summary.add(Float64Array.from(values));
    return summary;
  };
  const merged = (values: readonly number[], capacity?: number): SpaceSaving => {
    const [first, ...others] = parts(values, 8).map((part) => summarize(part, capacity));
    for (const other of others) first.merge(other);
    return first;
  };
  const skewed = fc.array(
    fc.nat(60).map((n) => Math.floor((n * n) / 60)),
    { maxLength: 400 },
  );

  it('is exact while every value has a counter, in one pass and in 8 parts', () => {
    fc.assert(
      fc.property(skewed, (values) => {
        const expected = [...counted(values)].sort(([a, m], [b, n]) => n - m || a - b);
        for (const summary of [summarize(values, 61), merged(values, 61)]) {
          expect(summary.isExact).toBe(true);
          expect(summary.top(61).map(({ value, count }) => [value, count])).toEqual(expected);
        }
      }),
    );
  });

  it('never counts too low, nor too high by more than its error and n / counters', () => {
    fc.assert(
      fc.property(skewed, fc.integer({ min: 1, max: 20 }), (values, capacity) => {
        const exact = counted(values);
        for (const summary of [summarize(values, capacity), merged(values, capacity)]) {
          const top = summary.top(Number.POSITIVE_INFINITY);
          for (const { value, count, error } of top) {
            const true_ = exact.get(value) ?? 0;
            expect(count).toBeGreaterThanOrEqual(true_);
            expect(count - error).toBeLessThanOrEqual(true_);
            expect(error).toBeLessThanOrEqual(values.length / capacity);
          }
          const shown = new Set(top.map(({ value }) => value));
          for (const [value, count] of exact) {
            if (count > values.length / capacity) expect(shown.has(value)).toBe(true);
          }
          expect(summary.total).toBe(values.length);
        }
      }),
    );
  });

  it('finds the frequent values of a long stream among a hundred thousand others', () => {
    const random = randomNumbers(3);
    const values = Array.from({ length: 200_000 }, (_, i) => (i % 10 === 0 ? i % 7 : 1000 + random()));
    const top = summarize(values).top(7);
    expect(new Set(top.map(({ value }) => value))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    const exact = counted(values);
    for (const { value, count } of top) expect(count - exact.get(value)!).toBeLessThanOrEqual(200);
  });

  it('takes from all counters what the first one beyond the promised number holds, also where counts are large', () => {
    const times = (value: number, count: number): number[] => new Array<number>(count).fill(value);
    for (const unit of [1, 300]) {
      const counts = [50, 20, 4, 3, 2].map((count) => count * unit);
      const summary = summarize(
        counts.flatMap((count, value) => times(value, count)),
        1,
      );
      expect(summary.isExact).toBe(true);
      summary.add(Float64Array.of(9));
      // Six values, more than five times one counter: all lose what the second holds.
      expect(summary.top(9)).toEqual([{ value: 0, count: 50 * unit, error: 20 * unit }]);
      expect([summary.isExact, summary.total]).toEqual([false, 79 * unit + 1]);
    }
    expect(() => new SpaceSaving(1).merge(new SpaceSaving(3))).toThrow('1 and 3 counters');
  });
});
