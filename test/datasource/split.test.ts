import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3, randomFraction, type Split, splitter } from '../../src/datasource/split.js';
import { InvalidInput } from '../../src/errors.js';

const sequential: Split = { strategy: 'sequential', percentBegin: 0, percentEnd: 70, complement: false, seed: '' };
const random: Split = { ...sequential, strategy: 'random', seed: 's3://bucket/file.csv' };

/** Indices of the records taken, byte offsets being 40 times the index. */
function taken(split: Split, total: number): number[] {
  const keep = splitter(split, total);
  return Array.from({ length: total }, (_, index) => index).filter((index) => keep(index, 40 * index));
}

const percent = fc.integer({ min: 0, max: 100 });
const strategy = fc.constantFrom('sequential', 'random' as const);
const total = fc.integer({ min: 0, max: 400 });

describe('a split', () => {
  it('with its complement takes every record once', () => {
    fc.assert(
      fc.property(strategy, percent, percent, total, fc.string(), (strategy, a, b, total, seed) => {
        const split = {
          strategy,
          percentBegin: Math.min(a, b),
          percentEnd: Math.max(a, b),
          complement: false,
          seed,
        } as Split;
        const both = [...taken(split, total), ...taken({ ...split, complement: true }, total)];
        expect(both.sort((x, y) => x - y)).toEqual(Array.from({ length: total }, (_, i) => i));
      }),
    );
  });

  it('and its neighbours partition the records', () => {
    fc.assert(
      fc.property(
        strategy,
        fc.uniqueArray(percent, { maxLength: 6 }),
        total,
        fc.string(),
        (strategy, cuts, total, seed) => {
          const edges = [...new Set([0, ...cuts, 100])].sort((a, b) => a - b);
          const parts = edges.slice(1).flatMap((percentEnd, i) => {
            const split = { strategy, percentBegin: edges[i], percentEnd, complement: false, seed } as Split;
            return taken(split, total);
          });
          expect(parts.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i));
        },
      ),
    );
  });

  it('of the whole takes all, of nothing none', () => {
    for (const strategy of ['sequential', 'random'] as const) {
      expect(taken({ ...random, strategy, percentEnd: 100 }, 50)).toHaveLength(50);
      expect(taken({ ...random, strategy, percentBegin: 70 }, 50)).toHaveLength(0);
      expect(taken({ ...random, strategy, percentBegin: 70, complement: true }, 50)).toHaveLength(50);
    }
  });

  it.each([
    [{ percentBegin: -1 }, 'splitting.percentBegin: -1 is not a whole number from 0 to 100'],
    [{ percentEnd: 101 }, 'splitting.percentEnd: 101 is not a whole number from 0 to 100'],
    [{ percentEnd: 33.3 }, 'splitting.percentEnd: 33.3 is not a whole number from 0 to 100'],
    [{ percentEnd: Number.NaN }, 'splitting.percentEnd: NaN is not a whole number from 0 to 100'],
    [{ percentBegin: 80 }, 'splitting: percentBegin 80 is greater than percentEnd 70'],
  ])('refuses %j', (change, message) => {
    const refused = (): unknown => splitter({ ...sequential, ...change }, 10);
    expect(refused).toThrow(InvalidInput);
    expect(refused).toThrow(message);
  });
});

describe('a sequential split', () => {
  it('takes the first 732 of 1,046 records for 70 % (observed at the service)', () => {
    expect(taken(sequential, 1046)).toEqual(Array.from({ length: 732 }, (_, i) => i));
    expect(taken({ ...sequential, percentBegin: 70, percentEnd: 100 }, 1046)).toHaveLength(314);
  });

  it('rounds down where a percentage is a fraction of a record', () => {
    expect(taken({ ...sequential, percentBegin: 25, percentEnd: 50 }, 10)).toEqual([2, 3, 4]);
    expect(taken({ ...sequential, percentEnd: 29 }, 100)).toHaveLength(29);
    expect(taken({ ...sequential, percentEnd: 1 }, 99)).toEqual([]);
  });

  it('needs the number of records only for a part', () => {
    expect(() => splitter(sequential, undefined)).toThrow('the number of records');
    expect(splitter({ ...sequential, percentEnd: 100 }, undefined)(5, 200)).toBe(true);
  });
});

