import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type CreateMLModelCommandInput,
  type EntityStatus,
  IdempotentParameterMismatchException,
  InternalServerException,
  InvalidInputException,
  InvalidTagException,
  MachineLearning,
  MachineLearningServiceException,
  type MLModelType,
  PredictorNotMountedException,
  paginateDescribeBatchPredictions,
  paginateDescribeDataSources,
  paginateDescribeEvaluations,
  paginateDescribeMLModels,
  ResourceNotFoundException,
  TagLimitExceededException,
  waitUntilBatchPredictionAvailable,
  waitUntilDataSourceAvailable,
  waitUntilEvaluationAvailable,
  waitUntilMLModelAvailable,
} from '@aws-sdk/client-machine-learning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/node.js';
import { schemaText } from '../operations/bench.js';
import { rearrangement } from './aws.js';
import { KEY, REGION, Serving } from './serving.js';

interface Data {
  readonly fixture: string;
  readonly type: MLModelType;
  readonly attributes: Readonly<Record<string, string>>;
  readonly target: string;
  readonly record: Readonly<Record<string, string>>;
  /** Label that is predicted of the record; of a diamond the price in thousands. */
  readonly answer: string;
  readonly metric: string;
  readonly columns: string;
}

const IRIS = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
const DIAMONDS = ['carat', 'cut', 'color', 'clarity', 'depth', 'table', 'price', 'x', 'y', 'z'];
const WORDS = ['cut', 'color', 'clarity'];

/** One of each type of model. */
const ALL: Readonly<Record<string, Data>> = {
  iris: {
    fixture: 'iris.csv',
    type: 'MULTICLASS',
    attributes: { ...Object.fromEntries(IRIS.map((name) => [name, 'NUMERIC'])), species: 'CATEGORICAL' },
    target: 'species',
    record: { sepal_length: '5.1', sepal_width: '3.5', petal_length: '1.4', petal_width: '0.2' },
    answer: 'Iris-setosa',
    metric: 'MulticlassAvgFScore',
    columns: 'trueLabel,Iris-setosa,Iris-versicolor,Iris-virginica',
  },
  sms: {
    fixture: 'sms.csv',
    type: 'BINARY',
    attributes: { label: 'BINARY', message: 'TEXT' },
    target: 'label',
    record: { message: 'URGENT! You have won a £1000 cash prize. Call 09061701461 to claim. Txt STOP' },
    answer: '1',
    metric: 'BinaryAUC',
    columns: 'trueLabel,bestAnswer,score',
  },
  diamonds: {
    fixture: 'diamonds.csv',
    type: 'REGRESSION',
    attributes: Object.fromEntries(DIAMONDS.map((name) => [name, WORDS.includes(name) ? 'CATEGORICAL' : 'NUMERIC'])),
    target: 'price',
    record: { carat: '1.01', cut: 'Premium', color: 'E', clarity: 'SI2', x: '6.4', y: '6.4', z: '3.9' },
    answer: '4',
    metric: 'RegressionRMSE',
    columns: 'trueLabel,score',
  },
};

let serving: Serving;
let client: MachineLearning;

const connect = (credentials = KEY): MachineLearning =>
  new MachineLearning({ endpoint: serving.url, region: REGION, credentials });

beforeAll(async () => {
  serving = await Serving.start();
  client = connect();
  for (const [name, { fixture }] of Object.entries(ALL)) await serving.putFixture(`data/${name}.csv`, fixture);
}, 30_000);
afterAll(async () => {
  client?.destroy();
  await serving?.close();
});

/** Once a second, the shortest that the SDK takes. */
const waiting = () => ({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 });

