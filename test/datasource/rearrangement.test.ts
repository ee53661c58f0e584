import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRearrangement } from '../../src/datasource/rearrangement.js';
import { type Split, splitter } from '../../src/datasource/split.js';
import { InvalidInput } from '../../src/errors.js';

const all: Split = { strategy: 'sequential', percentBegin: 0, percentEnd: 100, complement: false, seed: '' };

describe('parseRearrangement', () => {
  it.each<[string, Partial<Split>]>([
    ['{}', {}],
    ['{"splitting":{}}', {}],
    ['{"splitting":null}', {}],
    ['{"splitting":{"percentBegin":70,"percentEnd":100}}', { percentBegin: 70 }],
    ['{"splitting":{"percentBegin":70}}', { percentBegin: 70 }],
    ['{"splitting":{"percentEnd":70,"percentBegin":null}}', { percentEnd: 70 }],
    ['{"splitting":{"percentEnd":70,"strategy":"sequential","complement":true}}', { percentEnd: 70, complement: true }],
    ['{"splitting":{"percentEnd":70,"complement":"true"}}', { percentEnd: 70, complement: true }],
    ['{"splitting":{"percentEnd":70,"complement":"false"}}', { percentEnd: 70 }],
    [
      '{"splitting":{"percentEnd":70,"strategy":"random","strategyParams":{"randomSeed":"s3://b/f.csv"}}}',
      { percentEnd: 70, strategy: 'random', seed: 's3://b/f.csv' },
    ],
    ['{"splitting":{"strategy":"random","strategyParams":{"randomSeed":7}}}', { strategy: 'random', seed: '7' }],
    ['{"splitting":{"strategy":"random","strategyParams":{}}}', { strategy: 'random' }],
    ['{"randomSeed":"0","splitting":{"percentBegin":0,"percentEnd":70}}', { percentEnd: 70, seed: '0' }],
    [
      '{"splitting":{"percentEnd":70,"randomSeed":"x","strategy":"random"}}',
      { percentEnd: 70, seed: 'x', strategy: 'random' },
    ],
    ['{"randomSeed":"x","splitting":{"randomSeed":"x"}}', { seed: 'x' }],
    [' {"splitting" : {"percentBegin":5,"percentEnd":5}} ', { percentBegin: 5, percentEnd: 5 }],
  ])('reads %s', (json, expected) => {
    expect(parseRearrangement(json)).toEqual({ ...all, ...expected });
    expect(parseRearrangement(JSON.parse(json))).toEqual({ ...all, ...expected });
  });

  it.each<[string, string, string?]>([
    ['', 'DataRearrangement: line 1, column 1: not valid JSON: expected a value, found the end of the text'],
    ['{"splitting":{"percentBegin":70,}}', 'DataRearrangement: line 1, column 33: not valid JSON'],
    ['[]', 'DataRearrangement: must be a JSON object, found an array'],
    ['null', 'DataRearrangement: must be a JSON object, found null'],
    ['{"splitting":[]}', 'DataRearrangement: splitting: must be a JSON object, found an array'],
    ['{"percentBegin":0}', 'DataRearrangement: percentBegin: not a member', 'Members: splitting, randomSeed'],
    [
      '{"splitting":{"percentbegin":0}}',
      'DataRearrangement: splitting.percentbegin: not a member',
      "did you mean 'percentBegin'?",
    ],
    ['{"splitting":{"percentBegin":"70"}}', "splitting.percentBegin: must be a whole number from 0 to 100, found '70'"],
    ['{"splitting":{"percentEnd":33.3}}', 'splitting.percentEnd: 33.3 is not a whole number from 0 to 100'],
    ['{"splitting":{"percentEnd":101}}', 'splitting.percentEnd: 101 is not a whole number from 0 to 100'],
    ['{"splitting":{"percentBegin":-1}}', 'splitting.percentBegin: -1 is not a whole number from 0 to 100'],
    ['{"splitting":{"percentBegin":80,"percentEnd":20}}', 'splitting: percentBegin 80 is greater than percentEnd 20'],
    ['{"splitting":{"complement":"yes"}}', "splitting.complement: must be true or false, found 'yes'"],
    ['{"splitting":{"complement":1}}', 'splitting.complement: must be true or false, found 1'],
    ['{"splitting":{"strategy":"Random"}}', "splitting.strategy: unknown strategy 'Random'", "did you mean 'random'?"],
    ['{"splitting":{"strategyParams":{"seed":"1"}}}', 'splitting.strategyParams.seed: not a member', 'randomSeed'],
    ['{"splitting":{"strategyParams":"1"}}', "splitting.strategyParams: must be a JSON object, found '1'"],
    ['{"splitting":{"strategyParams":{"randomSeed":[]}}}', 'randomSeed: must be a text, found an array'],
    [
      '{"randomSeed":"b","splitting":{"strategyParams":{"randomSeed":"a"}}}',
      "DataRearrangement: randomSeed: 'b' contradicts splitting.strategyParams.randomSeed, which is 'a'",
    ],
  ])('refuses %s', (json, message, hint = '') => {
    try {
      parseRearrangement(json);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      expect((error as InvalidInput).message).toContain(message);
      expect((error as InvalidInput).hint ?? '').toContain(hint);
      return;
    }
    throw new Error('nothing was thrown');
  });
});

