import { describe, expect, it } from 'vitest';
import { FeatureSpace } from '../../src/features/dictionary.js';

const SPACE = new FeatureSpace([
  { kind: 'number', prefix: 'age', slots: [0, 1] },
  { kind: 'bins', prefix: 'fare', edges: [31, 35.5], slots: [0, 1, 2, 3] },
  { kind: 'binary', prefix: 'previous', slots: [1] },
  { kind: 'categories', prefix: 'empty', texts: [] },
  { kind: 'categories', prefix: 'job', texts: ['admin.', ''] },
  { kind: 'tokens', prefix: 'ngram(text,2)', texts: ['free money', ''] },
  { kind: 'pairs', prefix: 'text', words: ['a', 'b_'], bigrams: [0, 1, 1, 1, 0, 3, 0, 0, 0] },
  {
    kind: 'cross',
    prefix: 'job×fare',
    parts: [
      { kind: 'categories', prefix: '', texts: ['cook', 'blue_collar', "'x"] },
      { kind: 'bins', prefix: '', edges: [31], slots: [2, 0] },
    ],
    items: [
      [0, 1, 2],
      [1, 1, 0],
    ],
  },
]);

describe('feature texts', () => {
  it('are those of reports', () => {
    expect(Array.from({ length: SPACE.size }, (_, i) => SPACE.text(i))).toEqual([
      '',
      '(bias)',
      'age',
      'age=missing',
      'fare∈[-∞,31)',
      'fare∈[31,35.5)',
      'fare∈[35.5,∞)',
      'fare=missing',
      'previous=missing',
      'job=admin.',
      'job=',
      'ngram(text,2):free money',
      'ngram(text,2):',
      "text:a_'b_'",
      "text:'b_'___a",
      'text:',
      'job×fare=cook_[-∞,31)',
      "job×fare='blue_collar'_[-∞,31)",
      String.raw`job×fare='\'x'_missing`,
    ]);
  });

  it('belong to the output whose range they are in', () => {
    expect([2, 3, 4, 7, 8, 9, 10, 11, 12].map((feature) => SPACE.outputOf(feature))).toEqual([
      0, 0, 1, 1, 2, 4, 4, 5, 5,
    ]);
  });
});

describe('a feature space in JSON', () => {
  it('comes back the same', () => {
    expect(FeatureSpace.fromJSON(JSON.parse(JSON.stringify(SPACE)))).toEqual(SPACE);
  });

  const output = { kind: 'bins', prefix: 'a', edges: [1], slots: [0] };
  for (const [name, json, message] of [
    ['null', null, 'features: expected an object with an array of outputs'],
    ['an output that is no object', [3], 'features.outputs[0]: expected an object'],
    ['an unknown kind', [{ ...output, kind: 'hash' }], 'features.outputs[0].kind: unknown kind "hash"'],
    ['a missing prefix', [output, { kind: 'number', slots: [] }], 'features.outputs[1].prefix: expected a string'],
    ['missing texts', [{ kind: 'tokens', prefix: 'a', slots: [] }], 'features.outputs[0].texts: missing'],
    [
      'a text that is none',
      [{ kind: 'tokens', prefix: 'a', texts: ['a', 1] }],
      'features.outputs[0].texts[1]: unexpected value 1',
    ],
    [
      'a text twice',
      [{ kind: 'tokens', prefix: 'a', texts: ['a', 'a'] }],
      'features.outputs[0].texts: a value occurs twice',
    ],
    [
      'an edge that is no number',
      [{ ...output, edges: [null] }],
      'features.outputs[0].edges[0]: unexpected value null',
    ],
    [
      'a slot beyond the missing value',
      [{ ...output, slots: [3] }],
      'features.outputs[0].slots[0]: unexpected value 3',
    ],
    [
      'a slot of a number beyond 1',
      [{ kind: 'number', prefix: 'a', slots: [2] }],
      'features.outputs[0].slots[0]: unexpected value 2',
    ],
    [
      'a bigram of a word that is not there',
      [{ kind: 'pairs', prefix: 'a', words: ['a', 'b'], bigrams: [0, 2, 1] }],
      'features.outputs[0].bigrams[1]: unexpected value 2',
    ],
    [
      'half a bigram',
      [{ kind: 'pairs', prefix: 'a', words: ['a', 'b'], bigrams: [0, 1] }],
      'features.outputs[0].bigrams: 2 numbers, not three for each feature',
    ],
    [
      'a cross of one part',
      [{ kind: 'cross', prefix: 'a', parts: [{ ...output, prefix: '' }], items: [[0]] }],
      'features.outputs[0].parts: expected an array of two or more',
    ],
    [
      'an item that a part does not have',
      [{ kind: 'cross', prefix: 'a', parts: [output, output], items: [[0], [1]] }],
      'features.outputs[0].items[1][0]: unexpected value 1',
    ],
    [
      'lists of items that are not equally long',
      [{ kind: 'cross', prefix: 'a', parts: [output, output], items: [[0], []] }],
      'features.outputs[0].items[1]: not as long as the first',
    ],
    ['slots that are no list', [{ ...output, slots: 3 }], 'features.outputs[0].slots: expected an array'],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(() => FeatureSpace.fromJSON(json === null ? null : { outputs: json })).toThrow(message);
    });
  }
});
