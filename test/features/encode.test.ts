import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { FeatureSpace } from '../../src/features/dictionary.js';
import { type Encoder, type LearnedFeatures, openEncoder } from '../../src/features/encode.js';
import { checkRecipe } from '../../src/recipe/check.js';
import { fitRecipe } from '../../src/recipe/fit.js';
import type { FittedRecipe } from '../../src/recipe/fitted.js';
import { parseRecipe } from '../../src/recipe/parse.js';
import type { AttributeType } from '../../src/schema/schema.js';
import { allRows, attributesOf, type Row, schemaOf, TestSource } from '../helpers/blocks.js';
import { naiveFeatures } from '../helpers/naive-encoder.js';
import { statisticsOf } from '../helpers/recipe-statistics.js';
import { EncodedRows, sorted } from '../helpers/records.js';

const TYPES: Record<string, AttributeType> = {
  x: 'NUMERIC',
  y: 'NUMERIC',
  b: 'BINARY',
  job: 'CATEGORICAL',
  text: 'TEXT',
};
const NO_LIMIT = { maxFeatures: Number.MAX_SAFE_INTEGER };

function fit(outputs: string[], rows: readonly Row[], types = TYPES): FittedRecipe {
  return fitRecipe(checkRecipe(parseRecipe({ outputs }), schemaOf(types)), statisticsOf(rows));
}

interface Learned extends LearnedFeatures {
  readonly encoded: EncodedRows;
  readonly encoder: Encoder;
}

function learn(recipe: FittedRecipe, rows: readonly Row[], options = NO_LIMIT, types = TYPES): Learned {
  const encoder = openEncoder(recipe, { learn: true });
  const encoded = new EncodedRows(encoder.layout);
  encoded.add(encoder, new TestSource(attributesOf(types)).block(rows), allRows(rows.length));
  const learned = encoder.finish(options);
  encoded.remap(learned.remap);
  return { ...learned, encoded, encoder };
}

function encodeFixed(recipe: FittedRecipe, features: FeatureSpace, rows: readonly Row[], types = TYPES): EncodedRows {
  const encoder = openEncoder(recipe, { features });
  const encoded = new EncodedRows(encoder.layout);
  encoded.add(encoder, new TestSource(attributesOf(types)).block(rows), allRows(rows.length));
  return encoded;
}

function textsOf(space: FeatureSpace): string[] {
  return Array.from({ length: space.size - 2 }, (_, i) => space.text(i + 2));
}

/** What a model with these features sees of a row. */
function expected(recipe: FittedRecipe, row: Row, known: ReadonlySet<string>): [string, number][] {
  return sorted([...naiveFeatures(recipe, row)].filter(([text]) => known.has(text)));
}

