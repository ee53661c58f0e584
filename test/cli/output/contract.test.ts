import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type FormatOptions,
  formatResponse,
  OUTPUT_FORMATS,
  openPageFormatter,
} from '../../../src/cli/output/format.js';
import { checkQuery } from '../../../src/cli/output/query.js';
import { printSkeleton } from '../../../src/cli/output/skeleton.js';
import { Float, numberText, type Value } from '../../../src/cli/output/value.js';
import { writeYaml } from '../../../src/cli/output/write-yaml.js';
import type { Message } from '../../../src/operations/service.js';
import type { OperationName } from '../../../src/operations/shapes.js';
import { inZone } from './zone.js';

/** Outputs of AWS CLI 2.9.19 for the responses in responses.json, zone UTC. */
const expected = (name: string): string => readFileSync(new URL(`expected/${name}`, import.meta.url), 'utf8');
const RESPONSES = JSON.parse(expected('responses.json')) as Record<
  string,
  { operation: OperationName; response: Message }
>;

describe('a response', () => {
  for (const [name, { operation, response }] of Object.entries(RESPONSES)) {
    it.each(OUTPUT_FORMATS)(`${name} as %s`, (output) => {
      expect(inZone('UTC', () => formatResponse(operation, response, { output }))).toBe(
        expected(`${name}.${output}.out`),
      );
    });
  }

  it.each(OUTPUT_FORMATS)('without members prints nothing as %s', (output) => {
    expect(formatResponse('CreateMLModel', { Unknown: 1, MLModelId: null }, { output })).toBe('');
  });

  it('prints timestamps in the local zone, microseconds only if there are some', () => {
    const show = (CreatedAt: unknown, options: Partial<FormatOptions> = {}): string =>
      formatResponse('GetMLModel', { CreatedAt }, { output: 'text', ...options });
    expect(inZone('UTC', () => show(1435616399.1234567))).toBe('2015-06-29T22:19:59.123457+00:00\n');
    expect(inZone('America/New_York', () => show(1435616399.123))).toBe('2015-06-29T18:19:59.123000-04:00\n');
    expect(inZone('Asia/Kathmandu', () => show(1435616399))).toBe('2015-06-30T04:04:59+05:45\n');
    expect(show(1435616399.5, { timestampFormat: 'wire' })).toBe('1435616399.5\n');
  });

  it.each([
    [1435616399123, 'year 47462 is out of range'],
    ['x', 'Invalid timestamp "x": Unknown string format: x'],
  ])('refuses the timestamp %j', (CreatedAt, message) => {
    expect(() => formatResponse('GetMLModel', { CreatedAt }, { output: 'json' })).toThrow(
      expect.objectContaining({ message, exitCode: 255 }),
    );
  });

  it('colours cells blue and bars yellow on request', () => {
    const text = formatResponse('DescribeTags', { Tags: [{ Key: 'k', Value: 'v' }] }, { output: 'table', color: true });
    expect(text).toContain('\x1b[1m\x1b[34mk\x1b[0m');
    expect(text).toContain('\x1b[2m\x1b[33m|\x1b[0m');
  });

  it('turns single rows on their side where the terminal is too narrow', () => {
    const response = { MLModelId: 'ml-1', Name: 'a model', Status: 'COMPLETED' };
    const narrow = formatResponse('GetMLModel', response, { output: 'table', width: 30 });
    expect(narrow).toContain('|  MLModelId |  ml-1       |\n');
    expect(formatResponse('GetMLModel', response, { output: 'table' })).toContain('| MLModelId |   Name    |');
  });
});

describe('pages', () => {
  const pages = [
    { Results: [{ MLModelId: 'a' }, { MLModelId: 'b' }], NextToken: 'T1' },
    { Results: [{ MLModelId: 'c' }] },
  ];
  const print = (options: FormatOptions, resumeToken?: string): string => {
    const formatter = openPageFormatter('DescribeMLModels', options);
    return pages.map((page) => formatter.page(page)).join('') + formatter.end(resumeToken);
  };

  it('are one list in json, yaml and table', () => {
    expect(JSON.parse(print({ output: 'json' }))).toEqual({
      Results: 'abc'.split('').map((MLModelId) => ({ MLModelId })),
    });
    expect(print({ output: 'yaml' }, 'TOKEN')).toBe(
      'NextToken: TOKEN\nResults:\n- MLModelId: a\n- MLModelId: b\n- MLModelId: c\n',
    );
  });

  it('are printed and queried one by one in text', () => {
    expect(print({ output: 'text', query: checkQuery('length(Results)') })).toBe('2\n1\n');
    expect(print({ output: 'text' }, 'TOKEN')).toBe('RESULTS\ta\nRESULTS\tb\nRESULTS\tc\nNEXTTOKEN\tTOKEN\n');
  });

  it('keep their tokens in yaml-stream', () => {
    expect(print({ output: 'yaml-stream' })).toBe(
      '- NextToken: T1\n  Results:\n  - MLModelId: a\n  - MLModelId: b\n- Results:\n  - MLModelId: c\n',
    );
  });
});

