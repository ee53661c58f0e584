import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../helpers/cli.js';
import { IRIS_SCHEMA, invalid, type Objects, openObjects, schemaText } from './bench.js';

let bench: Objects;
beforeAll(async () => {
  bench = await openObjects();
});
afterAll(() => bench.close());

describe('an evaluation', () => {
  it('reads a file by the schema of its own data source: other columns, order, header', async () => {
    const lines = (await readFile(fixture('iris.csv'), 'utf8')).trim().split('\n').slice(1);
    const turned = lines.map((line) => line.split(',').reverse());
    await bench.put('b/turned.csv', `${turned.map((fields) => ['id', ...fields].join(',')).join('\n')}\n`);
    const names = ['species', 'petal_width', 'petal_length', 'sepal_width', 'sepal_length'];
    const types = names.map((name) => [name, name === 'species' ? 'CATEGORICAL' : 'NUMERIC']);
    const schema = schemaText(
      { flower: 'CATEGORICAL', ...Object.fromEntries(types) },
      { targetAttributeName: 'species', rowId: 'flower', dataFileContainsHeader: false },
    );
    const MLModelId = await bench.model(await bench.source());
    const figures: unknown[] = [];
    for (const EvaluationDataSourceId of [
      await bench.source(),
      await bench.source({ location: 's3://b/turned.csv', schema, statistics: false }),
    ]) {
      const EvaluationId = bench.fresh();
      await bench.call('CreateEvaluation', { EvaluationId, MLModelId, EvaluationDataSourceId });
      const { Status, PerformanceMetrics } = await bench.outcome('GetEvaluation', { EvaluationId });
      expect(Status).toBe('COMPLETED');
      figures.push(PerformanceMetrics);
    }
    const { MulticlassAvgFScore } = (figures[0] as { Properties: Record<string, string> }).Properties;
    expect(Number(MulticlassAvgFScore)).toBeGreaterThan(0.9);
    expect(figures[1]).toEqual(figures[0]);
  });

  it('of a number is its RMSE', async () => {
    const schema = schemaText({ x: 'NUMERIC', y: 'NUMERIC' }, { targetAttributeName: 'y' });
    await bench.put('b/line.csv', `x,y\n${Array.from({ length: 60 }, (_, i) => `${i},${3 * i + 1}`).join('\n')}\n`);
    const ds = await bench.source({ location: 's3://b/line.csv', schema });
    const MLModelId = await bench.model(ds, { MLModelType: 'REGRESSION', Recipe: '{"outputs":["x"]}' });
    const EvaluationId = bench.fresh();
    await bench.call('CreateEvaluation', { EvaluationId, MLModelId, EvaluationDataSourceId: ds });
    const { PerformanceMetrics } = await bench.outcome('GetEvaluation', { EvaluationId });
    const { RegressionRMSE } = (PerformanceMetrics as { Properties: Record<string, string> }).Properties;
    expect(Number(RegressionRMSE)).toBeLessThan(3);
  });

  it('fails when all observations have one answer', async () => {
    const schema = schemaText({ x: 'NUMERIC', y: 'BINARY' }, { targetAttributeName: 'y' });
    await bench.put('b/both.csv', `x,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 2}`).join('\n')}\n`);
    await bench.put('b/ones.csv', 'x,y\n1,1\n2,1\n3,yes\n');
    const MLModelId = await bench.model(await bench.source({ location: 's3://b/both.csv', schema }), {
      MLModelType: 'BINARY',
    });
    const EvaluationDataSourceId = await bench.source({ location: 's3://b/ones.csv', schema, statistics: false });
    const EvaluationId = bench.fresh();
    await bench.call('CreateEvaluation', { EvaluationId, MLModelId, EvaluationDataSourceId });
    const { Status, Message } = await bench.outcome('GetEvaluation', { EvaluationId });
    expect(Status).toBe('FAILED');
    expect(Message).toContain("all observations have the same 'y', for which there is no AUC");
  });

  it('fails when the data has another target', async () => {
    const MLModelId = await bench.model(await bench.source());
    const other = IRIS_SCHEMA.replace('"targetAttributeName":"species"', '"targetAttributeName":"sepal_width"');
    const EvaluationId = bench.fresh();
    await bench.call('CreateEvaluation', {
      EvaluationId,
      MLModelId,
      EvaluationDataSourceId: await bench.source({ schema: other }),
    });
    const { Status, Message } = await bench.outcome('GetEvaluation', { EvaluationId });
    expect(Status).toBe('FAILED');
    expect(Message).toContain("the model predicts 'species'");
    expect(Message).toContain("has 'sepal_width'");
    const untargeted = IRIS_SCHEMA.replace('"targetAttributeName":"species"', '"targetAttributeName":null');
    const call = bench.call('CreateEvaluation', {
      EvaluationId: bench.fresh(),
      MLModelId,
      EvaluationDataSourceId: await bench.source({ schema: untargeted }),
    });
    await invalid(call, 'an evaluation compares predictions with targets');
  });
});
