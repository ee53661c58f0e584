import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnBlock, type Dictionary, type RecordIssue, TextColumn } from '../../src/datasource/block.js';
import { ValueDictionary } from '../../src/datasource/dictionary.js';
import { parseSchema } from '../../src/schema/parse.js';
import type { AttributeType } from '../../src/schema/schema.js';
import { StatisticsCollector } from '../../src/statistics/statistics.js';
import { randomNumbers } from './streams.js';

type Columns = Record<string, Float64Array | Uint8Array | Uint32Array | TextColumn>;

function block(
  columns: Columns,
  dictionaries: Record<string, Dictionary> = {},
  issues: RecordIssue[] = [],
): ColumnBlock {
  const rowCount = Object.values(columns)[0].length;
  return {
    columns: new Map(Object.entries(columns)),
    rowCount,
    dictionaries: new Map(Object.entries(dictionaries)),
    rejected: new Uint8Array(rowCount),
    byteOffsets: new Float64Array(rowCount),
    lines: new Float64Array(rowCount),
    issues,
    source: 'test.csv',
  };
}

const allRows = ({ rowCount }: ColumnBlock): Uint32Array => Uint32Array.from({ length: rowCount }, (_, row) => row);

function collector(types: Record<string, AttributeType>, more: object = {}): StatisticsCollector {
  const attributes = Object.entries(types).map(([attributeName, attributeType]) => ({ attributeName, attributeType }));
  return new StatisticsCollector(parseSchema({ attributes, ...more }, 'test.schema'));
}

function encode(texts: readonly string[], dictionary: ValueDictionary): Uint32Array {
  return Uint32Array.from(texts, (text) => dictionary.intern(text));
}

describe('NUMERIC statistics', () => {
  it('are those of the listed rows that have a number', () => {
    const data = collector({ x: 'NUMERIC' });
    const x = Float64Array.of(2, 100, 4, Number.NaN, 4, 4, 5, 5, 7, 9);
    const issues: RecordIssue[] = [
      { row: 3, kind: 'value', reason: 'not a number', attribute: 'x', text: '?' },
      { row: 1, kind: 'value', reason: 'not a number', attribute: 'x', text: 'not listed' },
      { row: 4, kind: 'record', reason: '4 fields where 5 are expected' },
    ];
    data.add(block({ x }, {}, issues), Uint32Array.of(0, 2, 3, 4, 5, 6, 7, 8, 9));
    const statistics = data.finish();
    expect(statistics.observationCount).toBe(9);
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, population standard deviation 2.
    expect(statistics.numeric('x')).toMatchObject({
      type: 'NUMERIC',
      observations: 9,
      count: 8,
      missing: 1,
      invalid: 1,
      mean: 5,
      variance: 4,
      min: 2,
      max: 9,
    });
    expect(statistics.numeric('x').quantiles([0, 0.5, 1])).toEqual([2, 5, 9]);
    expect(statistics.numeric('x').rank(4)).toBe(4);
  });

  it('keep their digits on a large offset, whatever the blocks', () => {
    const random = randomNumbers(1);
    const parts = Array.from({ length: 50 }, () =>
      Float64Array.from({ length: 1 + Math.floor(200 * random()) }, () => 1e9 + Math.floor(1000 * random()) / 8),
    );
    const data = collector({ x: 'NUMERIC' });
    for (const x of parts) data.add(block({ x }), allRows(block({ x })));
    // Eighths are exact after subtracting the offset, so this reference is, too, to 1e-12.
    const values = parts.flatMap((part) => Array.from(part, (value) => value - 1e9));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const { numeric } = data.finish();
    expect(numeric('x').mean).toBeCloseTo(1e9 + mean, 5);
    expect(Math.abs(numeric('x').variance / variance - 1)).toBeLessThan(1e-8);
  });

  it('without a number have variance 0 and the rest NaN', () => {
    const data = collector({ x: 'NUMERIC' });
    const empty = block({ x: Float64Array.of(Number.NaN, Number.NaN) });
    data.add(empty, allRows(empty));
    const { numeric } = data.finish();
    expect(numeric('x')).toMatchObject({ count: 0, missing: 2, mean: Number.NaN, variance: 0, min: Number.NaN });
    expect(numeric('x').quantiles([0.5])).toEqual([Number.NaN]);
  });

  it('count infinite numbers as invalid', () => {
    const data = collector({ x: 'NUMERIC' });
    const odd = block({ x: Float64Array.of(1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3) });
    data.add(odd, allRows(odd));
    expect(data.finish().numeric('x')).toMatchObject({ count: 2, missing: 2, invalid: 2, mean: 2, variance: 1 });
  });

  it('have one zero', () => {
    const data = collector({ x: 'NUMERIC' });
    const zeros = block({ x: Float64Array.of(-0, 0, -0) });
    data.add(zeros, allRows(zeros));
    expect(data.finish().numeric('x').quantiles([0, 0.5, 1])).toEqual([0, 0, 0]);
  });
});

