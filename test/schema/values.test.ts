import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber } from '../../src/schema/values.js';

/** The grammar of NUMERIC values as one expression; white space around is that of ASCII. */
const NUMBER = /^[ \t\n\v\f\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ \t\n\v\f\r]*$/;

function expected(text: string): number | undefined {
  const match = NUMBER.exec(text);
  const number = match ? Number(match[1]) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

describe('parseNumber', () => {
  it.each([
    ['12', 12],
    [' 12\t', 12],
    ['+5', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['-0', -0],
    ['1E+2', 100],
    ['1e-999', 0],
    ['007', 7],
    ['0e1', 0],
  ])('takes %j', (text, number) => {
    expect(parseNumber(text)).toBe(number);
  });

  it.each([
    '',
    ' ',
    '1e999',
    '0x10',
    '0B1',
    ' 0o7',
    '1_000',
    '1,5',
    '--1',
    '1 2',
    '.',
    '+',
    'e5',
    '5e',
    '\u00a01',
    '1\u3000',
    '\uFEFF1',
    'Infinity',
    '-Infinity',
    'NaN',
    '١٢',
    '2\0',
  ])('refuses %j', (text) => {
    expect(parseNumber(text)).toBeUndefined();
  });

  it('agrees with the grammar', () => {
    const characters = fc.constantFrom(...'0123456789+-.eExXbo \t\u00a0_n'.split(''));
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 8 }), (letters) => {
        const text = letters.join('');
        expect(parseNumber(text)).toBe(expected(text));
      }),
      { numRuns: 5000 },
    );
  });
});
