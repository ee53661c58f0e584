import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../src/server/json.js';

/** Without lone surrogates, which UTF-8 has no bytes for. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
const read = (text: string): unknown => readMessage(Buffer.from(text));

describe('body of a request', () => {
  it('is an object; no body is an empty one', () => {
    expect(read('{"MLModelId": "m\\u00f6del", "Limit": 2}')).toEqual({ MLModelId: 'mödel', Limit: 2 });
    expect(read('')).toEqual({});
  });

  it.each([
    ['[]', 'the body is an array, not an object'],
    ['null', 'the body is null, not an object'],
    ['"x"', 'the body is a string, not an object'],
    ['{"ScoreThreshold": NaN}', 'NaN at character 18 is not a JSON number'],
    ['{"ScoreThreshold": -Infinity}', '-Infinity at character 18 is not a JSON number'],
    ['{"a":1', 'the body is not JSON'],
    ['{"a":1}{', 'the body is not JSON'],
    ['\ufeff{}', 'the body is not JSON'],
    ["{'a':1}", 'the body is not JSON'],
    [' ', 'the body is not JSON'],
    ['{"a":1,"a":1}', "member 'a' at character 8 is given twice"],
    ['{"a":1,"\\u0061":2}', "member 'a' at character 8 is given twice"],
    ['{"Record":{"x":"{\\"x\\":1}","y":"","x":""}}', "member 'x' at character 35 is given twice"],
    [`{"a":${'['.repeat(40)}${']'.repeat(40)}}`, 'nested more than 32 deep at character 37'],
  ])('refuses %.60s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('refuses a million brackets without reading them all', () => {
    expect(() => read(`{"a":${'['.repeat(1_000_000)}`)).toThrow('nested more than 32 deep at character 37');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => readMessage(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow('the body is not UTF-8');
  });

  it('does not take names or brackets in strings for structure', () => {
    const value = { 'a:b': '[[{"a":1}', ':': '\\', '{"': '\\"', __proto__x: ['":"', { a: 1 }, { a: 2 }] };
    expect(read(JSON.stringify(value))).toEqual(value);
  });

  it('keeps a member called __proto__ an ordinary one', () => {
    const value = read('{"Record":{"__proto__":"x"}}') as { Record: object };
    expect(Object.keys(value.Record)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value.Record)).toBe(Object.prototype);
  });

  it('reads every object that JSON.stringify can write', () => {
    const values = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 10 }), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 1), (value, indent) => {
        const text = wellFormed(JSON.stringify(value, null, indent));
        expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('finds any member that is given twice', () => {
    const names = fc.string({ unit: 'binary', minLength: 1 }).map(wellFormed);
    fc.assert(
      fc.property(fc.uniqueArray(names, { minLength: 1 }), fc.nat(), fc.boolean(), (list, at, nested) => {
        const twice = [...list, list[at % list.length]];
        const text = `{${twice.map((name) => `${JSON.stringify(name)}:"":\\""`.replace('"":\\""', '"\\":"')).join(',')}}`;
        expect(() => read(nested ? `{"a":[${text}]}` : text)).toThrow('is given twice');
      }),
      { numRuns: 300 },
    );
  });
});