describe('BINARY statistics', () => {
  it('count each answer', () => {
    const data = collector({ y: 'BINARY' }, { targetAttributeName: 'y' });
    const issues: RecordIssue[] = [{ row: 5, kind: 'value', reason: 'not BINARY', attribute: 'y', text: 'maybe' }];
    data.add(block({ y: Uint8Array.of(0, 1, 1, 2, 1, 2) }, {}, issues), Uint32Array.of(0, 1, 2, 3, 5));
    const statistics = data.finish();
    expect(statistics.binary('y')).toEqual({
      type: 'BINARY',
      observations: 5,
      missing: 2,
      invalid: 1,
      negatives: 1,
      positives: 2,
    });
    expect(statistics.target()).toEqual({ type: 'BINARY', negatives: 1, positives: 2 });
  });
});

describe('CATEGORICAL statistics', () => {
  it('follow a dictionary that grows', () => {
    const dictionary = new ValueDictionary();
    const data = collector({ c: 'CATEGORICAL' }, { targetAttributeName: 'c' });
    const add = (texts: string[]): void => {
      const next = block({ c: encode(texts, dictionary) }, { c: dictionary });
      data.add(next, allRows(next));
    };
    add(['b', 'a', '', 'a']);
    add(Array.from({ length: 500 }, (_, i) => `value ${i}`));
    add(['a', 'b']);
    dictionary.intern('in no row');
    const summary = data.finish().categorical('c');
    expect(summary).toMatchObject({ type: 'CATEGORICAL', observations: 506, missing: 1, distinct: 502 });
    expect(summary.mostFrequent(3)).toEqual([
      { value: 'a', code: 2, count: 3 },
      { value: 'b', code: 1, count: 2 },
      { value: 'value 0', code: 3, count: 1 },
    ]);
    expect(Array.from(summary.counts.subarray(0, 4))).toEqual([1, 2, 3, 1]);
  });

  it('count each value of all rows, or of those that are listed', () => {
    const part = fc.record({ codes: fc.array(fc.nat(4), { minLength: 1, maxLength: 9 }), isWhole: fc.boolean() });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (parts) => {
        const dictionary = new ValueDictionary();
        encode(['a', 'b', 'c', 'd'], dictionary);
        const data = collector({ c: 'CATEGORICAL' });
        const expected = [0, 0, 0, 0, 0];
        for (const { codes, isWhole } of parts) {
          const next = block({ c: Uint32Array.from(codes) }, { c: dictionary });
          const rows = allRows(next).filter((row) => isWhole || row % 3 !== 1);
          data.add(next, rows);
          for (const row of rows) expected[codes[row]]++;
        }
        expect(Array.from(data.finish().categorical('c').counts)).toEqual(expected);
        expect(Array.from(data.finish().categorical('c').counts)).toEqual(expected);
      }),
    );
  });

  it('of a target are its classes in order of code', () => {
    const dictionary = new ValueDictionary();
    const data = collector({ c: 'CATEGORICAL' }, { targetAttributeName: 'c' });
    const rows = block({ c: encode(['x', 'y', 'z', 'z', ''], dictionary) }, { c: dictionary });
    data.add(rows, Uint32Array.of(1, 2, 3, 4));
    expect(data.finish().target()).toEqual({
      type: 'MULTICLASS',
      classes: [
        { value: 'y', code: 2, count: 1 },
        { value: 'z', code: 3, count: 2 },
      ],
    });
  });

  it('match values by text when dictionaries differ', () => {
    const make = (texts: string[]): StatisticsCollector => {
      const dictionary = new ValueDictionary();
      const data = collector({ c: 'CATEGORICAL' });
      const rows = block({ c: encode(texts, dictionary) }, { c: dictionary });
      data.add(rows, allRows(rows));
      return data;
    };
    const all = make(['b', 'a', 'a']);
    for (const part of [make(['c', 'a', '']), make(['b', 'c', 'd'])]) all.merge(part);
    const counts = all.finish().categorical('c').mostFrequent(9);
    expect(counts.map(({ value, count }) => [value, count])).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 2],
      ['d', 1],
    ]);
    expect(all.finish().categorical('c')).toMatchObject({ observations: 9, missing: 1 });
    const late = block({ c: Uint32Array.of(1) }, { c: new ValueDictionary() });
    expect(() => all.add(late, allRows(late))).toThrow('share their dictionaries');
  });
});