/** Byte offsets of records of about 40 bytes. */
const records = fc.array(fc.integer({ min: 2, max: 80 }), { maxLength: 300 }).map((lengths) => {
  let offset = 0;
  return lengths.map((length) => (offset += length));
});

/** Indices of the records that a rearrangement takes. */
function taken(splitting: object, offsets: readonly number[]): number[] {
  const keep = splitter(parseRearrangement(JSON.stringify({ splitting })), offsets.length);
  return offsets.flatMap((offset, index) => (keep(index, offset) ? [index] : []));
}

const strategy = fc.constantFrom('sequential', 'random');
const percent = fc.integer({ min: 0, max: 100 });
const everyIndex = (offsets: readonly number[]): number[] => offsets.map((_, index) => index);
const ascending = (indices: number[]): number[] => indices.sort((a, b) => a - b);

describe('rearranged data', () => {
  it('and its complement hold every record once, whatever strategy, seed and percentages', () => {
    fc.assert(
      fc.property(strategy, percent, percent, fc.string(), records, (strategy, a, b, randomSeed, offsets) => {
        const [percentBegin, percentEnd] = [Math.min(a, b), Math.max(a, b)];
        const splitting = { strategy, percentBegin, percentEnd, strategyParams: { randomSeed } };
        const part = taken(splitting, offsets);
        const rest = taken({ ...splitting, complement: 'true' }, offsets);
        expect(ascending([...part, ...rest])).toEqual(everyIndex(offsets));
      }),
    );
  });

  it('falls into folds that hold every record once, and each fold with its complement does', () => {
    fc.assert(
      fc.property(
        strategy,
        fc.constantFrom(2, 4, 5, 10, 20),
        fc.string(),
        records,
        (strategy, folds, randomSeed, offsets) => {
          const parts = Array.from({ length: folds }, (_, fold) => {
            const percentBegin = (100 / folds) * fold;
            const splitting = {
              strategy,
              percentBegin,
              percentEnd: percentBegin + 100 / folds,
              strategyParams: { randomSeed },
            };
            const part = taken(splitting, offsets);
            expect(taken({ ...splitting, complement: true }, offsets)).toEqual(
              everyIndex(offsets).filter((index) => !part.includes(index)),
            );
            return part;
          });
          expect(ascending(parts.flat())).toEqual(everyIndex(offsets));
        },
      ),
    );
  });

  it('has the size of its share: exact for sequential, about right for random', () => {
    const offsets = Array.from({ length: 20_000 }, (_, i) => 37 * i);
    expect(taken({ percentBegin: 25, percentEnd: 50 }, offsets)).toEqual(everyIndex(offsets).slice(5000, 10_000));
    const random = { percentBegin: 25, percentEnd: 50, strategy: 'random' };
    for (const randomSeed of ['', 'a', 'b']) {
      const { length } = taken({ ...random, strategyParams: { randomSeed } }, offsets);
      // Binomial standard deviation sqrt(20,000 * 0.25 * 0.75) = 61; five of them.
      expect(Math.abs(length - 5000)).toBeLessThan(305);
    }
  });
});
