import { describe, expect, it } from 'vitest';
import type { ColumnBlock } from '../../src/datasource/block.js';
import { InsightsCollector } from '../../src/insights/collector.js';
import { describe as describeInsights } from '../../src/insights/describe.js';
import type { AttributeInsight, DataInsights } from '../../src/insights/insights.js';
import type { AttributeType, Schema } from '../../src/schema/schema.js';
import { allRows, type Row, schemaOf, TestSource } from '../helpers/blocks.js';
import { randomNumbers } from '../statistics/streams.js';

type Types = Record<string, AttributeType>;

function insightsOf(types: Types, rows: readonly Row[], target?: string, sampleRows?: number): DataInsights {
  const schema = schemaOf(types, { targetAttributeName: target ?? null });
  return describeInsights(collect(schema, rows, 0, sampleRows).finish());
}

function collect(schema: Schema, rows: readonly Row[], from: number, sampleRows?: number): InsightsCollector {
  const collector = new InsightsCollector(schema, { sampleRows });
  const block: ColumnBlock = {
    ...new TestSource(schema.attributes).block(rows),
    byteOffsets: Float64Array.from(rows, (_, i) => from + i),
  };
  collector.add(block, allRows(rows.length));
  return collector;
}

function attribute<T extends AttributeType>(insights: DataInsights, name: string, type: T) {
  const found = insights.attributes.find((a) => a.name === name);
  expect(found?.type).toBe(type);
  return found as Extract<AttributeInsight, { type: T }>;
}

const random = randomNumbers(1);
const MIXED = Array.from({ length: 3000 }, (_, i): Row => {
  const y = random() < 0.3 ? 1 : 0;
  return {
    y,
    copy: y,
    noise: Number(random().toFixed(2)),
    shifted: Number((random() + 0.5 * y).toFixed(2)),
    c: y === 1 && random() < 0.8 ? 'rich' : `plain ${i % 4}`,
    t: `${y === 1 && random() < 0.6 ? 'Win, ' : ''}hello ${i % 50 === 0 ? '' : 'world'} number${i % 7}`,
    id: `id-${i}`,
  };
});
const TYPES: Types = {
  y: 'BINARY',
  copy: 'BINARY',
  noise: 'NUMERIC',
  shifted: 'NUMERIC',
  c: 'CATEGORICAL',
  t: 'TEXT',
  id: 'CATEGORICAL',
};

describe('correlation with the target', () => {
  const insights = insightsOf(TYPES, MIXED, 'y');
  const share = (name: string): number =>
    insights.attributes.find((a) => a.name === name)?.correlation?.share as number;

  it('is 1 for a copy, nearly 0 for noise, and in between for what is in between', () => {
    expect(share('copy')).toBeGreaterThan(0.99);
    expect(share('copy')).toBeLessThanOrEqual(1);
    expect(share('noise')).toBeLessThan(0.01);
    expect(share('shifted')).toBeGreaterThan(0.2);
    expect(share('shifted')).toBeLessThan(0.6);
    expect(share('c')).toBeGreaterThan(0.5);
    expect(share('t')).toBeGreaterThan(0.3);
  });

  it('is not feigned by an identifier', () => {
    expect(share('id')).toBeLessThan(0.02);
  });

  it('is absent for the target, and where there is none', () => {
    expect(attribute(insights, 'y', 'BINARY').correlation).toBeUndefined();
    const without = insightsOf(TYPES, MIXED);
    expect(without.target).toBeUndefined();
    expect(without.attributes.every(({ correlation }) => correlation === undefined)).toBe(true);
  });

  it('sees values beside a spike', () => {
    // 97 % zeros; the others occur with y = 1 only.
    const rows = Array.from({ length: 2000 }, (_, i) => ({
      y: i % 100 < 3 || i % 5 === 0 ? 1 : 0,
      x: i % 100 < 3 ? 5 + i : 0,
    }));
    const spiky = insightsOf({ y: 'BINARY', x: 'NUMERIC' }, rows, 'y');
    expect(attribute(spiky, 'x', 'NUMERIC').correlation?.bits).toBeGreaterThan(0.05);
  });

  it('is the same by a sample of rows, nearly', () => {
    const sampled = insightsOf(TYPES, MIXED, 'y', 1500);
    expect(sampled.sample).toEqual({ rowCount: 1500, complete: false });
    for (const { name, correlation } of sampled.attributes) {
      if (correlation) expect(Math.abs(correlation.share - share(name))).toBeLessThan(0.05);
    }
  });

  it('works with classes and with numbers as targets', () => {
    // Ten values of n, so that its bins of equal population are these.
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      z: 'abcde'[i % 5],
      n: (i % 5) + (i % 2) / 10,
      w: Math.floor(i / 10) % 2,
    }));
    const types: Types = { z: 'CATEGORICAL', n: 'NUMERIC', w: 'BINARY' };
    const classes = insightsOf(types, rows, 'z');
    expect(classes.target).toMatchObject({ type: 'CATEGORICAL', entropy: expect.closeTo(Math.log2(5), 12) });
    expect(attribute(classes, 'n', 'NUMERIC').correlation?.share).toBeGreaterThan(0.95);
    const numbers = insightsOf(types, rows, 'n');
    expect(attribute(numbers, 'z', 'CATEGORICAL').correlation?.bits).toBeCloseTo(Math.log2(5), 12);
    expect(attribute(numbers, 'w', 'BINARY').correlation?.share).toBeLessThan(0.02);
  });
});

