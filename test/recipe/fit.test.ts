import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { checkRecipe } from '../../src/recipe/check.js';
import { attributesOf, fitRecipe } from '../../src/recipe/fit.js';
import type { FittedRecipe } from '../../src/recipe/fitted.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import { quantileEdges } from '../../src/recipe/transforms/quantile-bin.js';
import { type Row, schemaOf } from '../helpers/blocks.js';
import { statisticsOf } from '../helpers/recipe-statistics.js';

const SCHEMA = schemaOf({ x: 'NUMERIC', b: 'BINARY', job: 'CATEGORICAL', text: 'TEXT' });

function fit(
  outputs: string[],
  rows: readonly Row[] = [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 6 }],
  schema = SCHEMA,
): FittedRecipe {
  return fitRecipe(checkRecipe(parseRecipe({ outputs }), schema), statisticsOf(rows));
}

function edgesOf(values: readonly (number | null)[], bins: number): number[] {
  return quantileEdges(statisticsOf(values.map((x) => ({ x }))).numeric('x'), bins);
}

function binCounts(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) counts[edges.filter((edge) => edge <= value).length]++;
  return counts;
}

describe('quantile_bin', () => {
  it('fills its bins evenly', () => {
    const values = Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) ** 2);
    expect(binCounts(values, edgesOf(values, 10))).toEqual(new Array(10).fill(100));
    expect(binCounts(values, edgesOf(values, 8))).toEqual(new Array(8).fill(125));
  });

  it('makes fewer bins of tied values, one for each distinct value at most', () => {
    expect(edgesOf([5, 5, 5, 5, 7, 7, 9, 9], 500)).toEqual([7, 9]);
    expect(edgesOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 3], 5)).toEqual([]);
  });

  it('has no edges for a constant, and none where every value is missing', () => {
    expect(edgesOf([4, 4, 4], 10)).toEqual([]);
    expect(edgesOf([null, null], 10)).toEqual([]);
  });

  it('never has an empty bin nor more than were asked for, and its edges ascend', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 5, max: 40 }), (numbers, bins) => {
        const finite = numbers.filter(Number.isFinite);
        fc.pre(finite.length > 0);
        const edges = edgesOf(finite, bins);
        expect(Math.min(...binCounts(finite, edges))).toBeGreaterThan(0);
        expect(edges.length).toBeLessThan(bins);
        expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
      }),
    );
  });

  it('has the same bins after normalize', () => {
    const rows = [3, 1, 4, 1, 5, 9, 2, 6].map((x) => ({ x }));
    const [plain] = fit(['quantile_bin(x, 5)'], rows).outputs;
    const [normalized] = fit(['quantile_bin(normalize(x), 5)'], rows).outputs;
    expect(normalized).toEqual({ ...plain, expression: 'quantile_bin(normalize(x),5)' });
  });
});

