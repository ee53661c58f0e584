import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, planOf } from './parse.js';

/** The values of NUMERIC fields, each in a record of its own. */
function numbers(texts: readonly string[]): number[] {
  const { columns, rejected } = parse(planOf('skip', 'numeric', 'skip'), texts.map((text) => `x,${text},y`).join('\n'));
  expect(rejected).not.toContain(1);
  return columns.b as number[];
}

function expectNumbers(texts: readonly string[]): void {
  const found = numbers(texts);
  texts.forEach((text, i) => {
    if (!Object.is(found[i], Number(text))) expect({ text, value: found[i] }).toEqual({ text, value: Number(text) });
  });
}

const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)$/;

/** An integer with a point that many digits before its end, among zeros where there are too few. */
function decimalText([integer, places]: [integer: number | bigint, places: number]): string {
  const text = String(integer).padStart(places, '0');
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((list) => list.join(''));

/** The decimal digits of the number halfway between a positive double and the next one, exactly. */
function halfway(value: number): string {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0];
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (exponent > 0 ? 1n << 52n : 0n);
  const power = Math.max(exponent, 1) - 1075 - 1;
  const odd = 2n * mantissa + 1n;
  if (power >= 0) return String(odd << BigInt(power));
  // odd 2^power = odd 5^-power 10^power
  return `${odd * 5n ** BigInt(-power)}e${power}`;
}