describe('features of one row', () => {
  const rows = [
    { x: 1, b: 1, job: 'admin.', text: 'Free money! free' },
    { x: 3, b: 0, job: '', text: ' - ' },
    { x: null, b: null, job: 'admin.', text: '' },
    { x: 2, b: 1, job: 'cook', text: 'money - free MONEY' },
  ];

  function rowTexts(outputs: string[]): [string, number][][] {
    const { encoded, features } = learn(fit(outputs, rows), rows);
    return rows.map((_, i) => encoded.texts(i, features));
  }

  it('are categories, the empty value among them', () => {
    expect(rowTexts(['job', 'quantile_bin(x,5)'])).toEqual([
      [
        ['(bias)', 1],
        ['job=admin.', 1],
        ['x∈[-∞,2)', 1],
      ],
      [
        ['(bias)', 1],
        ['job=', 1],
        ['x∈[3,∞)', 1],
      ],
      [
        ['(bias)', 1],
        ['job=admin.', 1],
        ['x=missing', 1],
      ],
      [
        ['(bias)', 1],
        ['job=cook', 1],
        ['x∈[2,3)', 1],
      ],
    ]);
  });

  it('are numbers of mean 0 and variance 1, and binaries', () => {
    // 1, 2, 3: mean 2, variance 2/3; 2 becomes 0, which has no entry
    const z = Math.fround(1 / Math.sqrt(2 / 3));
    expect(rowTexts(['x', 'b'])).toEqual([
      [
        ['(bias)', 1],
        ['b=1', 1],
        ['x', -z],
      ],
      [
        ['(bias)', 1],
        ['x', z],
      ],
      [
        ['(bias)', 1],
        ['b=missing', 1],
        ['x=missing', 1],
      ],
      [
        ['(bias)', 1],
        ['b=1', 1],
      ],
    ]);
  });

  it('are the tokens that occur, each once; a text without tokens has a feature of its own', () => {
    expect(rowTexts(['text'])).toEqual([
      [
        ['(bias)', 1],
        ['text:Free', 1],
        ['text:free', 1],
        ['text:money!', 1],
      ],
      [
        ['(bias)', 1],
        ['text:-', 1],
      ],
      [
        ['(bias)', 1],
        ['text:', 1],
      ],
      [
        ['(bias)', 1],
        ['text:-', 1],
        ['text:MONEY', 1],
        ['text:free', 1],
        ['text:money', 1],
      ],
    ]);
  });

  it('are runs of changed tokens, each once; a token that vanishes leaves no gap', () => {
    expect(rowTexts(['ngram(lowercase(no_punct(text)),2)'])).toEqual([
      [
        ['(bias)', 1],
        ['text:free', 1],
        ['text:free money', 1],
        ['text:money', 1],
        ['text:money free', 1],
      ],
      [
        ['(bias)', 1],
        ['text:', 1],
      ],
      [
        ['(bias)', 1],
        ['text:', 1],
      ],
      [
        ['(bias)', 1],
        ['text:free', 1],
        ['text:free money', 1],
        ['text:money', 1],
        ['text:money free', 1],
      ],
    ]);
  });
});

describe('an unknown value', () => {
  const training = [
    { x: 1, job: 'cook', text: 'a b c' },
    { x: 2, job: 'baker', text: 'b c' },
  ];

  function seen(outputs: string[], row: Row): [string, number][] {
    const recipe = fit(outputs, training);
    const { features } = learn(recipe, training);
    return encodeFixed(recipe, features, [row]).texts(0, features);
  }

  it('contributes nothing', () => {
    expect(seen(['job', 'text'], { job: 'pilot', text: 'z' })).toEqual([['(bias)', 1]]);
    expect(seen(['x', 'quantile_bin(x,5)'], { x: null })).toEqual([['(bias)', 1]]);
  });

  it('breaks the runs across it, which a vanished token does not', () => {
    expect(seen(['ngram(no_punct(text),3)'], { text: 'a z b c' }).map(([text]) => text)).toEqual([
      '(bias)',
      'text:a',
      'text:b',
      'text:b c',
      'text:c',
    ]);
    expect(seen(['ngram(no_punct(text),3)'], { text: 'a - b !' }).map(([text]) => text)).toEqual([
      '(bias)',
      'text:a',
      'text:a b',
      'text:b',
    ]);
  });

  it('is no empty text', () => {
    const rows = [{ text: '' }, { text: 'a' }];
    const recipe = fit(['text'], rows);
    const { features } = learn(recipe, rows);
    const encoded = encodeFixed(recipe, features, [{ text: 'z' }, { text: '' }]);
    expect(encoded.texts(0, features)).toEqual([['(bias)', 1]]);
    expect(encoded.texts(1, features)).toEqual([
      ['(bias)', 1],
      ['text:', 1],
    ]);
  });

  it('of a number far outside stays finite', () => {
    const [, [, value]] = seen(['x'], { x: 1e300 });
    // the greatest single-precision number
    expect(value).toBe((2 - 2 ** -23) * 2 ** 127);
  });
});

