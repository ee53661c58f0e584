import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/operations/service.js';
import { type Member, type Members, OPERATIONS, type OperationName } from '../../src/operations/shapes.js';
import { validate } from '../../src/operations/validate.js';

const model = { MLModelId: 'ml-1', MLModelType: 'BINARY', TrainingDataSourceId: 'ds-1' };

function problem(operation: OperationName, input: unknown, options = {}): string {
  try {
    validate(operation, input, options);
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code: 'InvalidInputException', status: 400 });
    return (error as ServiceError).message;
  }
  throw new Error('nothing was found');
}

const one = (text: string): string => `1 validation error detected: ${text}`;
const failed = (value: string, path: string, constraint: string): string =>
  one(`Value ${value} at '${path}' failed to satisfy constraint: Member must ${constraint}`);

describe('the input of an operation', () => {
  it('comes back with its members, without unknown and null ones', () => {
    const input = { ...model, MLModelName: null, Bogus: 1, Parameters: { 'sgd.maxPasses': '10' } };
    expect(validate('CreateMLModel', input)).toEqual({ ...model, Parameters: { 'sgd.maxPasses': '10' } });
  });

  it('says everything that is wrong at once', () => {
    expect(problem('CreateMLModel', { MLModelId: 'bad id!', MLModelType: 'binary' })).toBe(
      '3 validation errors detected: ' +
        "Value 'bad id!' at 'MLModelId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value 'binary' at 'MLModelType' failed to satisfy constraint: Member must satisfy enum value set: [REGRESSION, BINARY, MULTICLASS]; " +
        "Value null at 'TrainingDataSourceId' failed to satisfy constraint: Member must not be null",
    );
  });

  it('names the path of a nested member', () => {
    const input = { DataSourceId: 'ds', DataSpec: { DataLocationS3: 'http://x' } };
    expect(problem('CreateDataSourceFromS3', input)).toBe(
      failed("'http://x'", 'DataSpec.DataLocationS3', 'satisfy regular expression pattern: s3://([^/]+)(/.*)?'),
    );
    const tags = { ResourceId: 'x', ResourceType: 'MLModel', Tags: [{ Key: 'a' }, { Key: 'b', Value: 7 }] };
    expect(problem('AddTags', tags)).toBe(failed('7', 'Tags[1].Value', 'be a string'));
    const record = { MLModelId: 'x', PredictEndpoint: 'http://h', Record: { age: 32 } };
    expect(problem('Predict', record)).toBe(failed('32', 'Record.age', 'be a string'));
  });

  it.each([
    ['an id that is too long', 'GetMLModel', { MLModelId: 'x'.repeat(65) }, 'have length less than or equal to 64'],
    ['an empty id', 'GetMLModel', { MLModelId: '' }, 'have length greater than or equal to 1'],
    ['a limit of 0', 'DescribeMLModels', { Limit: 0 }, 'have value greater than or equal to 1'],
    ['a limit of 101', 'DescribeMLModels', { Limit: 101 }, 'have value less than or equal to 100'],
    ['a limit of 1.5', 'DescribeMLModels', { Limit: 1.5 }, 'be a whole number'],
    ['a text for a flag', 'GetMLModel', { MLModelId: 'x', Verbose: 'true' }, 'be true or false'],
    ['NaN', 'UpdateMLModel', { MLModelId: 'x', ScoreThreshold: 'NaN' }, 'be a number'],
    ['a list for a map', 'CreateMLModel', { ...model, Parameters: ['a'] }, 'be a map'],
    ['a map for a list', 'DeleteTags', { TagKeys: {}, ResourceId: 'x', ResourceType: 'MLModel' }, 'be a list'],
    ['no object', 'GetMLModel', [1], 'be a JSON object'],
  ] as const)('refuses %s', (_, operation, input, constraint) => {
    expect(problem(operation, input)).toContain(`Member must ${constraint}`);
  });

  it('counts characters, not code units', () => {
    expect(validate('UpdateMLModel', { MLModelId: 'x', MLModelName: '𝒳'.repeat(1024) })).toHaveProperty('MLModelName');
    expect(problem('UpdateMLModel', { MLModelId: 'x', MLModelName: '𝒳'.repeat(1025) })).toContain('1024');
  });

  it('takes any http URL as an endpoint, as clients do', () => {
    for (const PredictEndpoint of [
      'http://127.0.0.1:18231',
      'https://realtime.machinelearning.us-east-1.amazonaws.com',
    ]) {
      expect(validate('Predict', { MLModelId: 'x', Record: {}, PredictEndpoint })).toHaveProperty('Record');
    }
    expect(problem('Predict', { MLModelId: 'x', Record: {}, PredictEndpoint: 'ftp://h' })).toContain('PredictEndpoint');
  });

  it('takes URIs of files only where it is told to', () => {
    const input = { DataSourceId: 'ds', DataSpec: { DataLocationS3: 'file:///data/x.csv', DataSchema: '{}' } };
    expect(problem('CreateDataSourceFromS3', input)).toContain("'file:///data/x.csv'");
    expect(validate('CreateDataSourceFromS3', input, { fileUris: true })).toEqual(input);
  });

  it('does not show passwords', () => {
    const DatabaseCredentials = { Username: 'me', Password: 'secret' };
    const text = problem('CreateDataSourceFromRedshift', { DataSpec: { DatabaseCredentials } });
    expect(text).toContain("Value '***' at 'DataSpec.DatabaseCredentials.Password'");
    expect(text).not.toContain('secret');
  });

  it('keeps keys that name things of the language as what they are', () => {
    const input = JSON.parse(
      '{"MLModelId":"x","PredictEndpoint":"http://h","Record":{"__proto__":"1","constructor":"2"}}',
    );
    const { Record: record } = validate('Predict', input) as { Record: object };
    expect(Object.entries(record)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(problem('GetMLModel', JSON.parse('{"__proto__":{"MLModelId":"x"}}'))).toContain("Value null at 'MLModelId'");
  });

  it('looks at long texts in linear time', () => {
    // A quadratic scan takes minutes.
    const began = performance.now();
    problem('CreateEvaluation', { EvaluationName: ' '.repeat(1024), EvaluationId: '-'.repeat(1_000_000) });
    problem('CreateMLModel', { ...model, Recipe: 'x'.repeat(5_000_000) });
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

/** A value that satisfies a member's shape. */
function valid(member: Member): fc.Arbitrary<unknown> {
  switch (member.type) {
    case 'structure':
      return fc.record(Object.fromEntries(Object.entries(member.members).map(([name, m]) => [name, valid(m)])));
    case 'list':
      return fc.array(valid(member.item), { maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.string({ maxLength: 5 }), valid(member.value), { maxKeys: 3 });
    case 'boolean':
      return fc.boolean();
    case 'string':
      if (member.enum) return fc.constantFrom(...member.enum);
      if (member.pattern?.includes('amazon')) return fc.constant('http://localhost:80');
      if (member.pattern)
        return fc
          .stringMatching(new RegExp(`^(?:${PATTERNS.get(member.pattern) ?? member.pattern})$`, 'u'), { maxLength: 40 })
          .filter((text) => text.length >= (member.minLength ?? 0));
      return fc.string({ minLength: member.minLength ?? 0, maxLength: Math.min(member.maxLength ?? 40, 40) });
    case 'float':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    default:
      return fc.integer({ min: member.minimum ?? 0, max: member.maximum ?? 1000 });
  }
}
/** Where the generator of texts does not know a class of characters. */
const PATTERNS = new Map([['^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$', '[a-zA-Zäß0-9 _.:/=+\\-@]*']]);

const inputs = fc.constantFrom(...(Object.keys(OPERATIONS) as OperationName[])).chain((operation) => {
  const members: Members = OPERATIONS[operation].input;
  return fc.tuple(fc.constant(operation), valid({ type: 'structure', members }));
});

describe('any input', () => {
  it('that satisfies its shape comes back unchanged', () => {
    fc.assert(
      fc.property(inputs, ([operation, input]) => {
        expect(validate(operation, input)).toEqual(input);
      }),
      { numRuns: 300 },
    );
  });

  it('with one member that breaks its shape is refused, and the message names it', () => {
    const broken = inputs.chain(([operation, input]) => {
      const names = Object.keys(OPERATIONS[operation].input);
      return fc.tuple(fc.constant(operation), fc.constant(input as object), fc.constantFrom(...names));
    });
    fc.assert(
      fc.property(broken, ([operation, input, name]) => {
        const text = problem(operation, { ...input, [name]: () => 'no JSON' });
        expect(text).toMatch(new RegExp(`^1 validation error detected: Value .* at '${name}' failed`));
      }),
      { numRuns: 200 },
    );
  });

  it('of whatever JSON is refused with at most 2,048 characters, or taken', () => {
    const operations = fc.constantFrom(...(Object.keys(OPERATIONS) as OperationName[]));
    fc.assert(
      fc.property(operations, fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (operation, value, wrap) => {
        const names = Object.keys(OPERATIONS[operation].input);
        const input = wrap ? Object.fromEntries(names.map((name) => [name, value])) : value;
        try {
          validate(operation, input);
        } catch (error) {
          expect(error).toMatchObject({ code: 'InvalidInputException' });
          expect((error as Error).message.length).toBeLessThanOrEqual(2048);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('with thousands of problems gets a message that says how many it left out', () => {
    const Record = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`attribute ${i}`, i]));
    const text = problem('Predict', { Record });
    expect(text.length).toBeLessThanOrEqual(2048);
    expect(text).toMatch(/; and \d+ more$/);
  });
});