describe('NUMERIC values', () => {
  it('are digits with an optional sign, point and exponent', () => {
    expect(numbers(['0', '-7', '+7', '3.25', '.5', '5.', '-.5', '1e3', '1E-2', '2.5e+1', '007'])).toEqual([
      0, -7, 7, 3.25, 0.5, 5, -0.5, 1000, 0.01, 25, 7,
    ]);
    expect(Object.is(numbers(['-0'])[0], -0)).toBe(true);
  });
  it('may stand in quotes and among ASCII white space', () => {
    expect(numbers([' 1 ', '\t-2.5\v', '"3"', '" 4.5e1 "', '"\n5\r\n"', '6\r'])).toEqual([1, -2.5, 3, 45, 5, 6]);
  });
  it('are missing (NaN) when the field is empty or white space, which is no issue', () => {
    const { columns, issues } = parse(planOf('numeric', 'numeric'), ',\n"", \n"  ",\t\n');
    expect(columns).toEqual({ a: new Array(3).fill(Number.NaN), b: new Array(3).fill(Number.NaN) });
    expect(issues).toEqual([]);
  });
  it('are invalid otherwise: missing, and an issue that quotes the text', () => {
    const texts = ['N/A', '0x10', 'Infinity', '-Infinity', 'NaN', '1e', '1e+', '.', '-', '+-1', '1 2', '1.2.3', '١'];
    const { columns, issues } = parse(planOf('numeric', 'skip'), texts.map((text) => `${text},`).join('\n'));
    expect(columns.a).toEqual(texts.map(() => Number.NaN));
    expect(issues).toEqual(texts.map((text, row) => `${row} a: not a number "${text}"`));
    expect(parse(planOf('numeric'), '"1,000"\n"1"""\n').issues).toEqual([
      '0 a: not a number "1,000"',
      '1 a: not a number "1""',
    ]);
  });
  it('are invalid when they are too large for a double', () => {
    const texts = ['1e309', '-1.8e308', `1${'0'.repeat(400)}`, '1e99999999999999999999'];
    const { columns, issues } = parse(planOf('numeric'), texts.join('\n'));
    expect(columns.a).toEqual(texts.map(() => Number.NaN));
    expect(issues.every((issue) => issue.includes('too large for a number'))).toBe(true);
    expect(issues).toHaveLength(4);
  });
  it('equal Number(text) for every length before and behind the point', () => {
    const texts: string[] = [];
    for (let whole = 0; whole <= 26; whole++) {
      for (let fraction = whole === 0 ? 1 : 0; fraction <= 26; fraction++) {
        const all = '12345678901234567890123456789098765432101234567890987';
        const text =
          fraction > 0 ? `${all.slice(0, whole)}.${all.slice(whole, whole + fraction)}` : all.slice(0, whole);
        texts.push(text, `-${text}`, `0000${text}`, `${text}e-5`, `${text}E17`, `0.000000${all.slice(0, fraction)}`);
      }
    }
    expectNumbers(texts);
  });
  it('are 0, with its sign, for zeros of every length before and behind the point', () => {
    const texts: string[] = [];
    for (let whole = 0; whole <= 26; whole++) {
      for (let fraction = whole === 0 ? 1 : 0; fraction <= 26; fraction++) {
        const text = `${'0'.repeat(whole)}.${'0'.repeat(fraction)}`;
        texts.push(text, `-${text}`, `-${text}e9`);
      }
    }
    expectNumbers(texts);
  });
  it('equal Number(text) for decimals of 1 to 25 digits and any exponent', () => {
    const exponent = fc.oneof(
      fc.constant(''),
      fc.integer({ min: -30, max: 30 }).map((e) => `e${e}`),
      fc.integer({ min: -345, max: 310 }).map((e) => `E${e}`),
    );
    const sign = fc.constantFrom('', '-', '+');
    const decimal = fc
      .tuple(sign, digits(13), digits(12), exponent, fc.boolean())
      .map(([s, whole, fraction, e, point]) => {
        return `${s}${whole}${point ? '.' : ''}${fraction}${e}`;
      });
    const finite = decimal.filter((text) => Number.isFinite(Number(text)));
    fc.assert(fc.property(fc.array(finite, { minLength: 100, maxLength: 200 }), expectNumbers), { numRuns: 100 });
  });
  it('equal Number(text) in columns of short fields, among missing and invalid ones', () => {
    const short = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 9 })).map(decimalText),
      },
      { weight: 1, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789.-+ '), maxLength: 9 }) },
    );
    const signed = fc.tuple(fc.constantFrom('', '', '-'), short).map(([sign, text]) => sign + text);
    const column = fc.array(signed, { minLength: 1, maxLength: 60 });
    const columns = fc.oneof(
      column,
      column.map((texts) => ['0', ...texts.filter((text) => DECIMAL.test(text))]),
    );
    const expectColumn = (texts: readonly string[]): void => {
      const { columns, issues } = parse(planOf('numeric', 'numeric'), texts.map((text) => `${text},1`).join('\n'));
      const expected = texts.map((text) => (DECIMAL.test(text.trim()) ? Number(text) : Number.NaN));
      expect(columns.a).toEqual(expected);
      const invalid = texts.flatMap((text, row) => (text.trim() === '' || DECIMAL.test(text.trim()) ? [] : [row]));
      expect(issues).toEqual(invalid.map((row) => `${row} a: not a number ${JSON.stringify(texts[row])}`));
    };
    fc.assert(fc.property(columns, expectColumn), { numRuns: 500 });
  });
  it('equal Number(text) for 16 to 19 digits of what lies halfway between two doubles, and next to these', () => {
    const near = fc
      .tuple(
        fc.double({ min: 1e-4, max: 1e7, noNaN: true }),
        fc.integer({ min: 16, max: 19 }),
        fc.constantFrom(-1n, 0n, 1n),
      )
      .map(([value, digitCount, step]) => {
        const [all, power] = halfway(value).split('e');
        const cut = all.slice(0, digitCount);
        const shift = all.length - cut.length + Number(power ?? 0);
        const kept = (BigInt(cut) + step) * 10n ** BigInt(Math.max(shift, 0));
        return (value < 1 ? '' : '-') + decimalText([kept, Math.max(-shift, 0)]);
      });
    fc.assert(fc.property(fc.array(near, { minLength: 20, maxLength: 100 }), expectNumbers), { numRuns: 100 });
  });
  it('are invalid with any other byte instead of a digit or before the first, whatever their length', () => {
    const others = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1)).filter(
      (c) => !/[\d\s,."+-]/.test(c),
    );
    for (const length of [1, 2, 7, 8, 9, 13, 15, 16, 17, 20, 24, 25]) {
      const digits = '31415926535897932384626433'.slice(0, length);
      for (const text of [digits, `${digits.slice(0, length >> 1)}.${digits.slice(length >> 1)}`]) {
        const spoilt = others.flatMap((c) => {
          const at = c.charCodeAt(0) % text.length;
          return [c + text, `-${c}${text}`, text.slice(0, at) + c + text.slice(at + 1)];
        });
        const invalid = spoilt.filter((other) => Number.isNaN(Number(other)));
        // Among valid ones, with which they are read
        const texts = invalid.flatMap((other) => [digits, other, digits, digits]);
        const { columns, issues } = parse(planOf('numeric', 'skip'), texts.map((other) => `${other},`).join('\n'));
        expect(columns.a).toEqual(texts.map(Number));
        expect(issues).toHaveLength(invalid.length);
      }
    }
  });
  it('equal Number(text) for doubles as programs print them', () => {
    const printed = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .chain((x) => fc.constantFrom(String(x), x.toPrecision(15), x.toPrecision(17), x.toExponential(18), x.toFixed(6)))
      .filter((text) => Number.isFinite(Number(text)));
    fc.assert(fc.property(fc.array(printed, { minLength: 100, maxLength: 200 }), expectNumbers), { numRuns: 100 });
  });
  it('round halfway cases to even, also when the deciding digit is far behind', () => {
    const texts = [
      '9007199254740993',
      '9007199254740995',
      '9007199254740992.99999',
      '4503599627370496.5',
      '1e23',
      '8.5e22',
    ];
    for (let i = 0; i < 400; i++) {
      const value = 1.0000001 ** (i * i) * 2 ** (i % 100);
      const middle = halfway(value);
      texts.push(middle, middle.replace(/^(\d+)/, '$1.0001'), `${BigInt(Math.floor(value)) * 2n + 1n}`);
    }
    expectNumbers(texts);
    expect(numbers(['9007199254740993'])).toEqual([9007199254740992]);
  });
  it('reach the subnormal numbers, zero, and the largest double', () => {
    const texts = [
      '5e-324',
      '2.4703282292062327e-324',
      '2.47032822920623272e-324',
      '2.2250738585072014e-308',
      '1e-400',
    ];
    texts.push('2.2250738585072011e-308', '4.9e-324', '-1e-330', '1.7976931348623157e308', '0e999999', '0.0e-999999');
    texts.push('1.7976931348623158e308', '17976931348623157e292', `0.${'0'.repeat(330)}1e10`, `${'0'.repeat(300)}1`);
    for (let q = -342; q <= 300; q++)
      texts.push(`1e${q}`, `9999999999999999999e${q - 19}`, `1234567890123456789e${q - 12}`);
    expectNumbers(texts);
  });
});
