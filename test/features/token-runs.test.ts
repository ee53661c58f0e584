import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRuns, runsOf, textCount, textsOf, tokenFeatures } from '../../src/features/token-runs.js';

const texts = (longest: number) => {
  const token = fc.constantFrom('a', 'b', 'c', 'é', 'free', 'money');
  const run = fc.array(token, { minLength: 1, maxLength: longest }).map((tokens) => tokens.join(' '));
  return fc.uniqueArray(run, { maxLength: 30 });
};

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
});
