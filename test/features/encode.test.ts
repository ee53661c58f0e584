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

describe('osb', () => {
  const texts = (outputs: string[], text: string): string[] => {
    const rows = [{ text }];
    const { encoded, features } = learn(fit(outputs, rows), rows);
    return encoded.texts(0, features).map(([feature]) => feature);
  };

  it('joins the first token of each window with the later ones, as in the developer guide', () => {
    // Amazon Machine Learning developer guide, "Orthogonal Sparse Bigram (OSB) Transformation"
    const expected = `The_quick The__brown The___fox quick_brown quick__fox quick___jumps brown_fox brown__jumps
      brown___over fox_jumps fox__over fox___the jumps_over jumps__the jumps___lazy over_the over__lazy over___dog
      the_lazy the__dog lazy_dog`;
    expect(texts(['osb(text,4)'], 'The quick brown fox jumps over the lazy dog')).toEqual(
      ['(bias)', ...expected.split(/\s+/).map((pair) => `text:${pair}`)].sort(),
    );
  });

  it('counts a pair once, gives nothing for one token and a feature for none', () => {
    expect(texts(['osb(text,2)'], 'a b a b')).toEqual(['(bias)', 'text:a_b', 'text:b_a']);
    expect(texts(['osb(text,5)'], 'alone')).toEqual(['(bias)']);
    expect(texts(['osb(text,5)'], '')).toEqual(['(bias)', 'text:']);
  });

  it('quotes tokens whose underscores could be taken for distance', () => {
    expect(texts(['osb(text,3)'], 'a_ b')).toEqual(['(bias)', "text:'a_'_b"]);
    expect(texts(['osb(text,3)'], 'a _b')).toEqual(['(bias)', "text:a_'_b'"]);
  });

  it('keeps the distance across an unknown token, and closes the gap of one that vanishes', () => {
    const rows = [{ text: 'a x b' }, { text: 'a b' }];
    const recipe = fit(['osb(no_punct(text),3)'], rows);
    const { features } = learn(recipe, rows);
    const encoded = encodeFixed(recipe, features, [{ text: 'a ? b' }, { text: 'a new b' }]);
    expect(encoded.texts(0, features).map(([text]) => text)).toEqual(['(bias)', 'text:a_b']);
    expect(encoded.texts(1, features).map(([text]) => text)).toEqual(['(bias)', 'text:a__b']);
  });
});

describe('cartesian', () => {
  const types = { title: 'TEXT', binding: 'CATEGORICAL', new: 'BINARY', price: 'NUMERIC' } as const;
  const texts = (output: string, rows: Row[]): string[][] => {
    const { encoded, features } = learn(fit([output], rows, types), rows, NO_LIMIT, types);
    return rows.map((_, i) =>
      encoded
        .texts(i, features)
        .map(([text]) => text)
        .slice(1),
    );
  };

  it('combines every token with the category, as in the developer guide', () => {
    const title = 'Economics: Principles, Problems, Policies';
    expect(texts('cartesian(no_punct(title),binding)', [{ title, binding: 'Hardcover' }])).toEqual([
      [
        'title×binding:Economics_Hardcover',
        'title×binding:Policies_Hardcover',
        'title×binding:Principles_Hardcover',
        'title×binding:Problems_Hardcover',
      ],
    ]);
  });

  it('combines bins and both values of a binary attribute; a missing value is an item of its own', () => {
    const rows = [
      { price: 1, new: 1 },
      { price: 3, new: 0 },
      { price: null, new: null },
    ];
    expect(texts('cartesian(quantile_bin(price,5),new)', rows)).toEqual([
      ['price×new=[-∞,3)_1'],
      ['price×new=[3,∞)_0'],
      ['price×new=missing_missing'],
    ]);
  });

  it('has no combination for a text without tokens', () => {
    expect(texts('cartesian(title,binding)', [{ title: ' ', binding: 'x' }])).toEqual([[]]);
  });

  it('keeps combinations apart whose texts would be the same', () => {
    const rows = [
      { title: 'a_b', binding: 'c' },
      { title: 'a', binding: 'b_c' },
    ];
    expect(texts('cartesian(title,binding)', rows)).toEqual([["title×binding:'a_b'_c"], ["title×binding:a_'b_c'"]]);
  });

  it('refuses an observation with too many combinations, naming file and line', () => {
    const title = Array.from({ length: 1001 }, (_, i) => `t${i}`).join(' ');
    const recipe = fit(['cartesian(title,lowercase(title))'], [], types);
    const encoder = openEncoder(recipe, { learn: true });
    const block = new TestSource(attributesOf(types)).block([{ title: 'a' }, { title }]);
    expect(() => encoder.prepare(block, allRows(2))).toThrow(
      'test: line 2: cartesian(title,lowercase(title)) makes 1002001 combinations of one observation, more than 1000000',
    );
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
      width: 8,
    });
  });

  it('is sparse without a head for bins, categories and binaries', () => {
    const layout = openEncoder(fit(['quantile_bin(x,5)', 'b', 'job'], [{ x: 1 }]), { learn: true }).layout;
    expect(layout).toEqual({ form: 'sparse', head: [] });
  });

  it('is sparse with a head for numbers beside categories or text', () => {
    for (const outputs of [
      ['x', 'job'],
      ['x', 'text'],
    ]) {
      expect(openEncoder(fit(outputs, [{ x: 1 }, { x: 2 }]), { learn: true }).layout).toEqual({
        form: 'sparse',
        head: [1, 2],
      });
    }
    for (const outputs of [['job'], ['text'], ['quantile_bin(x,10)', 'text']]) {
      expect(openEncoder(fit(outputs, [{ x: 1 }]), { learn: true }).layout).toEqual({ form: 'sparse', head: [] });
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
    expect(layoutOf(15)).toEqual({ form: 'dense', width: 24 });
    expect(layoutOf(1023)).toMatchObject({ form: 'dense' });
    expect(layoutOf(1024)).toEqual({ form: 'sparse', head: Array.from({ length: 1025 }, (_, i) => i + 1) });
  });

  it('leaves no feature in the model that no row had', () => {
    const rows = [
      { x: 1, y: 5, b: 1 },
      { x: 2, y: 5, b: 0 },
    ];
    const { features, encoded, remap } = learn(fit(['y', 'b', 'x'], rows), rows);
    expect(textsOf(features)).toEqual(['b=1', 'x']);
    expect([...remap]).toEqual([0, 1, 2, 3]);
    expect(encoded.texts(0, features)).toEqual([
      ['(bias)', 1],
      ['b=1', 1],
      ['x', -1],
    ]);
    expect(encoded.target(1)).toBe(1);
  });
});