describe('a random split', () => {
  it('takes about the percentage, differently for each seed, in any order', () => {
    const total = 20_000;
    for (const seed of ['', '0', '1', 's3://bucket/a.csv', 's3://bucket/b.csv']) {
      const rows = taken({ ...random, seed }, total);
      // Binomial standard deviation sqrt(20,000 * 0.7 * 0.3) = 65; five of them.
      expect(Math.abs(rows.length - 14_000)).toBeLessThan(325);
      const other = new Set(taken({ ...random, seed: `${seed}x` }, total));
      // Independent seeds agree on 0.49 of the rows; standard deviation 71.
      expect(Math.abs(rows.filter((row) => other.has(row)).length - 9800)).toBeLessThan(355);
    }
    const keep = splitter(random, undefined);
    expect([3, 1, 2].map((i) => keep(0, i))).toEqual([3, 1, 2].map((i) => keep(i, i)));
  });

  it('draws evenly from 0 to 1 whatever the length of records', () => {
    for (const recordBytes of [1, 2, 64, 97, 4096, 2 ** 33]) {
      const fraction = randomFraction('seed');
      const counts = new Float64Array(100);
      const draws = 20_000;
      let serial = 0;
      let last = 0.5;
      for (let i = 0; i < draws; i++) {
        const u = fraction(i * recordBytes);
        counts[Math.floor(100 * u)]++;
        serial += (u - 0.5) * (last - 0.5);
        last = u;
      }
      const chiSquare = counts.reduce((sum, count) => sum + (count - draws / 100) ** 2 / (draws / 100), 0);
      // Chi-square with 99 degrees of freedom: 99.999 % of draws lie below 168.
      expect(chiSquare).toBeLessThan(168);
      // Correlation of neighbours: standard error 1 / sqrt(20,000) = 0.0071; five of them.
      expect(Math.abs((12 * serial) / draws)).toBeLessThan(0.0355);
    }
  });

  it('uses all bits of the offset and of the seed', () => {
    const fraction = randomFraction('seed');
    const offsets = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 52, 2 ** 53 - 1];
    expect(new Set(offsets.map(fraction)).size).toBe(offsets.length);
    const seeds = ['', 'a', 'b', 'aa', 'abcd', 'abce', 'abcde', 'ä', '\u{1F600}'];
    expect(new Set(seeds.map((seed) => randomFraction(seed)(7))).size).toBe(seeds.length);
  });

  it('stays in [0, 1)', () => {
    fc.assert(
      fc.property(fc.string(), fc.maxSafeNat(), (seed, offset) => {
        const u = randomFraction(seed)(offset);
        expect(u).toBeGreaterThanOrEqual(0);
        expect(100 * u).toBeLessThan(100);
        expect(Number.isInteger(u * 2 ** 53)).toBe(true);
      }),
    );
  });

  it('is the documented combination of two hashes', () => {
    const offset = 5_000_000_000;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(offset), true);
    const seed = new TextEncoder().encode('My seed');
    const [high, low] = [0, 1].map((n) => BigInt(murmur3(bytes, murmur3(seed, n))));
    const bits = ((high >> 5n) << 26n) + (low >> 6n);
    expect(randomFraction('My seed')(offset)).toBe(Number(bits) / 2 ** 53);
  });
});

describe('murmur3', () => {
  // Published test vectors of MurmurHash3_x86_32.
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['Hello, world!', 0, 0xc0363e43],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
  ])('of %j with seed %d', (text, seed, hash) => {
    expect(murmur3(new TextEncoder().encode(text), seed)).toBe(hash);
  });
});
