import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerCommandLine } from '../../src/cli/aws/run-service.js';
import { type Finished, run } from '../helpers/cli.js';
import { inProcess } from '../helpers/in-process.js';
import { AwsUser, rearrangement } from './aws.js';
import { KEY, REGION, Serving } from './serving.js';

const FORMATS = ['json', 'text', 'table', 'yaml', 'yaml-stream'] as const;
const COMMANDS = [
  'get-data-source --data-source-id ds-2 --verbose',
  'get-ml-model --ml-model-id ml-1 --verbose',
  'get-evaluation --evaluation-id ev-1',
  'get-batch-prediction --batch-prediction-id bp-1',
  'get-ml-model --ml-model-id ml-failed',
  'describe-ml-models --page-size 1 --sort-order dsc',
  'describe-data-sources --max-items 1 --filter-variable Name',
  'describe-evaluations --no-paginate --filter-variable Status --ne COMPLETED',
  'describe-tags --resource-type MLModel --resource-id ml-1',
  'predict --ml-model-id ml-2 --predict-endpoint URL --record age=44,job=blue-collar,duration=1200',
];
const REFUSED = [
  'get-ml-model --ml-model-id none',
  'create-evaluation --evaluation-id ev-1 --ml-model-id ml-1 --evaluation-data-source-id ds-1',
  'create-ml-model --ml-model-id x! --ml-model-type b --training-data-source-id ds-1',
  'update-ml-model --ml-model-id ml-2 --score-threshold 0.25',
  'describe-ml-models --filter-variable CreatedAt --eq yesterday',
];
const QUERIES = [
  'Results[].[MLModelId,Status,SizeInBytes]',
  "Results[?Status=='COMPLETED'].{Id: MLModelId, Parameters: TrainingParameters}",
  'sort_by(Results, &CreatedAt)[-1].{at: CreatedAt, name: Name, passes: TrainingParameters."sgd.maxPasses"}',
  'length(Results)',
  'Results[0].EndpointInfo',
  'Results[].TrainingParameters | [0].keys(@)',
  "Results[?contains(MLModelId, 'failed')].Message | [0]",
  'Results[*].SizeInBytes | max(@)',
  'Results[].Nope',
];

let serving: Serving;
let aws: AwsUser;
beforeAll(async () => {
  serving = await Serving.start();
  aws = await AwsUser.open(serving);
  await serving.putFixture('bank/banking.csv', 'banking.csv.gz');
  await serving.putFixture('bank/banking.csv.schema', 'banking.csv.gz.schema');
  for (const [id, range] of [
    ['ds-1', rearrangement(0, 70)],
    ['ds-2', rearrangement(70, 100)],
  ]) {
    const spec = `DataLocationS3=s3://bank/banking.csv,DataRearrangement='${range}'`;
    const named = ['--data-source-id', id, '--data-source-name', `bänk „${id}“, 10 %: yes`];
    await aws.json('create-data-source-from-s3', ...named, '--data-spec', spec, '--compute-statistics');
  }
  const model = ['--ml-model-type', 'BINARY', '--training-data-source-id', 'ds-1'];
  await aws.json('create-ml-model', '--ml-model-id', 'ml-1', '--ml-model-name', '1e3', ...model);
  await aws.json('create-ml-model', '--ml-model-id', 'ml-2', ...model, '--parameters', 'sgd.maxPasses=2');
  await aws.json('create-ml-model', '--ml-model-id', 'ml-failed', ...model, '--recipe-uri', 's3://bank/none.json');
  await aws.json(
    'create-evaluation',
    '--evaluation-id',
    'ev-1',
    '--ml-model-id',
    'ml-1',
    '--evaluation-data-source-id',
    'ds-2',
  );
  const batch = ['--ml-model-id', 'ml-1', '--batch-prediction-data-source-id', 'ds-2', '--output-uri', 's3://bank/o/'];
  await aws.json('create-batch-prediction', '--batch-prediction-id', 'bp-1', ...batch);
  await aws.json('add-tags', '--resource-type', 'MLModel', '--resource-id', 'ml-1', '--tags', 'Key=a,Value=ü', 'Key=b');
  await aws.text('wait', 'batch-prediction-available');
  await aws.text('wait', 'evaluation-available');
  await aws.json('create-realtime-endpoint', '--ml-model-id', 'ml-2');
}, 60_000);
afterAll(async () => {
  aws?.close();
  await serving?.close();
});

const environment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: serving.file('nobody'),
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  AWS_ACCESS_KEY_ID: KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
  AWS_DEFAULT_REGION: REGION,
});
const ours = (...args: string[]): Promise<Finished> =>
  inProcess(environment(), serving.s3, () => answerCommandLine('machinelearning', args));
/** The local store's endpoints have another URL than the server's. */
const withoutUrl = ({ stdout, ...rest }: Finished): Finished => ({
  ...rest,
  stdout: stdout.replaceAll(/http:\/\/[\w.:]+ */g, 'URL'),
});

/** AWS's CLI and ours at the server, and ours on the store itself. */
async function expectTheSame(...args: string[]): Promise<void> {
  const line = args.map((arg) => (arg === 'URL' ? serving.url : arg));
  const running = aws.run(line);
  // One after the other: what they print is caught in this process.
  const atServer = await ours(...line, '--endpoint-url', serving.url);
  const local = await ours(...line, '--home', serving.home, '--s3-root', serving.s3);
  const theirs = await running;
  expect(atServer).toEqual(theirs);
  expect(withoutUrl(local)).toEqual(withoutUrl(theirs));
  expect([0, 254]).toContain(theirs.code);
}

describe('AWS CLI, our command at the server, and our command on the store print the same', { timeout: 30_000 }, () => {
  describe.each(COMMANDS)('%s', (command) => {
    it.each(FORMATS)('as %s', (format) => expectTheSame(...command.split(' '), '--output', format));
  });

  describe.each(QUERIES)('--query %s', (query) => {
    it.each(['json', 'table'])('as %s', (format) =>
      expectTheSame('describe-ml-models', '--query', query, '--output', format),
    );
  });

  it.each(REFUSED)('%s, refused', (command) => expectTheSame(...command.split(' ')));

  it('the programs themselves do, too', async () => {
    const command = ['get-ml-model', '--ml-model-id', 'ml-1', '--output', 'table'];
    const options = {
      command: 'machinelearning',
      environment: { ...environment(), AWS_CONFIG_FILE: serving.file('none') },
    } as const;
    const [theirs, atServer, local] = await Promise.all([
      aws.run(command),
      run([...command, '--endpoint-url', serving.url], options),
      run([...command, '--home', serving.home], options),
    ]);
    expect(atServer).toEqual(theirs);
    expect(local).toEqual(theirs);
  });
});
