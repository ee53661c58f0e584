import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, decodeTexts } from '../../src/csv/text.js';

describe('texts that follow one another', () => {
  it('are decoded together as they are one by one', () => {
    const text = fc.oneof(fc.constantFrom('', 'a', 'é', '\ufeff', '😀', '\u0000'), fc.string({ maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), fc.nat(9), (given, base) => {
        const parts = given.map((one) => new TextEncoder().encode(one));
        const starts = new Uint32Array(given.length + 1);
        for (const [i, { length }] of parts.entries()) starts[i + 1] = starts[i] + length;
        const bytes = Uint8Array.from([...new Array<number>(base).fill(0x41), ...parts.flatMap((part) => [...part])]);
        const found = ['before'];
        decodeTexts(bytes, base, starts, found);
        expect(found).toEqual(['before', ...given]);
        for (const [i, one] of given.entries())
          expect(decodeText(bytes, base + starts[i], base + starts[i + 1])).toBe(one);
      }),
    );
  });
});
