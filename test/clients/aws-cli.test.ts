import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../helpers/cli.js';
import { awsProgram } from '../helpers/installed.js';
import { AwsUser, rearrangement } from './aws.js';
import { Serving } from './serving.js';

const RECIPE = JSON.stringify({
  groups: { PEOPLE: "group('age','job','education')" },
  assignments: { binned_age: 'quantile_bin(age,10)' },
  outputs: ['ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,20)', 'cartesian(binned_age,marital)'],
});
const PARAMETERS = {
  'sgd.maxPasses': '20',
  'sgd.maxMLModelSizeInBytes': '2000000',
  'sgd.shuffleType': 'auto',
  'sgd.l1RegularizationAmount': '0.0',
  'sgd.l2RegularizationAmount': '1.0E-4',
};
const shorthand = (map: Readonly<Record<string, string>>): string =>
  Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
const RECORD = { age: '44', job: 'blue-collar', duration: '1200', poutcome: 'success' };
const TAGGED = ['--resource-id', 'ml-recipe', '--resource-type', 'MLModel'];

let serving: Serving;
let aws: AwsUser;
afterAll(async () => {
  aws?.close();
  await serving?.close();
});

/** A server with the banking data, and a user of it. */
async function open(anonymous: boolean): Promise<void> {
  serving = await Serving.start({ anonymous });
  aws = await AwsUser.open(serving);
  await serving.putFixture('bank/banking.csv', 'banking.csv.gz');
  await serving.putFixture('bank/banking.csv.schema', 'banking.csv.gz.schema');
  await serving.put('bank/recipe.json', RECIPE);
}

const wait = (what: string, variable: string, value: string): Promise<string> =>
  aws.text('wait', `${what}-available`, '--filter-variable', variable, '--eq', value);
const ids = (text: string): string[] => text.trim().split(/\s+/).filter(Boolean).sort();

