import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../src/cli/aws/configuration.js';
import type { Connection } from '../../../src/cli/aws/connect.js';
import { JsonError, readJsonArgument } from '../../../src/cli/aws/json-reader.js';
import { optionName } from '../../../src/cli/aws/option-names.js';
import { WAITER_OF_COMMAND } from '../../../src/cli/aws/option-tables.js';
import { readShorthand, ShorthandError } from '../../../src/cli/aws/shorthand.js';
import { similarChoices } from '../../../src/cli/aws/similar.js';
import { waitUntilAvailable } from '../../../src/cli/aws/waiter.js';
import { temporaryFolder } from '../../helpers/cli.js';

describe('names of options', () => {
  it.each([
    ['MLModelId', 'ml-model-id'],
    ['RDSData', 'rds-data'],
    ['RoleARN', 'role-arn'],
    ['EQ', 'eq'],
    ['BatchPredictionDataSourceId', 'batch-prediction-data-source-id'],
  ])('%s is --%s', (member, name) => {
    expect(optionName(member)).toBe(name);
  });
  it('are those of the waiters too', () => {
    expect([...WAITER_OF_COMMAND.keys()]).toEqual([
      'batch-prediction-available',
      'data-source-available',
      'evaluation-available',
      'ml-model-available',
    ]);
  });
});

describe('similar choices', () => {
  // Figures of Python 3.11's difflib: get_close_matches(word, choices, cutoff=0.8)
  it('come the most similar first', () => {
    expect(similarChoices('create-mlmodel', ['create-ml-model', 'delete-ml-model'])).toEqual(['create-ml-model']);
    expect(similarChoices('tex', ['text', 'json'])).toEqual(['text']);
    expect(similarChoices('xyz', ['text', 'json'])).toEqual([]);
  });
});

describe('JSON of options', () => {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (value instanceof Map) return Object.fromEntries(Array.from(value, ([name, member]) => [name, plain(member)]));
    return typeof value === 'object' && value !== null ? (value as { value: number }).value : value;
  };
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(plain(readJsonArgument(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
  it('refuses what JSON.parse refuses', () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]":,.-+eE01 ntrufalse\\') });
    fc.assert(
      fc.property(text, (given) => {
        let valid = true;
        try {
          JSON.parse(given);
        } catch {
          valid = false;
        }
        if (valid) readJsonArgument(given);
        else expect(() => readJsonArgument(given)).toThrow(JsonError);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('shorthand', () => {
  it('reads quoted values back', () => {
    const key = fc.stringMatching(/^[A-Za-z0-9_.#/:-]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.string(), { minKeys: 1, maxKeys: 4 }), (values) => {
        // A backslash before a quote or another one would need rules of its own.
        const clean = Object.entries(values).map(([name, value]) => [name, value.replaceAll('\\', '')] as const);
        const text = clean.map(([name, value]) => `${name}="${value.replaceAll('"', '\\"')}"`).join(',');
        expect([...readShorthand(text)]).toEqual(clean);
      }),
    );
  });
  it('ends for any text with a value or a ShorthandError', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab=,[]{}"\'\\ \n') }), (text) => {
        try {
          readShorthand(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ShorthandError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('waiting', () => {
  const connection = (...answers: object[]): Connection & { asked: number } => ({
    local: true,
    asked: 0,
    async call() {
      return answers[Math.min(this.asked++, answers.length - 1)] as never;
    },
    async close() {},
  });
  const list = (...statuses: string[]): object => ({ Results: statuses.map((Status) => ({ Status })) });
  const pace = { intervalMs: 1, attempts: 3 };

  it('ends when there is something and all of it is COMPLETED', async () => {
    const service = connection(list(), list('COMPLETED', 'INPROGRESS'), list('COMPLETED', 'COMPLETED'));
    await waitUntilAvailable(service, 'MLModelAvailable', new Map(), pace);
    expect(service.asked).toBe(3);
  });
  it('gives up after the last attempt', async () => {
    const waiting = waitUntilAvailable(connection(list('DELETED')), 'EvaluationAvailable', new Map(), pace);
    await expect(waiting).rejects.toThrow('Waiter EvaluationAvailable failed: Max attempts exceeded');
  });
});

describe('configuration', () => {
  const folder = temporaryFolder();
  const read = async (text: string, variables: Record<string, string> = {}, profile?: string) => {
    await writeFile(folder.file('config'), text);
    const files = { AWS_CONFIG_FILE: folder.file('config'), AWS_SHARED_CREDENTIALS_FILE: folder.file('none') };
    return new Configuration(profile, { ...files, ...variables });
  };
  const ENDPOINTS = `[default]
endpoint_url = http://general/
[profile dev]
services = local
endpoint_url = http://general/
cli_pager =
[services local]
machine_learning =
  endpoint_url = http://service/
`;

  it('finds the endpoint: the variable of the service, the general one, the services section, the profile', async () => {
    const both = { AWS_ENDPOINT_URL_MACHINE_LEARNING: 'http://a/', AWS_ENDPOINT_URL: 'http://b/' };
    expect((await read(ENDPOINTS, both, 'dev')).endpointUrl).toBe('http://a/');
    expect((await read(ENDPOINTS, { AWS_ENDPOINT_URL: 'http://b/' }, 'dev')).endpointUrl).toBe('http://b/');
    expect((await read(ENDPOINTS, {}, 'dev')).endpointUrl).toBe('http://service/');
    expect((await read(ENDPOINTS)).endpointUrl).toBe('http://general/');
    expect((await read(ENDPOINTS, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })).endpointUrl).toBeUndefined();
  });
  it('finds the pager: AWS_PAGER, cli_pager, PAGER, less; an empty one is none', async () => {
    expect((await read(ENDPOINTS, { AWS_PAGER: '', PAGER: 'more' })).pager).toBe('');
    expect((await read(ENDPOINTS, { PAGER: 'more' }, 'dev')).pager).toBe('');
    expect((await read(ENDPOINTS, { PAGER: 'more' })).pager).toBe('more');
    expect((await read(ENDPOINTS)).pager).toBe('less');
  });
  it('refuses a file that is none', async () => {
    await expect(read('no setting\n')).rejects.toThrow(`Unable to parse config file: ${folder.file('config')}`);
  });
});
