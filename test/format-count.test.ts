import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCount } from '../src/format-count.js';

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [-12345, '-12,345'],
    [1234.5, '1,234.5'],
    [0.0004, '0'],
    [Number.NaN, 'NaN'],
  ])('writes %d as %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it('writes whole numbers, and those of up to 3 decimals, as English does', () => {
    const thousandths = fc.integer({ min: -1e12, max: 1e12 }).map((value) => value / 1000);
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), thousandths), (value) => {
        expect(formatCount(value)).toBe(value.toLocaleString('en'));
      }),
    );
  });
});
