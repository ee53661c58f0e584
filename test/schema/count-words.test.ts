import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countWords } from '../../src/schema/count-words.js';

it('counts the words that white space of any kind separates', () => {
  const piece = fc.constantFrom(
    'a',
    'ü',
    '😀',
    '\u200b',
    ' ',
    '\t',
    '\n',
    '\r',
    '\u00a0',
    '\u2003',
    '\u3000',
    '\ufeff',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('').trim();
      expect(countWords(text)).toBe(text.split(/\s+/).length);
    }),
  );
});