describe('a fitted recipe', () => {
  it('has mean and population standard deviation of the present values', () => {
    // 1, 2, 3, 6: mean 3, squared deviations 4 + 1 + 0 + 9 = 14, 14 / 4 = 3.5
    expect(fit(['normalize(x)']).outputs).toEqual([
      {
        kind: 'number',
        attribute: 'x',
        mean: 3,
        standardDeviation: Math.sqrt(3.5),
        hasMissing: false,
        expression: 'normalize(x)',
        prefix: 'x',
      },
    ]);
  });

  it('knows whether training had missing values', () => {
    expect(fit(['x'], [{ x: 1 }, { x: null }]).outputs[0]).toMatchObject({
      hasMissing: true,
      mean: 1,
      standardDeviation: 0,
    });
  });

  it('has changes in order of application', () => {
    expect(fit(['ngram(lowercase(no_punct(text)), 3)']).outputs[0]).toMatchObject({
      kind: 'tokens',
      changes: ['no_punct', 'lowercase'],
      ngram: 3,
    });
    expect(fit(['lowercase(ngram(no_punct(text), 2))']).outputs[0]).toMatchObject({
      changes: ['no_punct', 'lowercase'],
      ngram: 2,
    });
  });

  it('has crosses of the parts of their arguments, in order', () => {
    const [cross] = fit(['cartesian(cartesian(job,quantile_bin(x,5)),b,lowercase(no_punct(text)))']).outputs;
    expect(cross).toMatchObject({
      kind: 'cross',
      parts: [
        { kind: 'categories', attribute: 'job' },
        { kind: 'bins', attribute: 'x', edges: [2, 3, 6] },
        { kind: 'binary', attribute: 'b', hasMissing: true },
        { kind: 'tokens', attribute: 'text', changes: ['no_punct', 'lowercase'], ngram: 1 },
      ],
      prefix: 'job×x×b×text',
    });
    expect(attributesOf(cross)).toEqual(['job', 'x', 'b', 'text']);
  });

  it('changes the parts of a cross, not the cross', () => {
    expect(fit(['lowercase(cartesian(job,text))']).outputs[0]).toMatchObject({
      parts: [{ changes: ['lowercase'] }, { changes: ['lowercase'], ngram: 1 }],
    });
    expect(fit(['lowercase(osb(no_punct(text),3))']).outputs[0]).toMatchObject({
      kind: 'pairs',
      changes: ['no_punct', 'lowercase'],
      window: 3,
    });
  });

  it('leaves out an output that encodes the same as an earlier one', () => {
    expect(
      fit(['x', 'normalize(x)', 'quantile_bin(x, 5)', 'quantile_bin(x, 6)']).outputs.map((o) => o.expression),
    ).toEqual(['x', 'quantile_bin(x,5)']);
  });

  it('comes back from JSON unchanged', () => {
    const rows = [{ x: -0 }, { x: -0 }, { x: 1e-300 }, { x: 0.1 + 0.2 }, { x: null }];
    const fitted = fit(
      ['x', 'quantile_bin(x, 10)', 'b', 'job', 'ngram(no_punct(text),2)', 'osb(text,4)', 'cartesian(b,text)'],
      rows,
    );
    expect(JSON.parse(JSON.stringify(fitted))).toEqual(fitted);
    const negativeZero = fit(['x', 'quantile_bin(x, 10)'], [{ x: -1 }, { x: -0 }]);
    expect(JSON.parse(JSON.stringify(negativeZero))).toEqual(negativeZero);
  });

  it('is possible where a number has no value at all', () => {
    expect(fit(['x', 'quantile_bin(x, 10)'], [{}, {}]).outputs).toMatchObject([
      { mean: 0, standardDeviation: 0, hasMissing: true },
      { edges: [], hasMissing: true },
    ]);
  });

  it('refuses numbers whose variance is beyond double precision, which bins can still hold', () => {
    const rows = [{ x: 1e200 }, { x: -1e200 }];
    expect(() => fit(['x'], rows)).toThrow(InvalidInput);
    expect(() => fit(['x'], rows)).toThrow(/numbers of 'x' are too large to scale/);
    expect(fit(['quantile_bin(x, 5)'], rows).outputs[0]).toMatchObject({ edges: [1e200] });
  });
});

describe('prefixes of feature texts', () => {
  const prefixes = (outputs: string[], rows?: Row[], schema = SCHEMA) =>
    fit(outputs, rows, schema).outputs.map((o) => o.prefix);

  it('are the attribute, and for a later output with the same texts its expression', () => {
    expect(prefixes(['text', 'ngram(text, 2)', 'lowercase(text)'])).toEqual([
      'text',
      'ngram(text,2)',
      'lowercase(text)',
    ]);
    expect(
      prefixes(
        ['quantile_bin(x, 6)', 'quantile_bin(x, 5)'],
        [1, 2, 3, 4, 5, 6].map((x) => ({ x })),
      ),
    ).toEqual(['x', 'quantile_bin(x,5)']);
  });

  it('are the attribute for the attribute itself, wherever it stands', () => {
    expect(prefixes(['ngram(text, 2)', 'text', 'lowercase(text)'])).toEqual([
      'ngram(text,2)',
      'text',
      'lowercase(text)',
    ]);
  });

  it('are the attribute for outputs whose texts differ anyway', () => {
    expect(prefixes(['x', 'quantile_bin(x, 5)'])).toEqual(['x', 'x']);
  });

  it('are the attributes of a cross, and for a later one with the same texts its expression', () => {
    const texts = ['cartesian(job,text)', 'cartesian(job,ngram(text,2))', 'cartesian(job,b)', 'cartesian(b,job)'];
    expect(prefixes(texts)).toEqual(['job×text', 'cartesian(job,ngram(text,2))', 'job×b', 'b×job']);
    expect(prefixes(['text', 'osb(text,3)'])).toEqual(['text', 'osb(text,3)']);
    expect(
      prefixes(['ALL_INPUTS', 'cartesian(a,b)'], [], schemaOf({ a: 'CATEGORICAL', b: 'BINARY', 'a×b': 'BINARY' })),
    ).toEqual(['a', 'b', "'a×b'", 'a×b']);
  });

  it('tell the missing values of two outputs apart', () => {
    expect(prefixes(['x', 'quantile_bin(x, 5)'], [{ x: 1 }, { x: 2 }, {}])).toEqual(['x', 'quantile_bin(x,5)']);
  });

  it('are quoted where the name could be taken for something else', () => {
    const schema = schemaOf({ 'a=b': 'CATEGORICAL', a: 'CATEGORICAL', '(bias)': 'NUMERIC', "it's": 'TEXT' });
    expect(prefixes(['ALL_INPUTS'], [{ '(bias)': 1 }, { '(bias)': 2 }], schema)).toEqual([
      "'a=b'",
      'a',
      "'(bias)'",
      String.raw`'it\'s'`,
    ]);
  });
});