describe('what goes along with a value', () => {
  it('is the share of class 1, for categories and words, most telling first', () => {
    const insights = insightsOf(TYPES, MIXED, 'y');
    const { associated } = attribute(insights, 'c', 'CATEGORICAL');
    const rich = MIXED.filter((row) => row.c === 'rich').length;
    expect(associated[0]).toMatchObject({ value: 'rich', rows: rich, class: { label: '1', share: 1 } });
    expect(associated[0].class?.overall).toBeCloseTo(MIXED.filter((row) => row.y === 1).length / 3000, 12);
    expect(attribute(insights, 't', 'TEXT').associated[0]).toMatchObject({ value: 'win', class: { share: 1 } });
  });

  it('is the mean of a number, and the class whose share it raises', () => {
    const rows = Array.from({ length: 90 }, (_, i) => ({ n: i % 3, c: 'abc'[i % 3], z: 'xyz'[i % 3] }));
    const types: Types = { n: 'NUMERIC', c: 'CATEGORICAL', z: 'CATEGORICAL' };
    const byMean = attribute(insightsOf(types, rows, 'n'), 'c', 'CATEGORICAL').associated;
    expect(byMean.find(({ value }) => value === 'c')?.mean).toEqual({ value: 2, overall: 1 });
    const byClass = attribute(insightsOf(types, rows, 'z'), 'c', 'CATEGORICAL').associated;
    expect(byClass.find(({ value }) => value === 'b')?.class).toEqual({ label: 'y', share: 1, overall: 1 / 3 });
  });
});

