import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/node.js';
import { fixture } from '../helpers/cli.js';
import { type Bench, openBench } from './bench.js';

const SPLIT = (begin: number, end: number): string =>
  JSON.stringify({ splitting: { percentBegin: begin, percentEnd: end, strategy: 'random' } });

/** The banking tutorial: split, train, evaluate, set the threshold, predict in batch and one by one. */
describe('the banking tutorial', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench({ endpointUrl: 'http://localhost:8080' });
    await bench.putFixture('data/banking.csv.gz', 'banking.csv.gz');
    await bench.putFixture('data/banking.csv.gz.schema', 'banking.csv.gz.schema');
    for (const [id, begin, end] of [
      ['ds-train', 0, 70],
      ['ds-test', 70, 100],
    ] as const) {
      await bench.call('CreateDataSourceFromS3', {
        DataSourceId: id,
        DataSourceName: `banking ${begin}-${end}`,
        DataSpec: { DataLocationS3: 's3://data/banking.csv.gz', DataRearrangement: SPLIT(begin, end) },
        ComputeStatistics: id === 'ds-train',
      });
    }
    await bench.call('CreateMLModel', {
      MLModelId: 'ml-1',
      MLModelName: 'banking',
      MLModelType: 'BINARY',
      TrainingDataSourceId: 'ds-train',
      Parameters: { 'sgd.maxPasses': '20', 'sgd.l2RegularizationAmount': '1e-4' },
    });
    await bench.call('CreateEvaluation', {
      EvaluationId: 'ev-1',
      MLModelId: 'ml-1',
      EvaluationDataSourceId: 'ds-test',
    });
    await bench.work();
  });
  afterAll(() => bench.close());

  it('finds size, files and schema of a data source', async () => {
    const source = await bench.call('GetDataSource', { DataSourceId: 'ds-train', Verbose: true });
    expect(Object.keys(source)).toEqual([
      'DataSourceId',
      'DataLocationS3',
      'DataRearrangement',
      'CreatedByIamUser',
      'CreatedAt',
      'LastUpdatedAt',
      'DataSizeInBytes',
      'NumberOfFiles',
      'Name',
      'Status',
      'ComputeStatistics',
      'ComputeTime',
      'FinishedAt',
      'StartedAt',
      'DataSourceSchema',
    ]);
    const file = await readFile(fixture('banking.csv.gz'));
    const schema = await readFile(fixture('banking.csv.gz.schema'), 'utf8');
    expect(source).toMatchObject({
      Status: 'COMPLETED',
      DataSizeInBytes: file.length,
      NumberOfFiles: 1,
      DataSourceSchema: schema,
      CreatedByIamUser: 'arn:aws:iam::000000000000:root',
    });
    expect(source.CreatedAt).toBeCloseTo(Date.now() / 1000, -2);
    expect(Number.isInteger(source.ComputeTime)).toBe(true);
    const statistics = JSON.parse(await readFile(join(bench.home, 'statistics', 'ds-train.json'), 'utf8'));
    // Random splits are approximate: 70 % of 10,297 observations.
    expect(Math.abs(statistics.insights.observationCount - 7208)).toBeLessThan(150);
  });

  it('gives neither schema nor compute time where they were not asked for', async () => {
    const source = await bench.call('GetDataSource', { DataSourceId: 'ds-test' });
    expect(source).not.toHaveProperty('DataSourceSchema');
    expect(source).not.toHaveProperty('ComputeTime');
    expect(source).toMatchObject({ ComputeStatistics: false, Status: 'COMPLETED' });
  });

  it('trains a model and tells of it', async () => {
    const model = await bench.call('GetMLModel', { MLModelId: 'ml-1' });
    expect(Object.keys(model)).toEqual([
      'MLModelId',
      'TrainingDataSourceId',
      'CreatedByIamUser',
      'CreatedAt',
      'LastUpdatedAt',
      'Name',
      'Status',
      'SizeInBytes',
      'EndpointInfo',
      'TrainingParameters',
      'InputDataLocationS3',
      'MLModelType',
      'ScoreThreshold',
      'ComputeTime',
      'FinishedAt',
      'StartedAt',
    ]);
    const file = await readFile(join(bench.home, 'models', 'ml-1.model'));
    expect(model).toMatchObject({
      Status: 'COMPLETED',
      SizeInBytes: file.length,
      EndpointInfo: { PeakRequestsPerSecond: 0, EndpointStatus: 'NONE' },
      TrainingParameters: {
        algorithm: 'sgd',
        'sgd.l1RegularizationAmount': '0.0',
        'sgd.l2RegularizationAmount': '1E-4',
        'sgd.maxMLModelSizeInBytes': '33554432',
        'sgd.maxPasses': '20',
        'sgd.shuffleType': 'none',
      },
      ScoreThreshold: 0.5,
      InputDataLocationS3: 's3://data/banking.csv.gz',
    });
    const verbose = await bench.call('GetMLModel', { MLModelId: 'ml-1', Verbose: true });
    expect(JSON.parse(verbose.Recipe as string).outputs[0]).toBe('ALL_BINARY');
    expect(JSON.parse(verbose.Schema as string).targetAttributeName).toBe('y');
  });

  it('learns from its part of the data only', async () => {
    const model = await loadModel(join(bench.home, 'models', 'ml-1.model'));
    const statistics = JSON.parse(await readFile(join(bench.home, 'statistics', 'ds-train.json'), 'utf8'));
    expect(model.training.observationCount).toBe(statistics.insights.observationCount);
  });

  it('measures the model on the other part', async () => {
    const evaluation = await bench.call('GetEvaluation', { EvaluationId: 'ev-1' });
    const { BinaryAUC } = (evaluation.PerformanceMetrics as { Properties: { BinaryAUC: string } }).Properties;
    expect(Number(BinaryAUC)).toBeGreaterThan(0.9);
    expect(Number(BinaryAUC)).toBeLessThan(0.99);
    expect(BinaryAUC).toBe(String(Number(BinaryAUC)));
    expect(Object.keys(evaluation.PerformanceMetrics as object)).toEqual(['Properties']);
    const all = JSON.parse(await readFile(join(bench.home, 'evaluations', 'ev-1.json'), 'utf8'));
    const trained = await loadModel(join(bench.home, 'models', 'ml-1.model'));
    expect(all.observationCount + trained.training.observationCount).toBe(10_297);
  });

  it('answers with the threshold of the object in predictions of all kinds', async () => {
    await bench.call('UpdateMLModel', { MLModelId: 'ml-1', ScoreThreshold: 0.02 });
    const model = await bench.call('GetMLModel', { MLModelId: 'ml-1' });
    expect(model.ScoreThreshold).toBe(0.02);
    expect(model.ScoreThresholdLastUpdatedAt).toBeGreaterThan(model.CreatedAt as number);

    await bench.call('CreateBatchPrediction', {
      BatchPredictionId: 'bp-1',
      MLModelId: 'ml-1',
      BatchPredictionDataSourceId: 'ds-test',
      OutputUri: 's3://out/',
    });
    await bench.work();
    const prediction = await bench.call('GetBatchPrediction', { BatchPredictionId: 'bp-1' });
    expect(prediction).toMatchObject({ Status: 'COMPLETED', InvalidRecordCount: 0, OutputUri: 's3://out/' });
    const manifest = JSON.parse(await readFile(join(bench.s3, 'out/batch-prediction/bp-1.manifest'), 'utf8'));
    const result = 's3://out/batch-prediction/result/bp-1-banking.csv.gz.gz';
    expect(manifest).toEqual({ 's3://data/banking.csv.gz': result });
    const packed = await readFile(join(bench.s3, result.slice('s3://'.length)));
    const [header, ...lines] = gunzipSync(packed).toString().trimEnd().split('\n');
    expect(header).toBe('trueLabel,bestAnswer,score');
    expect(lines).toHaveLength(prediction.TotalRecordCount as number);
    for (const line of lines) {
      const [, answer, score] = line.split(',');
      expect(answer).toBe(Number(score) >= 0.02 ? '1' : '0');
      expect(score).toMatch(/^\d(\.\d{1,6})?E-?\d+$/);
    }
  });

  it('predicts in real time only with an endpoint, which keeps the threshold from changing', async () => {
    const request = {
      MLModelId: 'ml-1',
      Record: { duration: '900', job: 'technician', y: 'nonsense' },
      PredictEndpoint: 'http://localhost:8080',
    };
    await expect(bench.call('Predict', request)).rejects.toMatchObject({ code: 'PredictorNotMountedException' });
    const created = await bench.call('CreateRealtimeEndpoint', { MLModelId: 'ml-1' });
    expect(created).toMatchObject({
      MLModelId: 'ml-1',
      RealtimeEndpointInfo: {
        PeakRequestsPerSecond: 200,
        EndpointUrl: 'http://localhost:8080',
        EndpointStatus: 'READY',
      },
    });
    expect(await bench.call('CreateRealtimeEndpoint', { MLModelId: 'ml-1' })).toEqual(created);
    const { Prediction } = (await bench.call('Predict', request)) as {
      Prediction: { predictedLabel: string; predictedScores: Record<string, number>; details: object };
    };
    expect(Prediction.details).toEqual({ Algorithm: 'SGD', PredictiveModelType: 'BINARY' });
    expect(Prediction.predictedLabel).toBe('1');
    expect(Object.keys(Prediction.predictedScores)).toEqual(['1']);
    expect(Prediction.predictedScores['1']).toBe(Math.fround(Prediction.predictedScores['1']));

    const update = bench.call('UpdateMLModel', { MLModelId: 'ml-1', ScoreThreshold: 0.9 });
    await expect(update).rejects.toThrow('has a real-time endpoint. Hint: delete the endpoint first');
    await expect(bench.call('DeleteMLModel', { MLModelId: 'ml-1' })).rejects.toThrow('delete the endpoint first');
    await bench.call('UpdateMLModel', { MLModelId: 'ml-1', MLModelName: 'renamed' });

    const deleted = await bench.call('DeleteRealtimeEndpoint', { MLModelId: 'ml-1' });
    expect(deleted.RealtimeEndpointInfo).toEqual({ PeakRequestsPerSecond: 0, EndpointStatus: 'NONE' });
    await expect(bench.call('Predict', request)).rejects.toMatchObject({ code: 'PredictorNotMountedException' });
    await bench.call('UpdateMLModel', { MLModelId: 'ml-1', ScoreThreshold: 1 });
    await bench.call('CreateRealtimeEndpoint', { MLModelId: 'ml-1' });
    expect(await bench.call('Predict', request)).toMatchObject({ Prediction: { predictedLabel: '0' } });
    await bench.call('DeleteRealtimeEndpoint', { MLModelId: 'ml-1' });
  });

  it('lists objects with the members of Get, but the verbose ones', async () => {
    const { Results } = (await bench.call('DescribeMLModels', { FilterVariable: 'MLModelType', EQ: 'BINARY' })) as {
      Results: Record<string, unknown>[];
    };
    const model = await bench.call('GetMLModel', { MLModelId: 'ml-1' });
    expect(Results).toEqual([{ ...model, Algorithm: 'sgd' }]);
    const evaluations = await bench.call('DescribeEvaluations', { FilterVariable: 'MLModelId', EQ: 'ml-1' });
    expect(evaluations).toEqual({ Results: [await bench.call('GetEvaluation', { EvaluationId: 'ev-1' })] });
  });

  it('marks as deleted, and removes the file of a model', async () => {
    expect(await bench.call('DeleteMLModel', { MLModelId: 'ml-1' })).toEqual({ MLModelId: 'ml-1' });
    expect(await bench.call('GetMLModel', { MLModelId: 'ml-1' })).toMatchObject({ Status: 'DELETED' });
    await expect(readFile(join(bench.home, 'models', 'ml-1.model'))).rejects.toThrow('ENOENT');
    expect(await bench.call('DeleteMLModel', { MLModelId: 'ml-1' })).toEqual({ MLModelId: 'ml-1' });
    for (const operation of ['CreateRealtimeEndpoint', 'UpdateMLModel'] as const) {
      const call = bench.call(operation, { MLModelId: 'ml-1', MLModelName: 'x' });
      await expect(call).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
    }
    const again = bench.call('CreateEvaluation', {
      EvaluationId: 'ev-2',
      MLModelId: 'ml-1',
      EvaluationDataSourceId: 'ds-test',
    });
    await expect(again).rejects.toMatchObject({ code: 'InvalidInputException' });
  });
});
