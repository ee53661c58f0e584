import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonArgument } from '../../../src/cli/aws/json-reader.js';
import type { OutputError } from '../../../src/cli/output/errors.js';
import { checkQuery } from '../../../src/cli/output/query.js';
import { writeJson } from '../../../src/cli/output/write-json.js';
import { runJmespath } from './aws-oracle.js';
import { Random } from './random.js';

const DOCUMENT =
  '{"a":{"b":[1,2.5,{"c":"x","d":null}],"é":"ü"},"s":"hello","n":3,"f":2.0,"z":0,"e":[],"o":{},"t":true,"l":[3,1,2],' +
  '"m":[{"k":2,"v":"b"},{"k":1,"v":"a"},{"k":3,"v":null}],"st":["b","a","é","😀","～"],"mix":[1,"a",null,true,[1,[2]],{"q":1}]}';

/** What an expression gives, as JSON, or its error without the words around it. */
function apply(expression: string, document = DOCUMENT): [string, string] {
  const attempt = <T>(kind: string, work: () => T): T | [string, string] => {
    try {
      return work();
    } catch (error) {
      return [kind, (error as OutputError).message.replace(`Bad value for --query ${expression}: `, '')];
    }
  };
  const query = attempt('syntax error', () => checkQuery(expression));
  if (Array.isArray(query)) return query;
  return attempt(
    'runtime error',
    () => ['result', writeJson(query.apply(readJsonArgument(document)))] as [string, string],
  );
}

describe('--query', () => {
  it.each([
    ['a.b[0]', '1'],
    ['m[?k > `1`].v | [0]', '"b"'],
    ['sort_by(m, &k)[].k', '[\n    1,\n    2,\n    3\n]'],
    ['{x: n, y: length(s)}', '{\n    "x": 3,\n    "y": 5\n}'],
    ['l[::-1]', '[\n    2,\n    1,\n    3\n]'],
    ['nope', 'null'],
    ['f', '2.0'],
    ['avg(l)', '2.0'],
    ['sum(l)', '6'],
    ["to_number('1e3')", '1000.0'],
    ["to_number('12')", '12'],
    ['max(st)', '"😀"'],
    ['length(st[3])', '1'],
    ['`{"2":1,"1":2}`', '{\n    "2": 1,\n    "1": 2\n}'],
  ])('%s', (expression, json) => {
    expect(apply(expression)).toEqual(['result', json]);
  });

  it('refuses an incomplete expression before anything is sent, with a caret under the place', () => {
    expect(() => checkQuery('foo[')).toThrow(
      expect.objectContaining({
        exitCode: 252,
        message: 'Bad value for --query foo[: Invalid jmespath expression: Incomplete expression:\n"foo["\n     ^',
      }),
    );
  });

  it('names function, value and types where an argument has the wrong type', () => {
    const query = checkQuery('length(MLModelName)');
    expect(() => query.apply(new Map([['MLModelId', 'ml-1']]))).toThrow(
      expect.objectContaining({
        exitCode: 255,
        message:
          'In function length(), invalid type for value: None, expected one of: ' +
          "['string', 'array', 'object'], received: \"null\"",
      }),
    );
  });

  it('refuses expressions that are nested without end', () => {
    expect(() => checkQuery('('.repeat(100_000))).toThrow(expect.objectContaining({ exitCode: 252 }));
  });

  it('ends for every text, with a result or an error of its own', () => {
    const characters = fc.constantFrom(...'ab.[]()*&|!=<>`\'"{}:,@ -?1\\é😀');
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 20 }), (text) => {
        const expression = text.join('');
        try {
          checkQuery(expression).apply(readJsonArgument(DOCUMENT));
        } catch (error) {
          expect(error).toMatchObject({ name: expect.stringMatching(/^(OutputError|QueryRuntimeError)$/) });
        }
      }),
      { numRuns: 500 },
    );
  });
});

