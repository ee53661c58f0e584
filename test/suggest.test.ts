import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggest } from '../src/suggest.js';

describe('suggest', () => {
  const words = ['age', 'income', 'occupation', 'hours-per-week'];

  it.each([
    ['incom', 'income'],
    ['icnome', 'income'],
    ['Income', 'income'],
    ['ocupatoin', 'occupation'],
    ['hours_per_week', 'hours-per-week'],
    ['agee', 'age'],
  ])('takes %s for %s', (word, meant) => {
    expect(suggest(word, words)).toBe(meant);
  });

  it.each(['salary', 'xyz', '', 'in'])('finds nothing near %j', (word) => {
    expect(suggest(word, words)).toBeUndefined();
  });

  it('prefers the nearest, then the first', () => {
    expect(suggest('columm', ['colums', 'column', 'columma'])).toBe('colums');
    expect(suggest('columns', ['colum', 'column'])).toBe('column');
  });

  it('finds a word after any one edit', () => {
    const letter = fc.constantFrom(...'abcdefghij');
    const word = fc.string({ unit: letter, minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(word, fc.nat(), letter, (target, seed, added) => {
        const at = seed % target.length;
        for (const edited of [
          target.slice(0, at) + added + target.slice(at),
          target.slice(0, at) + added + target.slice(at + 1),
          target.slice(0, at) + target.slice(at + 1),
        ]) {
          if (edited.length >= 2) expect(suggest(edited, [target])).toBe(target);
        }
      }),
    );
  });
});