describe('records of cells alone', () => {
  const cell = fc.record({
    x: fc.oneof(fc.constant(null), fc.integer({ min: -3, max: 3 })),
    y: fc.oneof(fc.constant(null), fc.double({ min: -9, max: 9, noNaN: true })),
    b: fc.constantFrom(0, 1, null),
    job: fc.constantFrom('', 'cook', 'admin.', 'nurse', 'clerk'),
    text: fc.constant('alone'),
  });

  for (const outputs of [
    ['job', 'x', 'b', 'y', 'quantile_bin(y,5)'],
    ['job', 'b', 'quantile_bin(x,5)', 'quantile_bin(y,9)'],
    ['job'],
  ]) {
    it(`are those that rows of cells and of a text without pairs have: ${outputs.join(', ')}`, () => {
      fc.assert(
        fc.property(fc.array(cell, { minLength: 1, maxLength: 700 }), (rows) => {
          const alone = learn(fit(outputs, rows), rows);
          const beside = learn(fit([...outputs, 'osb(text,2)'], rows), rows);
          expect(alone.encoder.layout).toEqual(beside.encoder.layout);
          expect(alone.encoder.mostWords).toBeLessThan(beside.encoder.mostWords);
          expect(alone.rowsPerFeature).toEqual(beside.rowsPerFeature);
          expect(alone.encoded.starts).toEqual(beside.encoded.starts);
          const recordsOf = ({ encoded }: Learned) => rows.map((_, row) => [...encoded.features(row)]);
          expect(recordsOf(alone)).toEqual(recordsOf(beside));
        }),
        { numRuns: 40 },
      );
    });
  }
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

const TOKEN = fc.constantFrom('a', 'b', 'B', 'c', 'c!', '-', '(d', 'É', 'é', '\u{1f600}', '__proto__', 'a_', '_', "'b");
const ROW: fc.Arbitrary<Row> = fc.record({
  x: fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }))),
  y: fc.option(fc.constantFrom(0, 7), { freq: 9 }),
  b: fc.option(fc.constantFrom(0, 1)),
  job: fc.constantFrom('', 'admin.', 'cook', 'Cook', 'constructor', 'ü', 'a_b', 'a', '_'),
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
  'osb(text,2)',
  'osb(lowercase(no_punct(text)),4)',
  'cartesian(job,b)',
  'cartesian(b,quantile_bin(x,7),job)',
  'cartesian(quantile_bin(y,5),quantile_bin(normalize(x),6))',
  'cartesian(no_punct(text),job)',
  'lowercase(cartesian(job,text))',
  'cartesian(text,lowercase(text))',
  'cartesian(job,ngram(text,2),b)',
  'cartesian(osb(text,3),cartesian(job,quantile_bin(x,7)))',
];
const RECIPE = fc.oneof(
  fc.subarray(DENSE_OUTPUTS),
  fc.subarray(['job', 'b', 'quantile_bin(x,7)', 'cartesian(job,b)']),
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
        const { features, encoded, encoder, remap } = learn(recipe, rows, { maxFeatures });
        const known = new Set(['(bias)', ...textsOf(features)]);
        const fixed = encodeFixed(recipe, features, [...rows, ...others]);
        [...rows, ...others].forEach((row, i) => {
          expect(fixed.texts(i, features)).toEqual(expected(recipe, row, known));
          if (i < rows.length) expect(encoded.texts(i, features)).toEqual(fixed.texts(i, features));
        });
        if (encoder.layout.form === 'sparse') {
          const later = new EncodedRows(encoder.layout);
          later.add(encoder, new TestSource(attributesOf(TYPES)).block(others), allRows(others.length));
          later.remap(remap);
          others.forEach((_, i) => {
            expect(later.texts(i, features)).toEqual(fixed.texts(rows.length + i, features));
          });
        }

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

describe('a full dictionary', () => {
  const MAX_FEATURES = 1500;
  /** Frequent words among ever new ones; `late` begins in the middle. */
  const rows = Array.from({ length: 6000 }, (_, i) => ({
    job: `j${i % 3000}`,
    text: `often${i % 7} w${i} v${(i * 7919) % 4001}${i >= 3000 && i % 3 === 0 ? ' late' : ''}`,
    b: i % 2,
  }));
  const outputs = ['ngram(text,2)', 'ngram(text,4)', 'job', 'osb(text,3)', 'cartesian(ngram(text,2),b,job)'];

  function pruned(blockRows: number, order = rows): LearnedFeatures & { encoded: EncodedRows } {
    const recipe = fit(outputs, rows);
    const encoder = openEncoder(recipe, { learn: true, maxFeatures: MAX_FEATURES });
    const encoded = new EncodedRows(encoder.layout);
    const source = new TestSource(attributesOf(TYPES));
    for (let i = 0; i < order.length; i += blockRows) {
      const block = source.block(order.slice(i, i + blockRows));
      encoded.add(encoder, block, allRows(block.rowCount));
    }
    const learned = encoder.finish({ maxFeatures: MAX_FEATURES });
    encoded.remap(learned.remap);
    return { ...learned, encoded };
  }

  const result = pruned(700);

  it('keeps the frequent features, also those that come late, with the rows they are in', () => {
    const counts = new Map(textsOf(result.features).map((text, i) => [text, result.rowsPerFeature[i + 2]]));
    expect(counts.size).toBe(MAX_FEATURES - 1);
    for (let i = 0; i < 7; i++) expect(counts.get(`text:often${i}`)).toBe(rows.filter((_, j) => j % 7 === i).length);
    expect(counts.get('text:late')).toBe(1000);
    expect(result.droppedCount).toBeGreaterThan(10_000);
  });

  it('leaves records that hold features of their row only, each counted', () => {
    const recipe = fit(outputs, rows);
    const counts = new Float64Array(result.features.size);
    for (const [i, row] of rows.entries()) {
      const all = naiveFeatures(recipe, row);
      for (const feature of result.encoded.features(i).keys()) {
        if (feature > 1) counts[feature]++;
        expect(all.has(result.features.text(feature))).toBe(true);
      }
    }
    expect(counts.subarray(2)).toEqual(result.rowsPerFeature.subarray(2));
  });

  it('does not depend on how the rows come in blocks', () => {
    const other = pruned(6000);
    expect(textsOf(other.features)).toEqual(textsOf(result.features));
    expect(other.rowsPerFeature).toEqual(result.rowsPerFeature);
    expect(other.droppedCount).toBe(result.droppedCount);
  });

  it('gives the same features as without pruning while it is not full', () => {
    const few = rows.slice(0, 200).map(({ job, b }) => ({ job, b, text: 'a b c' }));
    const recipe = fit(['text', 'job'], few);
    const encoder = openEncoder(recipe, { learn: true, maxFeatures: MAX_FEATURES });
    encoder.prepare(new TestSource(attributesOf(TYPES)).block(few), allRows(200));
    const { features, droppedCount } = encoder.finish({ maxFeatures: MAX_FEATURES });
    expect(features).toEqual(learn(recipe, few).features);
    expect(droppedCount).toBe(0);
  });
});