describe('--query on a list', () => {
  const { operation, response } = RESPONSES['describe-ml-models'];
  it.each([
    ['Results[].MLModelId', 'text', 'a\tb\n'],
    ['Results[].[MLModelId,Name]', 'text', 'a\tn1\nb\tNone\n'],
    ['Results[].[MLModelId,Name]', 'yaml', '- - a\n  - n1\n- - b\n  - null\n'],
    ['Results[].{Id:MLModelId,N:Name}', 'yaml', '- Id: a\n  N: n1\n- Id: b\n  N: null\n'],
    ['Results[0].MLModelId', 'yaml', '"a"\n'],
    ['Results[9]', 'json', 'null\n'],
    ['Results[9]', 'text', 'None\n'],
    [
      '[Results[0].TrainingParameters,Results[0].TrainingParameters]',
      'yaml',
      "- &id001\n  sgd.maxPasses: '1'\n- *id001\n",
    ],
  ] as const)('%s as %s', (query, output, text) => {
    expect(formatResponse(operation, response, { output, query: checkQuery(query) })).toBe(text);
  });

  it('refuses rows of different lengths in a table', () => {
    const query = checkQuery('[[Results[0].MLModelId, `1`], [`2`]]');
    expect(() => formatResponse(operation, response, { output: 'table', query })).toThrow(
      expect.objectContaining({ exitCode: 255, message: 'Row should have 2 elements, instead it has 1' }),
    );
  });
});

describe('skeletons', () => {
  it('fill enumerations with their first value', () => {
    expect(JSON.parse(printSkeleton('CreateMLModel', 'input'))).toEqual({
      MLModelId: '',
      MLModelName: '',
      MLModelType: 'REGRESSION',
      Parameters: { KeyName: '' },
      TrainingDataSourceId: '',
      Recipe: '',
      RecipeUri: '',
    });
  });

  it('say in YAML which members are required and which values are valid', () => {
    const lines = printSkeleton('CreateMLModel', 'yaml-input').split('\n');
    expect(lines[0]).toMatch(/^MLModelId: '' {2}# \[REQUIRED\] .+\.$/);
    expect(lines[2]).toMatch(
      /^MLModelType: REGRESSION # \[REQUIRED\] .+\. Valid values are: REGRESSION, BINARY, MULTICLASS\.$/,
    );
    expect(parse(lines.join('\n'))).toEqual(JSON.parse(printSkeleton('CreateMLModel', 'input')));
  });

  it('hold the names of their members in a sample of a response, which can be queried', () => {
    expect(printSkeleton('CreateMLModel', 'output')).toBe('{\n    "MLModelId": "MLModelId"\n}\n');
    const options = { output: 'text', query: checkQuery('CreatedAt') } as const;
    expect(printSkeleton('GetMLModel', 'output', options)).toBe('1970-01-01 00:00:00\n');
  });

  it('refuse the sample that AWS refuses', () => {
    expect(() => printSkeleton('Predict', 'output')).toThrow(expect.objectContaining({ exitCode: 252 }));
  });
});

describe('numbers', () => {
  it.each([
    [0.5, '0.5'],
    [1e-7, '1e-07'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e16, '15000000000000000'],
    [new Float(1.5e16), '1.5e+16'],
    [new Float(1), '1.0'],
    [new Float(-0), '-0.0'],
    [123456.789, '123456.789'],
    [312, '312'],
  ])('%j is %s', (number, text) => {
    expect(numberText(number)).toBe(text);
  });

  it('are read back as the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(numberText(new Float(number)))).toBe(number);
      }),
      { seed: 1 },
    );
  });
});

describe('YAML', () => {
  it('is read back as the same value by a YAML parser', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'ab :#-\n"\'é日,[]{}\\|>&*!%@?x1.~', '  ', 'word '),
      maxLength: 120,
    });
    const { tree } = fc.letrec<{ tree: Value; node: Value }>((tie) => ({
      tree: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
      node: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.constantFrom(null, true, 1, 0.5),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(text, tie('node'), { maxKeys: 3 }).map((members) => new Map(Object.entries(members)) as Value),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(parse(writeYaml(value), { mapAsMap: true })).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});