describe.each(Object.entries(ALL))('the JavaScript SDK, on %s', (name, data) => {
  const [train, test, model] = [`${name}-train`, `${name}-test`, `${name}-model`];

  it('queues everything at once, and waits', async () => {
    const schema = schemaText(data.attributes, { targetAttributeName: data.target });
    for (const [DataSourceId, range] of [
      [train, rearrangement(0, 70)],
      [test, rearrangement(70, 100)],
    ]) {
      const DataSpec = { DataLocationS3: `s3://data/${name}.csv`, DataSchema: schema, DataRearrangement: range };
      const answer = await client.createDataSourceFromS3({ DataSourceId, DataSpec, ComputeStatistics: true });
      expect(answer.DataSourceId).toBe(DataSourceId);
    }
    const input: CreateMLModelCommandInput = {
      MLModelId: model,
      MLModelName: name,
      MLModelType: data.type,
      TrainingDataSourceId: train,
      Parameters: { 'sgd.maxPasses': '10' },
    };
    await client.createMLModel(input);
    await client.createMLModel(input);
    await client.createEvaluation({ EvaluationId: `${name}-ev`, MLModelId: model, EvaluationDataSourceId: test });
    await client.createBatchPrediction({
      BatchPredictionId: `${name}-bp`,
      MLModelId: model,
      BatchPredictionDataSourceId: test,
      OutputUri: 's3://data/out',
    });
    const of = { FilterVariable: 'MLModelId', EQ: model } as const;
    const result = await waitUntilBatchPredictionAvailable(waiting(), of);
    expect(result.state).toBe('SUCCESS');
    await waitUntilEvaluationAvailable(waiting(), of);
    await waitUntilMLModelAvailable(waiting(), { FilterVariable: 'Name', EQ: name });
    await waitUntilDataSourceAvailable(waiting(), { FilterVariable: 'DataLocationS3', Prefix: `s3://data/${name}` });
  }, 60_000);

  it('reads what came of it', async () => {
    const source = await client.getDataSource({ DataSourceId: train, Verbose: true });
    expect(source.CreatedAt).toBeInstanceOf(Date);
    expect(source.FinishedAt!.getTime()).toBeGreaterThanOrEqual(source.CreatedAt!.getTime());
    expect(JSON.parse(source.DataSourceSchema!).targetAttributeName).toBe(data.target);
    const trained = await client.getMLModel({ MLModelId: model, Verbose: true });
    expect(trained).toMatchObject({ Status: 'COMPLETED', MLModelType: data.type, TrainingDataSourceId: train });
    expect(trained.ScoreThreshold).toBe(data.type === 'BINARY' ? 0.5 : undefined);
    expect(trained.SizeInBytes).toBeGreaterThan(100);
    const { PerformanceMetrics } = await client.getEvaluation({ EvaluationId: `${name}-ev` });
    expect(Object.keys(PerformanceMetrics!.Properties!)).toEqual([data.metric]);
    const batch = await client.getBatchPrediction({ BatchPredictionId: `${name}-bp` });
    const result = `s3://data/out/batch-prediction/result/${name}-bp-${name}.csv.gz`;
    const lines = String(gunzipSync(await serving.read(result)))
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe(data.columns);
    expect(lines).toHaveLength(batch.TotalRecordCount! + 1);
  });

  it('predicts', async () => {
    const { RealtimeEndpointInfo } = await client.createRealtimeEndpoint({ MLModelId: model });
    const PredictEndpoint = RealtimeEndpointInfo!.EndpointUrl;
    const { Prediction } = await client.predict({ MLModelId: model, Record: data.record, PredictEndpoint });
    expect(Prediction!.details).toEqual({ Algorithm: 'SGD', PredictiveModelType: data.type });
    const kept = await loadModel(join(serving.home, 'models', `${model}.model`));
    expect(Prediction).toEqual(kept.predict(data.record));
    expect(Prediction!.predictedLabel ?? String(Math.round(Prediction!.predictedValue! / 1000))).toBe(data.answer);
  });
});

type Found = Readonly<Record<string, unknown>>;
interface Kind {
  readonly id: string;
  readonly pages: (input: object, pageSize: number) => AsyncIterable<{ Results?: object[] }>;
  readonly variables: Readonly<Record<string, (found: Found) => string | Date | undefined>>;
}