describe('layout', () => {
  it('is dense for numbers and binaries, with two features for each at most', () => {
    expect(
      openEncoder(
        fit(
          ['x', 'y', 'b'],
          [
            { x: 1, y: 1 },
            { x: 2, y: null },
          ],
        ),
        { learn: true },
      ).layout,
    ).toEqual({
      form: 'dense',
      width: 16,
    });
  });

  it('is sparse without values for bins, categories and binaries', () => {
    const layout = openEncoder(fit(['quantile_bin(x,5)', 'b', 'job'], [{ x: 1 }]), { learn: true }).layout;
    expect(layout).toEqual({ form: 'sparse', valued: false });
  });

  it('is sparse with values for numbers beside categories or text', () => {
    for (const outputs of [
      ['x', 'job'],
      ['x', 'text'],
    ]) {
      expect(openEncoder(fit(outputs, [{ x: 1 }]), { learn: true }).layout).toEqual({ form: 'sparse', valued: true });
    }
    for (const outputs of [['job'], ['text'], ['quantile_bin(x,10)', 'text']]) {
      expect(openEncoder(fit(outputs, [{ x: 1 }]), { learn: true }).layout).toEqual({ form: 'sparse', valued: false });
    }
  });

  it('is dense up to 1,024 features, bias included', () => {
    const layoutOf = (count: number) => {
      const names = Array.from({ length: count }, (_, i) => `x${i}`);
      const types = Object.fromEntries(names.map((name): [string, AttributeType] => [name, 'NUMERIC']));
      const rows = [0, 1].map((value) => Object.fromEntries(names.map((name) => [name, value])));
      return openEncoder(fit(['ALL_NUMERIC'], rows, types), { learn: true }).layout;
    };
    expect(layoutOf(14)).toEqual({ form: 'dense', width: 16 });
    expect(layoutOf(15)).toEqual({ form: 'dense', width: 32 });
    expect(layoutOf(1023)).toMatchObject({ form: 'dense' });
    expect(layoutOf(1024)).toEqual({ form: 'sparse', valued: true });
  });

  it('leaves no feature in the model that no row had, and keeps the record length', () => {
    const rows = [
      { x: 1, y: 5, b: 1 },
      { x: 2, y: 5, b: 0 },
    ];
    const { features, encoded, remap } = learn(fit(['y', 'b', 'x'], rows), rows);
    expect(textsOf(features)).toEqual(['b=1', 'x']);
    expect([...remap]).toEqual([0, 1, 2, 0, 3]);
    expect(encoded.texts(0, features)).toEqual([
      ['(bias)', 1],
      ['b=1', 1],
      ['x', -1],
    ]);
    expect(encoded.target(1)).toBe(1);
  });
});

describe('numbering', () => {
  it('follows the recipe; bins keep their order, categories and tokens go by falling row count, then first appearance', () => {
    const rows = ['c', 'a', 'b', 'b', 'c', 'd'].map((job, i) => ({
      job,
      x: i === 5 ? null : 5 - i,
      text: i < 2 ? 'r s' : 's s',
    }));
    const { features, rowsPerFeature } = learn(fit(['text', 'quantile_bin(x,5)', 'job'], rows), rows);
    const counted = textsOf(features).map((text, i) => [text, rowsPerFeature[i + 2]]);
    expect(counted).toEqual([
      ['text:s', 6],
      ['text:r', 2],
      ['x∈[-∞,2)', 1],
      ['x∈[2,3)', 1],
      ['x∈[3,4)', 1],
      ['x∈[4,5)', 1],
      ['x∈[5,∞)', 1],
      ['x=missing', 1],
      ['job=c', 2],
      ['job=b', 2],
      ['job=a', 1],
      ['job=d', 1],
    ]);
    expect([...rowsPerFeature.subarray(0, 2)]).toEqual([0, 6]);
    expect(features.text(1)).toBe('(bias)');
  });
});