describe('insights of an attribute', () => {
  it('NUMERIC: figures, distinct and frequent values, histogram by class', () => {
    const x = attribute(insightsOf(TYPES, MIXED, 'y'), 'shifted', 'NUMERIC');
    const values = MIXED.map((row) => row.shifted as number);
    expect(x.distinct).toBe(new Set(values).size);
    expect(x.median).toBe(values.toSorted((a, b) => a - b)[1500]);
    expect(x.standardDeviation! ** 2).toBeCloseTo(x.variance!, 12);
    const [most] = x.mostFrequent;
    expect(most.count).toBe(values.filter((value) => value === most.value).length);
    expect(x.histogram?.counts.reduce((a, b) => a + b)).toBe(3000);
    const [zeros, ones] = x.histogram!.classShares!;
    const positives = x.histogram!.counts.reduce((sum, count, bin) => sum + count * ones[bin], 0);
    expect(positives).toBeCloseTo(MIXED.filter((row) => row.y === 1).length, 6);
    x.histogram!.counts.forEach((count, bin) => {
      if (count > 0) expect(zeros[bin] + ones[bin]).toBeCloseTo(1, 12);
    });
  });

  it('TEXT: words are ranked by entropy where there is no target', () => {
    const t = attribute(insightsOf(TYPES, MIXED), 't', 'TEXT');
    expect(t.uniqueWords).toBe(10);
    expect(t.wordsPerRecord).toMatchObject({ min: 2, max: 4 });
    expect(t.mostFrequent[0]).toMatchObject({ word: 'hello', records: 3000, share: 1, entropy: 0 });
    expect(t.prominent[0].word).toBe('win');
    expect(t.wordLength).toEqual({ min: 3, max: 7 });
  });

  it('CATEGORICAL: most and least frequent values, and the others', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ c: i < 30 ? 'common' : `rare ${i}` }));
    const c = attribute(insightsOf({ c: 'CATEGORICAL' }, rows), 'c', 'CATEGORICAL');
    expect(c).toMatchObject({ distinct: 31, otherCount: 11, mostFrequent: { 0: { value: 'common', count: 30 } } });
    expect(c.mostFrequent).toHaveLength(20);
    expect(c.leastFrequent[0]).toEqual({ value: 'rare 59', count: 1 });
  });

  it('has nulls, not NaN, where there is no number, so that JSON keeps it', () => {
    const insights = insightsOf({ x: 'NUMERIC' }, [{ x: null }, { x: null }]);
    const x = attribute(insights, 'x', 'NUMERIC');
    expect(x).toMatchObject({ count: 0, min: null, mean: null, median: null, missing: 2, distinct: 0 });
    expect(x.warnings).toEqual(['no value at all: exclude it']);
    expect(JSON.parse(JSON.stringify(insights)).attributes[0].max).toBeNull();
  });
});

describe('insights of 8 parts', () => {
  it('are those of one pass, exactly where everything fits', () => {
    const schema = schemaOf(TYPES, { targetAttributeName: 'y' });
    const whole = describeInsights(collect(schema, MIXED, 0).finish());
    const parts = Array.from({ length: 8 }, (_, p) => collect(schema, MIXED.slice(p * 375, (p + 1) * 375), p * 375));
    for (const other of parts.slice(1)) parts[0].merge(other);
    const merged = describeInsights(parts[0].finish());
    const rounded = (insights: DataInsights): unknown =>
      // Mean and variance of parts add up with another rounding.
      JSON.parse(JSON.stringify(insights), (key, value) =>
        ['mean', 'variance', 'standardDeviation'].includes(key) && typeof value === 'number'
          ? Number(value.toPrecision(12))
          : value,
      );
    expect(rounded(merged)).toEqual(rounded(whole));
  });

  it('have the same sample beyond that', () => {
    const schema = schemaOf(TYPES, { targetAttributeName: 'y' });
    const whole = describeInsights(collect(schema, MIXED, 0, 700).finish());
    const parts = Array.from({ length: 8 }, (_, p) =>
      collect(schema, MIXED.slice(p * 375, (p + 1) * 375), p * 375, 700),
    );
    for (const other of parts.slice(1)) parts[0].merge(other);
    const merged = describeInsights(parts[0].finish());
    expect(merged.sample).toEqual({ rowCount: 700, complete: false });
    expect(merged.attributes.map((a) => a.correlation)).toEqual(whole.attributes.map((a) => a.correlation));
  });
});

