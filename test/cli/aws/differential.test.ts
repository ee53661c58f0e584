import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerCommandLine } from '../../../src/cli/aws/run-service.js';
import { AwsCli } from '../../helpers/aws-cli.js';
import { type Finished, temporaryFolder } from '../../helpers/cli.js';
import { inProcess } from '../../helpers/in-process.js';
import { RecordingServer } from '../../helpers/recording-server.js';
import {
  ANSWER_CASES,
  type ArgumentCase,
  COMMAND_CASES,
  DOCUMENT_CASES,
  PAGING_CASES,
  PARAMETER_CASES,
  USAGE_CASES,
} from './argument-cases.js';

const CONFIG = `[default]
output = json
[profile dev]
region = eu-west-1
output = yaml
aws_access_key_id = DEV
aws_secret_access_key = secret
[profile half]
aws_access_key_id = HALF
[profile wire]
cli_timestamp_format = wire
[profile odd]
cli_timestamp_format = odd
`;
const FILES: Readonly<Record<string, string | Buffer>> = {
  config: CONFIG,
  'map.txt': 'a=1,b=x y\n',
  'map.json': '{"a": "1"}\n',
  'latin1.txt': Buffer.from('a=\xe9', 'latin1'),
  'recipe.json': '{"groups":{},\n"outputs":["ALL_INPUTS"]}\n',
  'crlf.txt': 'a\r\nb\rc\n',
  'tags.json': '[{"Key":"k","Value":"v"}]\n',
  'input.json': '{"MLModelId":"f","MLModelType":"BINARY","TrainingDataSourceId":"d"}\n',
  'input.yaml':
    'MLModelId: f # id\nMLModelType: BINARY\nTrainingDataSourceId: "d"\nParameters:\n  sgd.maxPasses: "10"\n',
};

const folder = temporaryFolder();
const server = new RecordingServer();
let aws: AwsCli;
let count = 0;

/** The real AWS CLI and ours, on the same arguments, against the same server. */
describe('the same as the AWS CLI', () => {
  beforeAll(async () => {
    await server.listen();
    for (const [name, content] of Object.entries(FILES)) await writeFile(folder.file(name), content);
    aws = new AwsCli();
  });
  afterAll(async () => {
    aws.close();
    await server.close();
  });

  const groups = { PARAMETER_CASES, USAGE_CASES, DOCUMENT_CASES, COMMAND_CASES, PAGING_CASES, ANSWER_CASES };
  for (const [name, cases] of Object.entries(groups)) {
    describe(name.toLowerCase().replace('_', ' '), () => {
      it.each(cases.map((one) => [title(one), one] as const))('%s', async (_, one) => {
        const [theirs, ours] = await Promise.all([runAws(one), runOurs(one)]);
        expect(ours).toEqual(theirs);
      });
    });
  }
});

function title({ args, environment, replies }: ArgumentCase): string {
  const settings = Object.entries(environment ?? {}).map(([name, value]) => `${name}=${value} `);
  const answer = replies && replies.length === 1 ? ` → ${JSON.stringify(replies[0])}` : '';
  return JSON.stringify(`${settings.join('')}${args.join(' ')}${answer}`);
}

interface Outcome extends Finished {
  readonly requests: readonly unknown[];
}

async function runAws(one: ArgumentCase): Promise<Outcome> {
  const { args, path } = address(one);
  const outcome = await aws.run(['machinelearning', ...args], environment(one), folder.path);
  return { ...outcome, stderr: rename(withoutPath(outcome.stderr, path)), requests: requests(path) };
}

async function runOurs(one: ArgumentCase): Promise<Outcome> {
  const { args, path } = address(one);
  const outcome = await inProcess(environment(one), folder.path, () => answerCommandLine('machinelearning', args));
  return { ...outcome, stderr: withoutPath(outcome.stderr, path), requests: requests(path) };
}

/** A path of its own for each run, by which the server tells them apart. */
function address({ args, bare, replies }: ArgumentCase): { args: readonly string[]; path: string } {
  const path = `/run-${++count}`;
  server.answer(path, replies ?? [{ body: '{"MLModelId": "ml-1"}' }]);
  return { args: bare ? args : [...args, '--endpoint-url', server.origin + path], path };
}

function environment(one: ArgumentCase): Record<string, string> {
  const variables: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: folder.path,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    AWS_CONFIG_FILE: folder.file('config'),
    AWS_SHARED_CREDENTIALS_FILE: folder.file('none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: 'us-east-1',
    ...one.environment,
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}

/** What was sent, but for the signature itself and the names of the clients. */
function requests(path: string): unknown[] {
  return server.recorded(path).map(({ line, headers, body }) => ({
    line: line.replace(path, ''),
    body,
    target: headers['x-amz-target'],
    type: headers['content-type'],
    token: headers['x-amz-security-token'],
    authorization: headers.authorization?.replace(/\/\d{8}\//, '/DAY/').replace(/Signature=[\da-f]{64}$/, 'Signature='),
  }));
}

const withoutPath = (text: string, path: string): string => text.replaceAll(path, '');

/** The AWS CLI's text under the name of our program. */
function rename(text: string): string {
  return text
    .replace('usage: aws [options] machinelearning wait', 'usage: aws [options] wait')
    .replace(/^(usage: | {2})aws /gm, '$1machinelearning ')
    .replace(/^aws: error/m, 'machinelearning: error');
}