const ERRORS = [
  ...[
    '',
    ' ',
    'foo.',
    'a..b',
    'foo bar',
    'foo=',
    'a = b',
    'foo[?a',
    'foo[1:2:3:4]',
    'foo[:',
    'foo[1,2]',
    '{a:',
    '{1:2}',
  ],
  ...[
    '[',
    '"foo',
    '"foo\\',
    '`foo',
    '`{`',
    "'foo",
    '"\\u12"',
    '"\\x"',
    '"a"(b)',
    'foo(',
    '(a)(b)',
    '@(a)',
    'a*',
    'a!b',
  ],
  ...[
    '-',
    '- 1',
    '#',
    'é',
    'a.é',
    '😀',
    '"a" 😀',
    'foo[*]bar',
    'foo[0]]',
    'foo)',
    'foo,bar',
    '`"x`',
    '`01`',
    'a[?]',
    '[a,]',
  ],
  ...[
    'length()',
    'length(a,b)',
    'not_null()',
    'bogus(a)',
    'abs(s)',
    'sort(mix)',
    "join(',',l)",
    'sort_by(m,&v)',
    's < n',
    'l[::0]',
  ],
  ...["contains('a',`1`)", 'max_by(m,&v)', 'sum(st)', 'map(k,m)'],
];
const ATOMS = [
  ...[
    'a',
    'a.b',
    's',
    'n',
    'f',
    'z',
    'e',
    'o',
    't',
    'l',
    'm',
    'st',
    'mix',
    '@',
    '*',
    'nope',
    '`1`',
    '`1.0`',
    "'x'",
    '"é"',
  ],
  ...[
    '`{"a": [1.5, true, null]}`',
    'm[*].k',
    'l[0]',
    'l[-1]',
    'l[1:]',
    'l[::-1]',
    'm[?k>`1`]',
    'mix[]',
    '`foo`',
    'a.*',
    'o.*',
  ],
  ...[
    'm[].v',
    '[a,s]',
    '{x: n, y: f}',
    '!t',
    '!z',
    'n && s',
    'e || l',
    '&k',
    'm[0:2].k',
    'a.b[0:1].c',
    'a.b[0][0:1].c',
  ],
];
const FUNCTIONS = [
  ...[
    'abs',
    'avg',
    'ceil',
    'contains',
    'ends_with',
    'floor',
    'join',
    'keys',
    'length',
    'map',
    'max',
    'max_by',
    'min',
    'min_by',
  ],
  ...[
    'not_null',
    'reverse',
    'sort',
    'sort_by',
    'starts_with',
    'sum',
    'to_array',
    'to_number',
    'to_string',
    'type',
    'values',
  ],
];
const TWO = ['contains', 'ends_with', 'join', 'map', 'max_by', 'min_by', 'sort_by', 'starts_with'];
const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', '||', '&&', '|', '.'];
const ENDINGS = [
  '[]',
  '[*]',
  '[0]',
  '[1:]',
  '.*',
  '.k',
  '[?k]',
  '[*].k',
  '[',
  ']',
  '(',
  ')',
  '.',
  '!',
  '=',
  '&',
  '`',
  "'",
  '"',
];

function randomExpression(random: Random): string {
  const kind = random.below(4);
  if (kind === 0) return `${random.pick(ATOMS)} ${random.pick(OPERATORS)} ${random.pick(ATOMS)}`;
  if (kind === 1) return random.pick(ATOMS) + random.pick(ENDINGS) + random.pick(['', '.v', '[0]', ...ATOMS]);
  const name = random.pick(FUNCTIONS);
  const count = random.below(8) === 0 ? random.below(4) : TWO.includes(name) ? 2 : 1;
  return `${name}(${Array.from({ length: count }, () => random.pick(ATOMS)).join(', ')})`;
}

describe('--query, beside the JMESPath of AWS CLI v2', () => {
  it('gives the same results and the same errors', () => {
    const random = new Random(7);
    const expressions = [...ERRORS, ...ATOMS, ...Array.from({ length: 600 }, () => randomExpression(random))];
    const expected = runJmespath(expressions.map((expression) => [expression, DOCUMENT]));
    const kinds = new Set<string>();
    expressions.forEach((expression, index) => {
      const [kind, text] = expected[index];
      if (text.includes('_Expression')) return;
      kinds.add(kind);
      expect([expression, ...apply(expression)]).toEqual([expression, kind, text]);
    });
    expect(kinds).toEqual(new Set(['result', 'runtime error', 'syntax error']));
  }, 60_000);
});
