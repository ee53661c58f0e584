import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureSpace, type OutputFeatures } from '../../src/features/dictionary.js';
import { writeTexts } from '../../src/features/run-texts.js';
import { parseRuns, runsOf, textCount, textsOf, tokenFeatures } from '../../src/features/token-runs.js';

const texts = (longest: number) => {
  const token = fc.constantFrom('a', 'b', 'c', 'é', 'free', 'money');
  const run = fc.array(token, { minLength: 1, maxLength: longest }).map((tokens) => tokens.join(' '));
  return fc.uniqueArray(run, { maxLength: 30 });
};

const others: OutputFeatures[] = [
  { kind: 'number', prefix: 'age', slots: [0, 1] },
  { kind: 'tokens', prefix: 'text', texts: ['a', 'b "'] },
];

describe('runs of tokens', () => {
  it('give back the texts that they were read from', () => {
    fc.assert(
      fc.property(texts(5), (given) => {
        expect(textsOf(parseRuns(given))).toEqual(given);
      }),
    );
    expect(textsOf(parseRuns(['', 'a']))).toEqual(['', 'a']);
  });

  it('hold every beginning of a run once, features before the others', () => {
    // 'a b' begins two of them and is no feature; 'b' is in none but its own.
    const { words, places, levels } = parseRuns(['a b c', 'b', 'a b d']);
    expect(words).toEqual(['b', 'a', 'c', 'd']);
    expect([...places]).toEqual([2, 0, 0, 0]);
    expect(levels.map((runs) => [...runs])).toEqual([
      [2, 1, 3],
      [4, 3, 0, 4, 4, 2],
    ]);
  });

  it('are not made before somebody asks', () => {
    let made = 0;
    const output = tokenFeatures('text', 2, () => {
      made++;
      return parseRuns(['a', 'a b']);
    });
    if (output.kind !== 'tokens') throw new Error(output.kind);
    expect([textCount(output), made]).toEqual([2, 0]);
    expect(JSON.stringify(output)).toBe('{"kind":"tokens","prefix":"text","texts":["a","a b"]}');
    expect(runsOf(output).words).toEqual(['a', 'b']);
    expect(made).toBe(1);
  });

  it('are written as JSON as their texts would be', () => {
    const odd = fc.constantFrom('', 'a', 'é', '"', '\\', 'a"b\\', '\ud800', '😀', '\u0001', ',', '","', '\u2028');
    const token = fc.oneof(
      odd,
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => text.replaceAll(' ', '_')),
    );
    const run = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join(' '));
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uniqueArray(run, { maxLength: 30 }), (given) => {
        const runs = parseRuns(given);
        expect(decoder.decode(writeTexts(runs))).toBe(JSON.stringify(given));
        const space = new FeatureSpace([tokenFeatures('"é"', given.length, () => runs), ...others]);
        const written = [...space.json()].map((part) => decoder.decode(part)).join('');
        expect(written).toBe(JSON.stringify(space));
      }),
    );
  });
});
