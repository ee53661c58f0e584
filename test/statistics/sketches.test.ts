import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctCounter, EXACT_DISTINCT } from '../../src/statistics/distinct.js';
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

describe('HyperLogLog', () => {
  const spellings: Record<string, (i: number) => number | string> = {
    'whole numbers': (i) => i,
    'multiples of 0.01': (i) => i / 100,
    'large powers': (i) => i * 2 ** 40,
    texts: (i) => `user-${i}@example.com`,
  };
  it.each(Object.keys(spellings))('is within 4 standard errors, from few to many: %s', (name) => {
    const sketch = new HyperLogLog();
    let added = 0;
    for (const target of [10, 100, 1000, 5000, 20_000, 45_000, 100_000, 250_000]) {
      for (; added < target; added++) {
        const value = spellings[name](added);
        if (typeof value === 'number') sketch.addNumber(value);
        else sketch.addText(value);
      }
      // Standard error 1.04 / sqrt(16,384) = 0.81 %.
      expect(Math.abs(sketch.estimate() / target - 1)).toBeLessThan(4 * 0.0081);
    }
  });

  it('has the standard error that its size promises, and no bias', () => {
    const errors: number[] = [];
    for (let run = 0; run < 60; run++) {
      const sketch = new HyperLogLog();
      const random = randomNumbers(run);
      for (let i = 0; i < 20_000; i++) sketch.addNumber(random() + random() * 2 ** -33);
      errors.push(sketch.estimate() / 20_000 - 1);
    }
    const mean = errors.reduce((a, b) => a + b) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    // The mean of 60 runs is within 4 of its own standard errors; the deviation within a factor 1.4 at 60 runs.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.0081) / Math.sqrt(60));
    expect(deviation).toBeLessThan(1.4 * 0.0081);
  });

  it('knows that nothing was added, and one zero', () => {
    const sketch = new HyperLogLog();
    expect(sketch.estimate()).toBe(0);
    sketch.addNumber(0);
    const before = sketch.estimate();
    sketch.addNumber(-0);
    expect(sketch.estimate()).toBe(before);
    expect(Math.round(before)).toBe(1);
  });

  it('of 8 parts is that of one pass, exactly', () => {
    const random = randomNumbers(5);
    const values = Array.from({ length: 30_000 }, () => Math.floor(50_000 * random()));
    const whole = new HyperLogLog();
    for (const value of values) whole.addNumber(value);
    const [first, ...others] = parts(values, 8).map((part) => {
      const sketch = new HyperLogLog();
      for (const value of part) sketch.addNumber(value);
      return sketch;
    });
    for (const other of others) first.merge(other);
    expect(first.estimate()).toBe(whole.estimate());
  });
});

describe('DistinctCounter', () => {
  const count = (values: readonly (number | string)[]): DistinctCounter<number | string> => {
    const counter = new DistinctCounter<number | string>();
    for (const value of values) counter.add(value);
    return counter;
  };

  it('is exact up to 4,096 values, whatever their order and parts', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.string({ maxLength: 2 }))), (values) => {
        const merged = parts(values, 8).map(count);
        for (const other of merged.slice(1)) merged[0].merge(other);
        expect(merged[0].count).toBe(new Set(values).size);
        expect(merged[0].isExact).toBe(true);
        expect(count(values).count).toBe(new Set(values).size);
      }),
    );
    const full = count(Array.from({ length: EXACT_DISTINCT }, (_, i) => i));
    expect([full.count, full.isExact]).toEqual([EXACT_DISTINCT, true]);
    full.add(7);
    expect(full.isExact).toBe(true);
    full.add(-1);
    expect(full.isExact).toBe(false);
  });

  it('then estimates the same for 8 parts as for the whole, also where parts are exact', () => {
    for (const length of [5000, 12_000, 60_000]) {
      const values = Array.from({ length }, (_, i) => (i * 7919) % 1_000_003);
      const whole = count(values);
      const [first, ...others] = parts(values, 8).map(count);
      for (const other of others) first.merge(other);
      expect(first.count).toBe(whole.count);
      expect(Math.abs(whole.count / length - 1)).toBeLessThan(4 * 0.0081);
    }
  });
});

describe('SpaceSaving', () => {
  const summarize = <T extends number | string>(values: readonly T[], capacity?: number): SpaceSaving<T> => {
    const summary = new SpaceSaving<T>(capacity);
    for (const value of values) summary.add(value);
    return summary;
  };
  const merged = <T extends number | string>(values: readonly T[], capacity?: number): SpaceSaving<T> => {
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

  it('adds many at once, and does not merge with one of another size', () => {
    const summary = new SpaceSaving<string>(1);
    for (const [value, count] of [
      ['a', 50],
      ['b', 20],
      ['c', 4],
      ['d', 3],
      ['e', 2],
    ] as const)
      summary.add(value, count);
    expect(summary.isExact).toBe(true);
    summary.add('f');
    // Six values, five times one counter: all lose the 20 of the second.
    expect(summary.top(9)).toEqual([{ value: 'a', count: 50, error: 20 }]);
    expect([summary.isExact, summary.total]).toEqual([false, 80]);
    expect(() => summary.merge(new SpaceSaving(3))).toThrow('1 and 3 counters');
  });
});
