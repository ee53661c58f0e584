import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayHoldLeadingZeros } from '../../src/csv/leading-zeros.js';
import { kernelModule } from './parse.js';

const holds = (text: string): boolean => mayHoldLeadingZeros(kernelModule, new TextEncoder().encode(text));

describe('leading zeros', () => {
  it.each([
    '007',
    '1,007\n',
    '1\n007\n',
    '1,-007',
    '1,+00',
    '"007",1',
    'a, 007 ,b',
    '1,\t-01',
    '\uFEFF007,1',
    '\uFEFF-01',
  ])('are found in %j', (text) => expect(holds(text)).toBe(true));

  it.each(['0,0.5,-0.25,+0\n100,1.007,20\n', '2024-01-05', '1e-05,1E+07', 'a007', '0', '', '10:05'])(
    'are not found in %j',
    (text) => expect(holds(text)).toBe(false),
  );

  it('are found at every place of the vectors and parts that the file is read in', () => {
    const part = 131_072;
    const places = [
      ...Array(40).keys(),
      ...Array.from({ length: 40 }, (_, i) => part - 20 + i),
      2 * part - 5,
      2 * part + 1,
    ];
    const bytes = new Uint8Array(3 * part).fill(44);
    for (const field of ['00', '-09', '+01']) {
      const code = new TextEncoder().encode(field);
      for (const place of places) {
        const file = bytes.slice();
        file.set(code, place);
        expect(mayHoldLeadingZeros(kernelModule, file), `${field} at ${place}`).toBe(true);
      }
    }
    expect(mayHoldLeadingZeros(kernelModule, bytes)).toBe(false);
  });

  it('are those of the definition by characters', () => {
    const character = fc.constantFrom('0', '0', '1', '9', '-', '+', '.', ',', ' ', '"', '\n', 'e', 'é');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 60 }), (characters) => {
        const text = characters.join('');
        expect(holds(text)).toBe(/(^|[\s",])[+-]?0[0-9]/.test(text));
      }),
      { numRuns: 300 },
    );
  });
});