describe('TEXT statistics', () => {
  it('count tokens', () => {
    const dictionary = new ValueDictionary();
    // The guide's example: words per record 0 to 6, 12 in all.
    const texts = ['The fox jumped over the fence.', 'This movie is intriguing.', '', 'Fascinating movie.'];
    const words = texts.map((text) => text.split(' ').filter((word) => word !== ''));
    const offsets = Uint32Array.of(0, 6, 10, 10, 12);
    const text = new TextColumn(offsets, encode(words.flat(), dictionary), dictionary);
    const data = collector({ t: 'TEXT' });
    data.add(block({ t: text }, { t: dictionary }), Uint32Array.of(0, 1, 2, 3));
    expect(data.finish().text('t')).toEqual({
      type: 'TEXT',
      observations: 4,
      missing: 1,
      invalid: 0,
      tokens: 12,
      fewestTokens: 0,
      mostTokens: 6,
    });
  });
});

describe('StatisticsCollector', () => {
  it('leaves out the row id, the row weight and excluded attributes', () => {
    const types = { id: 'CATEGORICAL', w: 'NUMERIC', x: 'NUMERIC', z: 'TEXT' } as const;
    const data = collector(types, { rowId: 'id', rowWeight: 'w', excludedAttributeNames: ['z'] });
    const rows = block({ x: Float64Array.of(1) });
    data.add(rows, allRows(rows));
    const statistics = data.finish();
    expect([...statistics.attributes.keys()]).toEqual(['x']);
    expect(statistics.target()).toBeUndefined();
    expect(() => statistics.numeric('w')).toThrow("no NUMERIC statistics for attribute 'w'");
    expect(() => statistics.binary('x')).toThrow("no BINARY statistics for attribute 'x'");
  });

  it('demands a column of each attribute’s type', () => {
    const rows = block({ x: Uint8Array.of(1) });
    expect(() => collector({ x: 'NUMERIC' }).add(rows, allRows(rows))).toThrow("test.csv: no NUMERIC column 'x'");
    expect(() => collector({ y: 'TEXT' }).add(rows, allRows(rows))).toThrow("test.csv: no TEXT column 'y'");
  });

  it('finds the same in parts as in the whole', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN));
    const rows = fc.array(fc.record({ x: value, y: fc.constantFrom(0, 1, 2), c: fc.constantFrom('', 'a', 'b', 'c') }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (parts) => {
        const dictionary = new ValueDictionary();
        const make = (): StatisticsCollector =>
          collector({ x: 'NUMERIC', y: 'BINARY', c: 'CATEGORICAL' }, { targetAttributeName: 'x' });
        const toBlock = (part: (typeof parts)[number]): ColumnBlock =>
          block(
            {
              x: Float64Array.from(part, ({ x }) => x),
              y: Uint8Array.from(part, ({ y }) => y),
              c: encode(
                part.map(({ c }) => c),
                dictionary,
              ),
            },
            { c: dictionary },
          );
        const whole = make();
        const merged = make();
        for (const part of parts) {
          const one = make();
          one.add(toBlock(part), allRows(toBlock(part)));
          merged.merge(one);
        }
        whole.add(toBlock(parts.flat()), allRows(toBlock(parts.flat())));
        const [a, b] = [whole.finish(), merged.finish()];
        expect(b.observationCount).toBe(a.observationCount);
        expect(b.binary('y')).toEqual(a.binary('y'));
        expect(b.categorical('c').mostFrequent(9)).toEqual(a.categorical('c').mostFrequent(9));
        const [p, q] = [a.numeric('x'), b.numeric('x')];
        expect([q.count, q.missing, q.min, q.max]).toEqual([p.count, p.missing, p.min, p.max]);
        expect(q.quantiles([0.1, 0.5, 0.9])).toEqual(p.quantiles([0.1, 0.5, 0.9]));
        if (p.count > 0) {
          // Rounding of sums of at most some hundred numbers up to 1e6.
          expect(Math.abs(q.mean - p.mean)).toBeLessThan(1e-8);
          expect(Math.abs(q.variance - p.variance)).toBeLessThan(1e-3);
        }
      }),
    );
  });

  it('does not merge what does not belong together', () => {
    expect(() => collector({ x: 'NUMERIC' }).merge(collector({ x: 'BINARY' }))).toThrow("attribute 'x'");
  });
});
