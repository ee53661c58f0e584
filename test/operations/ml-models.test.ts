import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IRIS_SCHEMA, invalid, type Objects, openObjects, refused, schemaText } from './bench.js';

let bench: Objects;
beforeAll(async () => {
  bench = await openObjects();
});
afterAll(() => bench.close());

describe('a model', () => {
  it('waits for its data source, and says of which parameters and recipe it is', async () => {
    const ds = await bench.source();
    await bench.put('b/recipe.json', '{"outputs":["ALL_NUMERIC"]}');
    const Parameters = { 'sgd.maxPasses': '3', 'sgd.shuffleType': 'auto', algorithm: 'sgd' };
    const MLModelId = await bench.model(ds, { Parameters, RecipeUri: 's3://b/recipe.json' });
    const pending = await bench.call('GetMLModel', { MLModelId, Verbose: true });
    expect(pending).toMatchObject({ Status: 'PENDING', TrainingParameters: { 'sgd.maxPasses': '3' } });
    expect(pending).not.toHaveProperty('SizeInBytes');
    expect(pending).not.toHaveProperty('ScoreThreshold');
    await bench.work();
    const done = await bench.call('GetMLModel', { MLModelId, Verbose: true });
    expect(done).toMatchObject({ Status: 'COMPLETED', Recipe: '{"outputs":["ALL_NUMERIC"]}', Schema: IRIS_SCHEMA });
    expect(done.TrainingParameters).toEqual(pending.TrainingParameters);
    const shown = await bench.model(ds, { Parameters: done.TrainingParameters });
    expect(await bench.outcome('GetMLModel', { MLModelId: shown })).toMatchObject({ Status: 'COMPLETED' });
  });

  it('leaves a model alone that was trained from a file and kept under its id', async () => {
    const ds = await bench.source();
    const path = join(bench.home, 'models', 'from-file.model');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'kept');
    await invalid(
      bench.call('CreateMLModel', { MLModelId: 'from-file', MLModelType: 'MULTICLASS', TrainingDataSourceId: ds }),
      "a model that was trained from a file is kept as 'from-file'",
    );
    await bench.work();
    expect(await readFile(path, 'utf8')).toBe('kept');
  });

  it('needs a data source that is there, has statistics, a target and has not failed', async () => {
    await invalid(bench.model('nobody'), "TrainingDataSourceId: there is no data source 'nobody'");
    await invalid(bench.model(await bench.source({ statistics: false })), 'has no statistics, which training needs');
    const untargeted = schemaText({ a: 'NUMERIC', b: 'NUMERIC', c: 'NUMERIC', d: 'NUMERIC', e: 'CATEGORICAL' });
    await invalid(bench.model(await bench.source({ schema: untargeted })), 'names no target');
    const failing = await bench.source({ location: 's3://b/none.csv' });
    const waiting = await bench.model(failing);
    await bench.work();
    await invalid(bench.model(failing), 'has failed: s3://b/none.csv: nothing is there');
    expect(await bench.call('GetMLModel', { MLModelId: waiting })).toMatchObject({ Status: 'FAILED' });
    const deleted = await bench.source();
    await bench.call('DeleteDataSource', { DataSourceId: deleted });
    await invalid(bench.model(deleted), 'was deleted');
  });

  it('must be of the type of its target', async () => {
    const text =
      "a BINARY model does not fit the target 'species', which is CATEGORICAL. Hint: ask for a MULTICLASS model";
    await invalid(bench.model(await bench.source(), { MLModelType: 'BINARY' }), text);
    await bench.put('b/late.json', IRIS_SCHEMA);
    const DataSourceId = bench.fresh();
    const DataSpec = { DataLocationS3: 's3://b/iris.csv', DataSchemaLocationS3: 's3://b/late.json' };
    await bench.call('CreateDataSourceFromS3', { DataSourceId, DataSpec, ComputeStatistics: true });
    const MLModelId = await bench.model(DataSourceId, { MLModelType: 'BINARY' });
    const { Status, Message } = await bench.outcome('GetMLModel', { MLModelId });
    expect(Status).toBe('FAILED');
    expect(Message).toContain("a BINARY model does not fit the target 'species'");
  });

  it.each([
    [
      'a parameter out of range',
      { Parameters: { 'sgd.maxPasses': '0' } },
      "parameter sgd.maxPasses: '0' is not allowed",
    ],
    ['an unknown parameter', { Parameters: { 'sgd.maxPass': '1' } }, "Hint: did you mean 'sgd.maxPasses'?"],
    [
      'L1 and L2',
      { Parameters: { 'sgd.l1RegularizationAmount': '1', 'sgd.l2RegularizationAmount': '1' } },
      'exclude each other',
    ],
    ['a recipe that is none', { Recipe: '/etc/passwd' }, 'not valid JSON'],
    ['a recipe of unknown variables', { Recipe: '{"outputs":["sepal_lenght"]}' }, "did you mean 'sepal_length'?"],
    ['two recipes', { Recipe: '{"outputs":["ALL_NUMERIC"]}', RecipeUri: 's3://b/r' }, 'both Recipe and RecipeUri'],
  ])('is refused at once for %s', async (_, rest, text) => {
    await invalid(bench.model(await bench.source(), rest), text);
  });

  it('fails for a recipe at a URI that is not there or is none', async () => {
    const ds = await bench.source();
    await bench.put('b/bad.json', '/etc/passwd');
    for (const [uri, text] of [
      ['s3://b/none.json', 's3://b/none.json: nothing is there'],
      ['s3://b/bad.json', 'not valid JSON'],
    ]) {
      const { Status, Message } = await bench.outcome('GetMLModel', {
        MLModelId: await bench.model(ds, { RecipeUri: uri }),
      });
      expect(Status).toBe('FAILED');
      expect(Message).toContain(text);
    }
  });

  it('has a threshold only when it is BINARY and COMPLETED', async () => {
    const MLModelId = await bench.model(await bench.source());
    await invalid(
      bench.call('UpdateMLModel', { MLModelId, ScoreThreshold: 0.5 }),
      'only BINARY models have a threshold',
    );
    const schema = schemaText({ x: 'NUMERIC', y: 'BINARY' }, { targetAttributeName: 'y' });
    await bench.put('b/xy.csv', `x,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i > 19 ? 1 : 0}`).join('\n')}\n`);
    const binary = await bench.model(await bench.source({ location: 's3://b/xy.csv', schema }), {
      MLModelType: 'BINARY',
    });
    const update = (ScoreThreshold: number): Promise<unknown> =>
      bench.call('UpdateMLModel', { MLModelId: binary, ScoreThreshold });
    await invalid(update(0.5), 'is PENDING');
    await bench.work();
    for (const threshold of [-0.5, 1.01])
      await invalid(update(threshold), `ScoreThreshold: ${threshold} is not from 0 to 1`);
    await update(0.77);
    expect(await bench.call('GetMLModel', { MLModelId: binary })).toMatchObject({ ScoreThreshold: 0.77 });
    expect(await bench.call('UpdateMLModel', { MLModelId: binary })).toEqual({ MLModelId: binary });
  });

  it('cannot have an endpoint before it is COMPLETED', async () => {
    const MLModelId = await bench.model(await bench.source());
    await invalid(bench.call('CreateRealtimeEndpoint', { MLModelId }), 'is PENDING; only a COMPLETED one');
    await refused(bench.call('CreateRealtimeEndpoint', { MLModelId: 'no' }), 'ResourceNotFoundException', "'no'");
  });
});