const TOKEN = fc.constantFrom('a', 'b', 'B', 'c', 'c!', '-', '(d', 'É', 'é', '\u{1f600}', '__proto__');
const ROW: fc.Arbitrary<Row> = fc.record({
  x: fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }))),
  y: fc.option(fc.constantFrom(0, 7), { freq: 9 }),
  b: fc.option(fc.constantFrom(0, 1)),
  job: fc.constantFrom('', 'admin.', 'cook', 'constructor', 'ü'),
  text: fc.array(TOKEN, { maxLength: 12 }).map((tokens) => tokens.join(' ')),
});
const DENSE_OUTPUTS = ['x', 'y', 'b'];
const OUTPUTS = [
  ...DENSE_OUTPUTS,
  'job',
  'quantile_bin(x,7)',
  'quantile_bin(y,5)',
  'text',
  'ngram(text,2)',
  'ngram(lowercase(no_punct(text)),3)',
  'lowercase(text)',
];
const RECIPE = fc.oneof(
  fc.subarray(DENSE_OUTPUTS),
  fc.subarray(['job', 'b', 'quantile_bin(x,7)']),
  fc.shuffledSubarray(OUTPUTS),
);

describe('the encoder against one that works with strings', () => {
  const table = fc.record({
    rows: fc.array(ROW, { minLength: 1, maxLength: 40 }),
    outputs: RECIPE.filter((o) => o.length > 0),
  });

  it('learns the same features of the listed rows, in any blocks from any sources', () => {
    const blocks = fc.array(fc.record({ source: fc.nat(2), rows: fc.array(fc.nat(39), { maxLength: 30 }) }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(table, blocks, ({ rows, outputs }, picks) => {
        const recipe = fit(outputs, rows);
        const encoder = openEncoder(recipe, { learn: true });
        const encoded = new EncodedRows(encoder.layout);
        const sources = [0, 1, 2].map(() => new TestSource(attributesOf(TYPES)));
        const listed: Row[] = [];
        for (const pick of picks) {
          const start = pick.source * 5;
          const inBlock = [...rows.slice(start), ...rows.slice(0, start)];
          const chosen = pick.rows.filter((row) => row < inBlock.length);
          encoded.add(encoder, sources[pick.source].block(inBlock), Uint32Array.from(chosen));
          listed.push(...chosen.map((row) => inBlock[row]));
        }
        const { features, remap, rowsPerFeature, droppedCount } = encoder.finish(NO_LIMIT);
        encoded.remap(remap);

        expect(droppedCount).toBe(0);
        const counts = new Map<string, number>();
        listed.forEach((row, i) => {
          const naive = naiveFeatures(recipe, row);
          expect(encoded.texts(i, features)).toEqual(sorted(naive));
          for (const text of naive.keys()) counts.set(text, (counts.get(text) ?? 0) + 1);
        });
        expect(sorted(textsOf(features).map((text, i) => [text, rowsPerFeature[i + 2]]))).toEqual(
          sorted([...counts].filter(([text]) => text !== '(bias)')),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('encodes other rows by the features of a model, also one read back from JSON', () => {
    const limit = fc.oneof(fc.constant(Number.MAX_SAFE_INTEGER), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(table, fc.array(ROW, { maxLength: 40 }), limit, ({ rows, outputs }, others, maxFeatures) => {
        const recipe = fit(outputs, rows);
        const { features, encoded } = learn(recipe, rows, { maxFeatures });
        const known = new Set(['(bias)', ...textsOf(features)]);
        const fixed = encodeFixed(recipe, features, [...rows, ...others]);
        [...rows, ...others].forEach((row, i) => {
          expect(fixed.texts(i, features)).toEqual(expected(recipe, row, known));
          if (i < rows.length) expect(encoded.texts(i, features)).toEqual(fixed.texts(i, features));
        });

        const again: FittedRecipe = JSON.parse(JSON.stringify(recipe));
        const space = FeatureSpace.fromJSON(JSON.parse(JSON.stringify(features)));
        expect(textsOf(space)).toEqual(textsOf(features));
        expect(encodeFixed(again, space, [...rows, ...others]).words).toEqual(fixed.words);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps the features that are in most rows when not all fit', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 25 }), ({ rows, outputs }, maxFeatures) => {
        const recipe = fit(outputs, rows);
        const all = learn(recipe, rows);
        const counts = new Map(textsOf(all.features).map((text, i) => [text, all.rowsPerFeature[i + 2]]));
        const some = learn(recipe, rows, { maxFeatures });
        const kept = textsOf(some.features);
        expect(kept).toHaveLength(Math.min(counts.size, maxFeatures - 1));
        expect(some.droppedCount).toBe(counts.size - kept.length);
        const rowsOf = (texts: string[]) => texts.map((text) => counts.get(text) as number);
        const dropped = [...counts.keys()].filter((text) => !kept.includes(text));
        expect(Math.min(...rowsOf(kept))).toBeGreaterThanOrEqual(Math.max(0, ...rowsOf(dropped)));
        expect(Array.from(some.rowsPerFeature.subarray(2))).toEqual(rowsOf(kept));
        expect(textsOf(learn(recipe, rows, { maxFeatures }).features)).toEqual(kept);
      }),
      { numRuns: 100 },
    );
  });
});

describe('features that are in equally many rows', () => {
  it('are chosen by their texts, not by their order in the data', () => {
    const words = Array.from({ length: 200 }, (_, i) => `w${i}`);
    const kept = (order: string[]) => {
      const rows = order.map((word) => ({ job: word, text: `${word} end` }));
      const recipe = fit(['job', 'ngram(text,2)'], rows);
      return textsOf(learn(recipe, rows, { maxFeatures: 150 }).features).sort();
    };
    const first = kept(words);
    expect(first).toHaveLength(149);
    expect(kept([...words].reverse())).toEqual(first);
  });
});

describe('many rows', () => {
  it('are encoded the same in one block as in many', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      x: i % 11 === 0 ? null : (i * 7919) % 1009,
      job: `j${(i * i) % 700}`,
      text: Array.from({ length: i % 9 }, (_, j) => `t${(i * (j + 3) * 31) % 977}`).join(' '),
    }));
    const recipe = fit(['x', 'quantile_bin(x,100)', 'job', 'ngram(text,3)'], rows);
    const { features, encoded } = learn(recipe, rows);
    const encoder = openEncoder(recipe, { features });
    const source = new TestSource(attributesOf(TYPES));
    const inBlocks = new EncodedRows(encoder.layout);
    for (let i = 0; i < rows.length; i += 700) {
      const block = source.block(rows.slice(i, i + 700));
      inBlocks.add(encoder, block, allRows(block.rowCount));
    }
    expect(inBlocks.words.filter((_, i) => !inBlocks.starts.includes(i))).toEqual(
      encoded.words.filter((_, i) => !encoded.starts.includes(i)),
    );
    for (const i of [0, 1, 511, 512, 2999])
      expect(encoded.texts(i, features)).toEqual(sorted(naiveFeatures(recipe, rows[i])));
  });
});

describe('errors', () => {
  it('names an attribute that the data lacks', () => {
    const encoder = openEncoder(fit(['job'], []), { learn: true });
    const block = new TestSource(attributesOf({ x: 'NUMERIC' })).block([{ x: 1 }]);
    expect(() => encoder.prepare(block, allRows(1))).toThrow(InvalidInput);
    expect(() => encoder.prepare(block, allRows(1))).toThrow("test: no attribute 'job', which the recipe uses");
  });

  it('refuses features of another recipe', () => {
    const rows = [
      { x: 1, job: 'a' },
      { x: 2, job: 'b' },
    ];
    const { features } = learn(fit(['job'], rows), rows);
    expect(() => openEncoder(fit(['text'], rows), { features })).toThrow('do not belong to the recipe');
    expect(() => openEncoder(fit(['job', 'text'], rows), { features })).toThrow('do not belong to the recipe');
    expect(() => openEncoder(fit([], rows.slice(0, 0)), { features })).toThrow();
  });
});