const member = (name: string) => (found: Found) => found[name] as string | Date | undefined;
const COMMON = {
  CreatedAt: member('CreatedAt'),
  LastUpdatedAt: member('LastUpdatedAt'),
  Status: member('Status'),
  Name: (found: Found) => (found.Name as string | undefined) ?? '',
  IAMUser: member('CreatedByIamUser'),
};
const uses = (dataSource: string) => ({
  ...COMMON,
  MLModelId: member('MLModelId'),
  DataSourceId: member(dataSource),
  DataURI: member('InputDataLocationS3'),
});
const paging = (pageSize: number) => ({ client, pageSize });
const KINDS: Readonly<Record<string, Kind>> = {
  'data sources': {
    id: 'DataSourceId',
    pages: (input, size) => paginateDescribeDataSources(paging(size), input),
    variables: { ...COMMON, DataLocationS3: member('DataLocationS3') },
  },
  models: {
    id: 'MLModelId',
    pages: (input, size) => paginateDescribeMLModels(paging(size), input),
    variables: {
      ...COMMON,
      TrainingDataSourceId: member('TrainingDataSourceId'),
      RealtimeEndpointStatus: (found) => (found.EndpointInfo as { EndpointStatus: string }).EndpointStatus,
      MLModelType: member('MLModelType'),
      Algorithm: member('Algorithm'),
      TrainingDataURI: member('InputDataLocationS3'),
    },
  },
  evaluations: {
    id: 'EvaluationId',
    pages: (input, size) => paginateDescribeEvaluations(paging(size), input),
    variables: uses('EvaluationDataSourceId'),
  },
  'batch predictions': {
    id: 'BatchPredictionId',
    pages: (input, size) => paginateDescribeBatchPredictions(paging(size), input),
    variables: uses('BatchPredictionDataSourceId'),
  },
};
const COMPARATORS: Readonly<Record<string, (a: string | number, b: string | number) => boolean>> = {
  EQ: (a, b) => a === b,
  NE: (a, b) => a !== b,
  LT: (a, b) => a < b,
  LE: (a, b) => a <= b,
  GT: (a, b) => a > b,
  GE: (a, b) => a >= b,
};

async function list(kind: Kind, input: object, pageSize: number): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { Results } of kind.pages(input, pageSize)) found.push(...(Results as Found[]));
  return found;
}

describe.each(Object.entries(KINDS))('lists of %s', (_, kind) => {
  it.each(Object.entries(kind.variables))('are filtered and sorted by %s', async (FilterVariable, textOf) => {
    const all = await list(kind, {}, 100);
    const comparable = (value: string | Date | undefined) => (value instanceof Date ? value.getTime() : String(value));
    const order = (a: Found, b: Found) => {
      const [x, y] = [comparable(textOf(a)), comparable(textOf(b))];
      return x < y ? -1 : Number(x > y);
    };
    const middle = textOf(all.toSorted(order)[all.length >> 1]);
    const value = middle instanceof Date ? middle.toISOString() : String(middle);
    for (const [comparator, holds] of Object.entries(COMPARATORS)) {
      const wanted = all.filter((one) => holds(comparable(textOf(one)), comparable(middle))).toSorted(order);
      const filter = { FilterVariable, [comparator]: value };
      expect(await list(kind, filter, 2), comparator).toEqual(wanted);
      const reversed = await list(kind, { ...filter, SortOrder: 'dsc' }, 100);
      expect(reversed, comparator).toEqual(wanted.toReversed());
    }
    const prefixed = { FilterVariable, Prefix: value.slice(0, 5) };
    if (middle instanceof Date) await expect(list(kind, prefixed, 100)).rejects.toBeInstanceOf(InvalidInputException);
    else {
      const wanted = all.filter((one) => String(textOf(one)).startsWith(prefixed.Prefix)).toSorted(order);
      expect(await list(kind, prefixed, 100)).toEqual(wanted);
    }
  });
});