describe('the AWS CLI with a signing key', { timeout: 60_000 }, () => {
  beforeAll(() => open(false), 30_000);

  it('creates data sources with the schema in the call, at a location, and beside the data', async () => {
    const schema = await readFile(fixture('banking.csv.gz.schema'), 'utf8');
    const data = 's3://bank/banking.csv';
    const spec = JSON.stringify({
      DataLocationS3: data,
      DataSchema: schema,
      DataRearrangement: rearrangement(0, 70),
    });
    const train = ['create-data-source-from-s3', '--data-source-id', 'ds-train', '--data-source-name', 'bänk 0-70'];
    const call = [...train, '--data-spec', spec, '--compute-statistics'];
    expect(await aws.json(...call)).toEqual({ DataSourceId: 'ds-train' });
    expect(await aws.json(...call)).toEqual({ DataSourceId: 'ds-train' });
    expect(await aws.refusal(...train, '--data-spec', spec)).toMatchObject({
      code: 'IdempotentParameterMismatchException',
      operation: 'CreateDataSourceFromS3',
      message: expect.stringContaining("data source 'ds-train' exists already"),
    });
    const test = `DataLocationS3=${data},DataSchemaLocationS3=${data}.schema,DataRearrangement='${rearrangement(0, 70, true)}'`;
    await aws.json('create-data-source-from-s3', '--data-source-id', 'ds-test', '--data-spec', test);
    const all = ['--cli-input-json', JSON.stringify({ DataSourceId: 'ds-all', DataSpec: { DataLocationS3: data } })];
    await aws.json('create-data-source-from-s3', ...all, '--data-source-name', 'all of it');
    expect(await wait('data-source', 'DataLocationS3', data)).toBe('');

    const source = await aws.json('get-data-source', '--data-source-id', 'ds-train', '--verbose');
    const file = await serving.read(data);
    expect(source).toMatchObject({
      DataLocationS3: data,
      DataRearrangement: rearrangement(0, 70),
      DataSizeInBytes: file.length,
      NumberOfFiles: 1,
      Name: 'bänk 0-70',
      Status: 'COMPLETED',
      ComputeStatistics: true,
      DataSourceSchema: schema,
    });
    expect(source.CreatedAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}000)?\+00:00$/);
    expect(Date.parse(source.FinishedAt)).toBeGreaterThanOrEqual(Date.parse(source.StartedAt));
    const brief = await aws.json('get-data-source', '--data-source-id', 'ds-train', '--no-verbose');
    expect(brief).toEqual({ ...source, DataSourceSchema: undefined });
  });

  it('creates models with the default recipe, one in the call, and one at a location', async () => {
    const model = (id: string, ...rest: string[]): Promise<unknown> => {
      const options = ['--ml-model-id', id, '--ml-model-type', 'BINARY', '--training-data-source-id', 'ds-train'];
      return aws.json('create-ml-model', ...options, ...rest);
    };
    await model('ml-default', '--parameters', '{"sgd.maxPasses":"5"}');
    const named = ['--ml-model-name', 'all parameters', '--parameters', shorthand(PARAMETERS)];
    expect(await model('ml-recipe', ...named, '--recipe', 'file://bank/recipe.json')).toEqual({
      MLModelId: 'ml-recipe',
    });
    await model('ml-uri', '--recipe-uri', 's3://bank/recipe.json', '--parameters', 'sgd.maxPasses=5');
    await wait('ml-model', 'TrainingDataSourceId', 'ds-train');

    const [chosen, verbose, uri, standard] = await Promise.all([
      aws.json('get-ml-model', '--ml-model-id', 'ml-recipe'),
      aws.json('get-ml-model', '--ml-model-id', 'ml-recipe', '--verbose'),
      aws.json('get-ml-model', '--ml-model-id', 'ml-uri', '--verbose'),
      aws.json('get-ml-model', '--ml-model-id', 'ml-default', '--verbose'),
    ]);
    expect(chosen).toMatchObject({
      Name: 'all parameters',
      Status: 'COMPLETED',
      MLModelType: 'BINARY',
      ScoreThreshold: 0.5,
      InputDataLocationS3: 's3://bank/banking.csv',
      EndpointInfo: { PeakRequestsPerSecond: 0, EndpointStatus: 'NONE' },
      TrainingParameters: { ...PARAMETERS, algorithm: 'sgd', 'sgd.l2RegularizationAmount': '1E-4' },
    });
    expect(chosen.SizeInBytes).toBeGreaterThan(1000);
    expect(chosen.ComputeTime).toBeGreaterThan(0);
    expect(verbose).toEqual({ ...chosen, Recipe: RECIPE, Schema: verbose.Schema });
    expect(JSON.parse(verbose.Schema).targetAttributeName).toBe('y');
    expect(uri.Recipe).toBe(RECIPE);
    expect(JSON.parse(standard.Recipe).outputs).toContain('ALL_CATEGORICAL');
  });

  it('evaluates, and predicts in batch', async () => {
    const of = ['--ml-model-id', 'ml-recipe'];
    const evaluation = ['--evaluation-id', 'ev', '--evaluation-name', 'held out', '--evaluation-data-source-id'];
    await aws.json('create-evaluation', ...of, ...evaluation, 'ds-test');
    const batch = ['--batch-prediction-id', 'bp', '--batch-prediction-name', 'all', '--output-uri', 's3://bank/out/'];
    await aws.json('create-batch-prediction', ...of, ...batch, '--batch-prediction-data-source-id', 'ds-all');
    await wait('evaluation', 'MLModelId', 'ml-recipe');
    await wait('batch-prediction', 'MLModelId', 'ml-recipe');

    const { PerformanceMetrics, ...rest } = await aws.json('get-evaluation', '--evaluation-id', 'ev');
    expect(Number(PerformanceMetrics.Properties.BinaryAUC)).toBeGreaterThan(0.93);
    expect(rest).toMatchObject({ Name: 'held out', EvaluationDataSourceId: 'ds-test', Status: 'COMPLETED' });

    expect(await aws.json('get-batch-prediction', '--batch-prediction-id', 'bp')).toMatchObject({
      Name: 'all',
      Status: 'COMPLETED',
      OutputUri: 's3://bank/out/',
      TotalRecordCount: 10_297,
      InvalidRecordCount: 0,
    });
    const manifest = JSON.parse(String(await serving.read('s3://bank/out/batch-prediction/bp.manifest')));
    const result = 's3://bank/out/batch-prediction/result/bp-banking.csv.gz';
    expect(manifest).toEqual({ 's3://bank/banking.csv': result });
    const lines = String(gunzipSync(await serving.read(result))).split('\n');
    expect(lines[0]).toBe('trueLabel,bestAnswer,score');
    expect(lines).toHaveLength(10_297 + 2);
    expect(lines[1]).toMatch(/^0,0,\d(\.\d{1,6})?E-\d+$/);
  });

  it('predicts in real time while there is an endpoint', async () => {
    const of = ['--ml-model-id', 'ml-recipe'];
    const record = ['--record', shorthand(RECORD)];
    const early = await aws.refusal('predict', ...of, ...record, '--predict-endpoint', serving.url);
    expect(early).toMatchObject({ code: 'PredictorNotMountedException', operation: 'Predict' });
    const { RealtimeEndpointInfo } = await aws.json('create-realtime-endpoint', ...of);
    expect(RealtimeEndpointInfo).toMatchObject({ EndpointStatus: 'READY', PeakRequestsPerSecond: 200 });
    const at = ['--predict-endpoint', RealtimeEndpointInfo.EndpointUrl];
    const { Prediction } = await aws.json('predict', ...of, ...record, ...at);
    expect(Prediction).toEqual({
      predictedLabel: '1',
      predictedScores: { 1: expect.any(Number) },
      details: { PredictiveModelType: 'BINARY', Algorithm: 'SGD' },
    });
    expect(await aws.json('predict', ...of, '--record', '{}', ...at)).toMatchObject({
      Prediction: { predictedLabel: '0' },
    });
    const wrong = await aws.refusal('predict', ...of, '--record', 'age=x', ...at);
    expect(wrong).toMatchObject({ code: 'InvalidInputException', message: expect.stringContaining('age') });
    const fixed = await aws.refusal('update-ml-model', ...of, '--score-threshold', '0.9');
    expect(fixed.message).toContain('delete the endpoint first');
    const listed = ['--filter-variable', 'RealtimeEndpointStatus', '--eq', 'READY', '--query', 'Results[].MLModelId'];
    expect(await aws.json('describe-ml-models', ...listed)).toEqual(['ml-recipe']);
    const gone = await aws.json('delete-realtime-endpoint', ...of);
    expect(gone.RealtimeEndpointInfo).toEqual({ PeakRequestsPerSecond: 0, EndpointStatus: 'NONE' });
  });

  it('changes names and the threshold', async () => {
    await aws.json('update-ml-model', '--ml-model-id', 'ml-recipe', '--score-threshold', '1');
    await aws.json('update-ml-model', '--ml-model-id', 'ml-default', '--ml-model-name', 'renamed model');
    await aws.json('update-data-source', '--data-source-id', 'ds-test', '--data-source-name', 'renamed source');
    await aws.json('update-evaluation', '--evaluation-id', 'ev', '--evaluation-name', 'renamed evaluation');
    const batch = ['--batch-prediction-id', 'bp', '--batch-prediction-name', 'renamed batch'];
    expect(await aws.json('update-batch-prediction', ...batch)).toEqual({ BatchPredictionId: 'bp' });

    const model = await aws.json('get-ml-model', '--ml-model-id', 'ml-recipe');
    expect(model).toMatchObject({ ScoreThreshold: 1, Name: 'all parameters' });
    expect(Date.parse(model.ScoreThresholdLastUpdatedAt)).toBeGreaterThan(Date.parse(model.FinishedAt));
    const renamed = ['--filter-variable', 'Name', '--prefix', 'renamed', '--query', 'Results[].Name'];
    for (const kind of ['ml-models', 'data-sources', 'evaluations', 'batch-predictions']) {
      expect(await aws.json(`describe-${kind}`, ...renamed)).toHaveLength(1);
    }
  });

  it('pages', async () => {
    const list = (...args: string[]) => aws.json('describe-data-sources', '--filter-variable', 'Name', ...args);
    const named = { query: ['--query', '{ids: Results[].DataSourceId, next: NextToken}'] };
    const all = ['ds-all', 'ds-train', 'ds-test'];
    expect(await list(...named.query)).toEqual({ ids: all, next: null });
    expect(await list('--page-size', '1', '--sort-order', 'dsc', ...named.query)).toEqual({
      ids: all.toReversed(),
      next: null,
    });
    const first = await list('--max-items', '2', '--page-size', '1', ...named.query);
    expect(first).toEqual({ ids: all.slice(0, 2), next: expect.any(String) });
    const second = await list('--starting-token', first.next, '--max-items', '2', ...named.query);
    expect(second).toEqual({ ids: all.slice(2), next: null });
    const page = await list('--limit', '1', ...named.query);
    expect(page).toEqual({ ids: all.slice(0, 1), next: expect.any(String) });
    const next = await list('--next-token', page.next, '--limit', '1', ...named.query);
    expect(next.ids).toEqual(all.slice(1, 2));
  });

  /** Objects that are not listed by a filter are as much a part of the expectation as those that are. */
  const FILTERS: Readonly<
    Record<string, readonly (readonly [variable: string, comparator: string, value: string, found: string])[]>
  > = {
    'data-sources': [
      ['CreatedAt', 'gt', '2026-01-01T00:00:00Z', 'ds-all ds-test ds-train'],
      ['LastUpdatedAt', 'le', '1486834110.483', ''],
      ['Status', 'eq', 'COMPLETED', 'ds-all ds-test ds-train'],
      ['Name', 'ge', 'bänk', 'ds-test ds-train'],
      ['DataLocationS3', 'prefix', 's3://bank/', 'ds-all ds-test ds-train'],
      ['IAMUser', 'eq', 'arn:aws:iam::000000000000:root', 'ds-all ds-test ds-train'],
    ],
    'ml-models': [
      ['CreatedAt', 'lt', '2030-01-01', 'ml-default ml-recipe ml-uri'],
      ['LastUpdatedAt', 'ge', '2030-01-01', ''],
      ['Status', 'ne', 'COMPLETED', ''],
      ['Name', 'eq', 'renamed model', 'ml-default'],
      ['IAMUser', 'prefix', 'arn:', 'ml-default ml-recipe ml-uri'],
      ['TrainingDataSourceId', 'eq', 'ds-train', 'ml-default ml-recipe ml-uri'],
      ['RealtimeEndpointStatus', 'ne', 'NONE', ''],
      ['MLModelType', 'eq', 'BINARY', 'ml-default ml-recipe ml-uri'],
      ['Algorithm', 'gt', 'sgd', ''],
      ['TrainingDataURI', 'lt', 's3://c', 'ml-default ml-recipe ml-uri'],
    ],
    evaluations: [
      ['CreatedAt', 'ne', '1486834110.483', 'ev'],
      ['LastUpdatedAt', 'gt', '2026-01-01', 'ev'],
      ['Status', 'le', 'COMPLETED', 'ev'],
      ['Name', 'gt', 'renamed evaluation', ''],
      ['IAMUser', 'ne', 'x', 'ev'],
      ['MLModelId', 'eq', 'ml-recipe', 'ev'],
      ['DataSourceId', 'eq', 'ds-train', ''],
      ['DataURI', 'eq', 's3://bank/banking.csv', 'ev'],
    ],
    'batch-predictions': [
      ['CreatedAt', 'eq', '0', ''],
      ['LastUpdatedAt', 'lt', '9999999999', 'bp'],
      ['Status', 'prefix', 'COM', 'bp'],
      ['Name', 'le', 'renamed batch', 'bp'],
      ['IAMUser', 'lt', 'a', ''],
      ['MLModelId', 'prefix', 'ml-u', ''],
      ['DataSourceId', 'ge', 'ds-all', 'bp'],
      ['DataURI', 'ne', 's3://bank/banking.csv', ''],
    ],
  };
  const ID: Readonly<Record<string, string>> = {
    'data-sources': 'DataSourceId',
    'ml-models': 'MLModelId',
    evaluations: 'EvaluationId',
    'batch-predictions': 'BatchPredictionId',
  };
  const cases = Object.entries(FILTERS).flatMap(([kind, list]) => list.map((one) => [kind, ...one] as const));
  it.each(cases)('finds %s by %s --%s %s: %s', async (kind, variable, comparator, value, found) => {
    const filter = ['--filter-variable', variable, `--${comparator}`, value];
    const query = ['--query', `Results[].${ID[kind]}`, '--output', 'text'];
    expect(ids(await aws.text(`describe-${kind}`, ...filter, ...query))).toEqual(ids(found));
  });

  it('tags', async () => {
    await aws.json('add-tags', ...TAGGED, '--tags', 'Key=team,Value=risk', 'Key=stage,Value=');
    await aws.json('add-tags', ...TAGGED, '--tags', 'Key=team,Value=sales', 'Key=alone');
    await aws.json('delete-tags', ...TAGGED, '--tag-keys', 'stage', 'never-there');
    expect(await aws.json('describe-tags', ...TAGGED)).toEqual({
      ResourceId: 'ml-recipe',
      ResourceType: 'MLModel',
      Tags: [{ Key: 'team', Value: 'sales' }, { Key: 'alone' }],
    });
    const many = Array.from({ length: 50 }, (_, i) => `Key=k${i}`);
    expect((await aws.refusal('add-tags', ...TAGGED, '--tags', ...many)).code).toBe('TagLimitExceededException');
    expect((await aws.refusal('add-tags', ...TAGGED, '--tags', 'Key=aws:x')).code).toBe('InvalidTagException');
  });

  it.each([
    ['get-ml-model --ml-model-id none', 'ResourceNotFoundException', "There is no ML model 'none'"],
    ['delete-evaluation --evaluation-id none', 'ResourceNotFoundException', "There is no evaluation 'none'"],
    [
      'update-data-source --data-source-id none --data-source-name x',
      'ResourceNotFoundException',
      "data source 'none'",
    ],
    ['describe-tags --resource-id none --resource-type DataSource', 'ResourceNotFoundException', "data source 'none'"],
    ['get-ml-model --ml-model-id a!', 'InvalidInputException', '[a-zA-Z0-9_.-]+'],
    [`get-ml-model --ml-model-id ${'x'.repeat(65)}`, 'InvalidInputException', 'less than or equal to 64'],
    ['describe-ml-models --limit 101', 'InvalidInputException', 'less than or equal to 100'],
    [
      'describe-ml-models --filter-variable Bogus --eq x',
      'InvalidInputException',
      'Member must satisfy enum value set',
    ],
    ['describe-ml-models --starting-token nonsense', 'InvalidInputException', 'the page token is damaged'],
    ['update-ml-model --ml-model-id ml-uri --score-threshold -0.5', 'InvalidInputException', 'is not from 0 to 1'],
    [
      'create-ml-model --ml-model-id new --ml-model-type binary --training-data-source-id ds-train',
      'InvalidInputException',
      'REGRESSION, BINARY, MULTICLASS',
    ],
    [
      'create-ml-model --ml-model-id new --ml-model-type REGRESSION --training-data-source-id ds-train',
      'InvalidInputException',
      "target 'y', which is BINARY",
    ],
    [
      'create-ml-model --ml-model-id new --ml-model-type BINARY --training-data-source-id ds-test',
      'InvalidInputException',
      'has no statistics',
    ],
    [
      'create-ml-model --ml-model-id new --ml-model-type BINARY --training-data-source-id ds-train --parameters sgd.passes=1',
      'InvalidInputException',
      'sgd.passes',
    ],
    [
      'create-ml-model --ml-model-id new --ml-model-type BINARY --training-data-source-id ds-train --recipe-uri http://x/y',
      'InvalidInputException',
      's3://',
    ],
    [
      'create-evaluation --evaluation-id ev --ml-model-id ml-uri --evaluation-data-source-id ds-test',
      'IdempotentParameterMismatchException',
      "evaluation 'ev' exists already",
    ],
    [
      'create-batch-prediction --batch-prediction-id new --ml-model-id ml-uri --batch-prediction-data-source-id none --output-uri s3://bank/o/',
      'InvalidInputException',
      "no data source 'none'",
    ],
    [
      'create-data-source-from-s3 --data-source-id new --data-spec DataLocationS3=s3://bank/../../etc/passwd',
      'InvalidInputException',
      's3://bank/../../etc/passwd',
    ],
  ])('is refused: %s', async (line, code, message) => {
    const refusal = await aws.refusal(...line.split(' '));
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('gets its exit codes for a failed wait, a wrong key and no server', async () => {
    const spec = 'DataLocationS3=s3://bank/none.csv,DataSchemaLocationS3=s3://bank/banking.csv.schema';
    await aws.json(
      'create-data-source-from-s3',
      '--data-source-id',
      'bad',
      '--data-source-name',
      'bad',
      '--data-spec',
      spec,
    );
    const failed = await aws.run(['wait', 'data-source-available', '--filter-variable', 'Name', '--eq', 'bad']);
    expect(failed.code).toBe(255);
    expect(failed.stderr).toContain('we matched expected path: "FAILED" at least once');
    const { Message } = await aws.json('get-data-source', '--data-source-id', 'bad');
    expect(Message).toMatch(/^s3:\/\/bank\/none\.csv: nothing is there\. Hint: .+$/);

    const wrong = await aws.run(['describe-ml-models'], { AWS_SECRET_ACCESS_KEY: 'wrong' });
    expect(wrong).toMatchObject({ code: 254, stderr: expect.stringContaining('(InvalidSignatureException)') });
    const unknown = await aws.run(['describe-ml-models'], { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' });
    expect(unknown).toMatchObject({ code: 254, stderr: expect.stringContaining('(UnrecognizedClientException)') });
    const unsigned = await aws.run(['describe-ml-models', '--no-sign-request']);
    expect(unsigned).toMatchObject({
      code: 254,
      stderr: expect.stringContaining('(MissingAuthenticationTokenException)'),
    });
  });

  it('deletes; what is deleted can still be asked for by its id, and is listed only by its status', async () => {
    await aws.json('delete-batch-prediction', '--batch-prediction-id', 'bp');
    await aws.json('delete-evaluation', '--evaluation-id', 'ev');
    await aws.json('delete-data-source', '--data-source-id', 'ds-all');
    expect(await aws.json('delete-ml-model', '--ml-model-id', 'ml-uri')).toEqual({ MLModelId: 'ml-uri' });
    expect(await aws.json('get-ml-model', '--ml-model-id', 'ml-uri')).toMatchObject({ Status: 'DELETED' });
    expect(await aws.json('describe-evaluations')).toEqual({ Results: [] });
    const left = await aws.text('describe-ml-models', '--query', 'Results[].MLModelId', '--output', 'text');
    expect(ids(left)).toEqual(['ml-default', 'ml-recipe']);
    const deleted = ['--filter-variable', 'Status', '--eq', 'DELETED', '--query', 'Results[].MLModelId'];
    expect(await aws.json('describe-ml-models', ...deleted)).toEqual(['ml-uri']);
    await wait('ml-model', 'TrainingDataSourceId', 'ds-train');
    const again = ['--ml-model-type', 'BINARY', '--training-data-source-id', 'ds-train'];
    const refusal = await aws.refusal('create-ml-model', '--ml-model-id', 'ml-uri', ...again);
    expect(refusal.code).toBe('IdempotentParameterMismatchException');
  });
});

describe('the AWS CLI without a key, at a server for everyone', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    aws.close();
    await serving.close();
    await open(true);
  }, 30_000);

  it('goes from data to predictions', async () => {
    const spec = 'DataLocationS3=s3://bank/banking.csv';
    await aws.json('create-data-source-from-s3', '--data-source-id', 'ds', '--data-spec', spec, '--compute-statistics');
    // None of them waits for the one before it.
    const model = ['--ml-model-type', 'BINARY', '--training-data-source-id', 'ds', '--parameters', 'sgd.maxPasses=3'];
    await aws.json('create-ml-model', '--ml-model-id', 'ml', ...model);
    await aws.json(
      'create-evaluation',
      '--evaluation-id',
      'ev',
      '--ml-model-id',
      'ml',
      '--evaluation-data-source-id',
      'ds',
    );
    const batch = ['--ml-model-id', 'ml', '--batch-prediction-data-source-id', 'ds', '--output-uri', 's3://bank/out/'];
    await aws.json('create-batch-prediction', '--batch-prediction-id', 'bp', ...batch);
    await wait('batch-prediction', 'MLModelId', 'ml');
    await wait('evaluation', 'MLModelId', 'ml');
    const { RealtimeEndpointInfo } = await aws.json('create-realtime-endpoint', '--ml-model-id', 'ml');
    const at = ['--predict-endpoint', RealtimeEndpointInfo.EndpointUrl, '--record', shorthand(RECORD)];
    const label = await aws.text('predict', '--ml-model-id', 'ml', ...at, '--query', 'Prediction.predictedLabel');
    expect(label).toBe('"1"\n');
  });

  it('may sign all the same, with any key; and is the program of the distribution', () => {
    const { AWS_DATA_PATH, ...rest } = process.env;
    const args = ['machinelearning', 'describe-ml-models', '--endpoint-url', serving.url, '--region', 'xx-any-1'];
    const query = ['--query', 'Results[].[MLModelId,Status]', '--output', 'text'];
    const result = spawnSync(awsProgram(), [...args, ...query], {
      encoding: 'utf8',
      env: { ...rest, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'thing', AWS_CONFIG_FILE: serving.file('none') },
    });
    expect(result).toMatchObject({ status: 0, stdout: 'ml\tCOMPLETED\n', stderr: '' });
  });
});