describe('warnings', () => {
  const warningsOf = (type: AttributeType, values: Row[string][], target?: Row[string][]): string => {
    const coin = randomNumbers(9);
    const rows = values.map((x, i) => ({ x, y: target?.[i] ?? (coin() < 0.5 ? 0 : 1) }));
    const insights = insightsOf({ x: type, y: 'BINARY' }, rows, 'y');
    return insights.attributes[0].warnings.join('; ');
  };
  const repeat = <T>(length: number, of: (i: number) => T): T[] => Array.from({ length }, (_, i) => of(i));

  it('of constants', () => {
    expect(
      warningsOf(
        'NUMERIC',
        repeat(40, () => 7),
      ),
    ).toBe('constant: every value is 7');
    expect(
      warningsOf(
        'BINARY',
        repeat(40, () => 0),
      ),
    ).toBe('constant: every value is 0');
    expect(
      warningsOf(
        'CATEGORICAL',
        repeat(40, () => 'same'),
      ),
    ).toBe("constant: every value is 'same'");
    expect(
      warningsOf(
        'NUMERIC',
        repeat(40, (i) => i % 3),
      ),
    ).toBe('');
  });

  it('of identifiers, but not of measurements', () => {
    expect(
      warningsOf(
        'CATEGORICAL',
        repeat(100, (i) => `id ${i}`),
      ),
    ).toContain('nearly unique');
    expect(
      warningsOf(
        'NUMERIC',
        repeat(100, (i) => (i * 37) % 100),
      ),
    ).toContain('nearly unique');
    const measured = randomNumbers(2);
    expect(
      warningsOf(
        'NUMERIC',
        repeat(100, () => measured()),
      ),
    ).toBe('');
  });

  it('of many missing values', () => {
    expect(
      warningsOf(
        'NUMERIC',
        repeat(100, (i) => (i % 4 === 0 ? null : i % 9)),
      ),
    ).toBe('25 % of the values are missing');
    expect(
      warningsOf(
        'NUMERIC',
        repeat(100, (i) => (i % 10 === 0 ? null : i % 9)),
      ),
    ).toBe('');
  });

  it('of attributes that give the target away', () => {
    const target = repeat(200, (i) => (i % 3 === 0 ? 1 : 0));
    expect(
      warningsOf(
        'CATEGORICAL',
        target.map((y) => `outcome ${y}`),
        target,
      ),
    ).toContain('may leak the target');
    expect(
      warningsOf(
        'NUMERIC',
        target.map((y, i) => (i % 7 === 0 ? 1 - y : y)),
        target,
      ),
    ).toBe('');
  });

  it('of placeholders', () => {
    const numbers = repeat(300, (i) => (i % 10 === 0 ? -999 : i % 8));
    expect(warningsOf('NUMERIC', numbers)).toBe(
      '-999 in 10 % of the rows, the other values lie from 0 to 7: a placeholder?',
    );
    expect(
      warningsOf(
        'NUMERIC',
        repeat(300, (i) => (i % 10 === 0 ? -1 : (i % 8) * 10)),
      ),
    ).toContain('-1 in 10 %');
    expect(
      warningsOf(
        'NUMERIC',
        repeat(300, (i) => (i % 10 === 0 ? -1 : (i % 8) - 5)),
      ),
    ).toBe('');
    expect(
      warningsOf(
        'NUMERIC',
        repeat(300, (i) => 90 + (i % 10)),
      ),
    ).toBe('');
    expect(
      warningsOf(
        'CATEGORICAL',
        repeat(100, (i) => (i % 4 === 0 ? 'N/A' : 'ab'[i % 2])),
      ),
    ).toContain("'N/A' in 25 %");
  });

  it('of the target: missing, one class only, rare classes', () => {
    const warnings = (values: Row[string][], type: AttributeType = 'CATEGORICAL'): string =>
      insightsOf(
        { y: type },
        values.map((y) => ({ y })),
        'y',
      ).warnings.join('; ');
    expect(warnings(['a', 'b', '', 'a'])).toBe('the target is missing in 1 of the rows, which cannot be learned from');
    expect(warnings([1, 1, 1], 'BINARY')).toBe('the target has only one class: there is nothing to learn');
    expect(warnings(repeat(1000, (i) => (i === 0 ? 'odd' : 'even')))).toBe(
      "the target has rare classes: 'odd' (1 rows)",
    );
    expect(warnings(repeat(150, (i) => `class ${i}`))).toContain('150 classes; a model may have 100');
  });
});