describe('errors of the JavaScript SDK', () => {
  const failure = async (call: Promise<unknown>): Promise<MachineLearningServiceException> => {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(MachineLearningServiceException);
    return error as MachineLearningServiceException;
  };
  const tagged = { ResourceId: 'iris-model', ResourceType: 'MLModel' } as const;

  const CALLS = [
    [ResourceNotFoundException, 404, () => client.getMLModel({ MLModelId: 'none' })],
    [
      ResourceNotFoundException,
      404,
      () => client.predict({ MLModelId: 'none', Record: {}, PredictEndpoint: serving.url }),
    ],
    [InvalidInputException, 400, () => client.getMLModel({ MLModelId: '' })],
    [InvalidInputException, 400, () => client.getMLModel({} as never)],
    [InvalidInputException, 400, () => client.describeMLModels({ Limit: 0 })],
    [InvalidInputException, 400, () => client.describeMLModels({ FilterVariable: 'Status', EQ: 'a', NE: 'b' })],
    [
      InvalidInputException,
      400,
      () => client.createMLModel({ MLModelId: 5, MLModelType: 'x', TrainingDataSourceId: [] } as never),
    ],
    [
      IdempotentParameterMismatchException,
      400,
      () =>
        client.createMLModel({ MLModelId: 'iris-model', MLModelType: 'BINARY', TrainingDataSourceId: 'iris-train' }),
    ],
    [
      PredictorNotMountedException,
      400,
      async () => {
        await client.deleteRealtimeEndpoint({ MLModelId: 'iris-model' });
        await client.predict({ MLModelId: 'iris-model', Record: {}, PredictEndpoint: serving.url });
      },
    ],
    [InvalidTagException, 400, () => client.addTags({ ...tagged, Tags: [{ Key: 'aws:x', Value: 'y' }] })],
    [
      TagLimitExceededException,
      400,
      () => client.addTags({ ...tagged, Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })) }),
    ],
  ] as const;
  it.each(CALLS.map((one, i) => [`${one[0].name}, ${i}`, ...one] as const))('%s', async (_, type, status, call) => {
    const error = await failure(call());
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ name: type.name, $fault: 'client', message: expect.stringMatching(/\S/) });
    expect(error.$metadata).toMatchObject({
      httpStatusCode: status,
      attempts: 1,
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });

  it('InternalServerException for a model file that is damaged', async () => {
    await truncate(join(serving.home, 'models', 'diamonds-model.model'), 50);
    const other = connect();
    await client.deleteRealtimeEndpoint({ MLModelId: 'diamonds-model' });
    await client.createRealtimeEndpoint({ MLModelId: 'diamonds-model' });
    const call = other.predict({ MLModelId: 'diamonds-model', Record: {}, PredictEndpoint: serving.url });
    const error = await failure(call);
    expect(error).toBeInstanceOf(InternalServerException);
    expect(error).toMatchObject({ $fault: 'server', $metadata: { httpStatusCode: 500, attempts: 3 } });
    other.destroy();
  });

  it('those of keys and signatures, by name', async () => {
    const other = connect({ ...KEY, secretAccessKey: 'x' });
    expect((await failure(other.describeMLModels({}))).name).toBe('InvalidSignatureException');
    other.destroy();
    const unknown = connect({ ...KEY, accessKeyId: 'AKIAUNKNOWN' });
    expect((await failure(unknown.describeMLModels({}))).name).toBe('UnrecognizedClientException');
    unknown.destroy();
  });

  it('ends a wait when the work failed', async () => {
    const DataSpec = { DataLocationS3: 's3://data/iris.csv', DataSchema: schemaText({ wrong: 'NUMERIC' }) };
    await client.createDataSourceFromS3({ DataSourceId: 'bad', DataSourceName: 'bad', DataSpec });
    const wait = waitUntilDataSourceAvailable(waiting(), { FilterVariable: 'Name', EQ: 'bad' });
    await expect(wait).rejects.toThrow(/"state":"FAILURE"/);
    const { Status, Message } = await client.getDataSource({ DataSourceId: 'bad' });
    expect(Status satisfies EntityStatus | undefined).toBe('FAILED');
    expect(Message).toContain('s3://data/iris.csv');
  });
});

it('changes, tags and deletes with the JavaScript SDK', async () => {
  await client.updateMLModel({ MLModelId: 'sms-model', MLModelName: 'spam' });
  await client.updateDataSource({ DataSourceId: 'sms-train', DataSourceName: 'spam 0-70' });
  await client.updateEvaluation({ EvaluationId: 'sms-ev', EvaluationName: 'spam evaluation' });
  await client.updateBatchPrediction({ BatchPredictionId: 'sms-bp', BatchPredictionName: 'spam batch' });
  expect((await client.getMLModel({ MLModelId: 'sms-model' })).Name).toBe('spam');
  const tagged = { ResourceId: 'sms-ev', ResourceType: 'Evaluation' } as const;
  await client.addTags({ ...tagged, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }] });
  await client.deleteTags({ ...tagged, TagKeys: ['a'] });
  expect((await client.describeTags(tagged)).Tags).toEqual([{ Key: 'b' }]);
  await expect(client.deleteMLModel({ MLModelId: 'sms-model' })).rejects.toThrow('delete the endpoint first');
  await client.deleteRealtimeEndpoint({ MLModelId: 'sms-model' });
  await client.deleteMLModel({ MLModelId: 'sms-model' });
  await client.deleteEvaluation({ EvaluationId: 'sms-ev' });
  await client.deleteBatchPrediction({ BatchPredictionId: 'sms-bp' });
  await client.deleteDataSource({ DataSourceId: 'sms-test' });
  expect((await client.getBatchPrediction({ BatchPredictionId: 'sms-bp' })).Status).toBe('DELETED');
  await expect(client.describeTags(tagged)).rejects.toBeInstanceOf(ResourceNotFoundException);
});
