import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowercaseToken } from '../../src/recipe/transforms/lowercase.js';
import { stripPunctuation } from '../../src/recipe/transforms/no-punct.js';

describe('no_punct', () => {
  for (const [token, stripped] of [
    ['seat-belts!', 'seat-belts'],
    ['(free)', 'free'],
    ['-', ''],
    ['$100', '100'],
    ['a+b=', 'a+b'],
    ['«déjà»', 'déjà'],
    ['。你好！', '你好'],
    ['£5', '£5'],
    ['\u{10100}x\u{10101}', 'x'],
    ['\u{1f600}!', '\u{1f600}'],
    ['', ''],
  ]) {
    it(`makes '${stripped}' of '${token}'`, () => expect(stripPunctuation(token)).toBe(stripped));
  }

  it('strips what the regular expression of category P and ASCII symbols strips', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('.', '$', '—', 'a', '\u{10100}', '\ud800') }),
        (a, b) => {
          for (const token of [a, b, b + a + b]) {
            const expected = token
              .replace(/^[\p{P}$+<=>^`|~]+/u, '')
              .replace(/(?<![\p{P}$+<=>^`|~])[\p{P}$+<=>^`|~]+$/u, '');
            expect(stripPunctuation(token)).toBe(expected);
          }
        },
      ),
    );
  });

  it('takes linear time for a long token', () => {
    const token = `${'!'.repeat(200_000)}a`.repeat(2);
    const before = performance.now();
    expect(stripPunctuation(token)).toHaveLength(200_002);
    // a quadratic scan takes minutes
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

describe('lowercase', () => {
  for (const [token, lower] of [
    ['FREE', 'free'],
    ['ÉCOLE', 'école'],
    ['ΟΔΟΣ', 'οδος'.replace(/σ$/, 'ς')],
    ['STRASSE', 'strasse'],
    ['Ж', 'ж'],
  ]) {
    it(`makes '${lower}' of '${token}'`, () => expect(lowercaseToken(token)).toBe(lower));
  }
});
