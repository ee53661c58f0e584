import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvField, formatScore, writeScore } from '../../src/prediction/format.js';

describe('formatScore', () => {
  // Scores published with real output of the service.
  it.each([
    [0.996733, '9.96733E-1'],
    [0.0018863, '1.8863E-3'],
    [1.61803e-8, '1.61803E-8'],
    [122570.8, '1.225708E5'],
    [-6.188034, '-6.188034E0'],
    [0, '0E0'],
    [1, '1E0'],
    [100, '1E2'],
  ])('writes %d as %s', (value, text) => {
    expect(formatScore(value)).toBe(text);
  });

  it('rounds to single precision first', () => {
    expect(formatScore(0.1 + 1e-12)).toBe('1E-1');
  });

  it('rounds halves to the even digit', () => {
    expect(formatScore(2 ** -11)).toBe('4.882812E-4'); // 4.8828125E-4 exactly
    expect(formatScore(3 * 2 ** -13)).toBe('3.662109E-4'); // 3.662109375E-4: no tie
    expect(formatScore(2 ** -12 + 2 ** -11)).toBe('7.324219E-4'); // 7.32421875E-4: no tie
    expect(formatScore(1.0000005)).toBe('1E0'); // 1.00000047… in single precision
    expect(formatScore(8.0000005e-1)).toBe('8.000001E-1'); // 0.80000054…
  });

  it('stays within half a unit of the seventh digit', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatScore(value);
        expect(text).toMatch(/^-?\d(\.\d{0,5}[1-9])?E-?\d+$/);
        const unit = 10 ** (Number(text.split('E')[1]) - 6);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(unit * 0.5000001);
      }),
    );
  });
});

describe('writeScore', () => {
  const written = (value: number): string => {
    const bytes = new Uint8Array(20).fill(63);
    const end = writeScore(bytes, 3, value);
    expect([...bytes.subarray(end)].every((byte, i) => i + end < 18 || byte === 63)).toBe(true);
    return new TextDecoder().decode(bytes.subarray(3, end));
  };

  it('writes what formatScore gives, of every size', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(written(value)).toBe(formatScore(value));
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: -40, max: 20 }), (digits, exponent) => {
        expect(written(digits * 10 ** exponent)).toBe(formatScore(digits * 10 ** exponent));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees on powers of ten, their neighbours and exact halves', () => {
    for (let exponent = -20; exponent <= 20; exponent++) {
      const power = Math.fround(10 ** exponent);
      for (const value of [
        power,
        power * (1 - 2 ** -24),
        power * (1 + 2 ** -23),
        -power,
        2 ** exponent,
        3 * 2 ** -exponent,
      ]) {
        expect(written(value)).toBe(formatScore(value));
      }
    }
  });

  it('writes nothing for what is not finite', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(written)).toEqual(['', '', '']);
  });
});

describe('csvField', () => {
  it('quotes only what needs it', () => {
    expect(csvField('plain text')).toBe('plain text');
    expect(csvField('a,b')).toBe('"a,b"');
    expect(csvField('say "hi"')).toBe('"say ""hi"""');
    expect(csvField('two\nlines')).toBe('"two\nlines"');
  });
});
