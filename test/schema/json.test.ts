import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { parseJson } from '../../src/schema/json.js';

function problem(text: string): InvalidInput {
  try {
    parseJson(text, 'a.json');
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return error as InvalidInput;
  }
  throw new Error('nothing was thrown');
}

describe('parseJson', () => {
  it.each([
    ['', 'line 1, column 1: not valid JSON: expected a value, found the end of the text', undefined],
    [
      '{"a": 1,\n "b": 2,\n}',
      "line 3, column 1: not valid JSON: expected a name in double quotes, found '}'",
      'remove the comma before it',
    ],
    ['[1,\n2,]', "line 2, column 3: not valid JSON: expected a value, found ']'", 'remove the comma before it'],
    ['{"a": 1\n "b": 2}', "line 2, column 2: not valid JSON: expected ',' or '}', found '\"b\"'", undefined],
    ['{"a" 1}', "line 1, column 6: not valid JSON: expected ':', found '1'", undefined],
    [
      "{'a': 1}",
      "line 1, column 2: not valid JSON: expected a name in double quotes, found '''",
      'JSON strings stand in double quotes',
    ],
    [
      '{"a": True}',
      "line 1, column 7: not valid JSON: expected a value, found 'True'",
      'JSON spells them true, false and null',
    ],
    ['{"a": 1 // one\n}', "line 1, column 9: not valid JSON: expected ',' or '}', found '/'", 'JSON has no comments'],
    ['{"a": [1, 2}', "line 1, column 12: not valid JSON: expected ',' or ']', found '}'", undefined],
    ['{"a": 1', "line 1, column 8: not valid JSON: expected ',' or '}', found the end of the text", "a '}' is missing"],
    [
      '"a\nb"',
      "line 1, column 3: not valid JSON: expected the closing double quote of a string, found '\\n'",
      undefined,
    ],
    [
      '"C:\\data"',
      "line 1, column 4: not valid JSON: expected an escape sequence, found '\\\\'",
      'write \\\\ for a backslash',
    ],
    ['01', "line 1, column 2: not valid JSON: expected nothing after the JSON value, found '1'", undefined],
    ['{"ключ": 𝑥}', "line 1, column 10: not valid JSON: expected a value, found '𝑥'", undefined],
    ['[1] [2]', "line 1, column 5: not valid JSON: expected nothing after the JSON value, found '['", undefined],
  ])('locates the error in %j', (text, message, hint) => {
    const error = problem(text);
    expect(error.message).toBe(`a.json: ${message}`);
    expect(error.hint).toBe(hint);
  });

  it('survives deep nesting', () => {
    expect(problem('['.repeat(100_000)).message).toMatch('expected at most 500 levels of nesting');
  });

  it('accepts what JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text, 'a.json')).toEqual(JSON.parse(text));
      }),
    );
  });

  it('names a place inside the text for every text cut short', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        const cut = text.slice(0, at % text.length);
        const [, line, column] = /line (\d+), column (\d+)/.exec(problem(cut).message)!;
        expect(Number(line)).toBe(1);
        expect(Number(column)).toBeLessThanOrEqual([...cut].length + 1);
      }),
    );
  });
});
