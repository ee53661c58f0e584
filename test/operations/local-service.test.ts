import { cp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLocalService } from '../../src/operations/local-service.js';
import { ModelCache } from '../../src/operations/model-cache.js';
import type { Service } from '../../src/operations/service.js';
import { openStore } from '../../src/store/store.js';
import { type Bench, openBench, schemaText } from './bench.js';

const XY = schemaText({ x: 'NUMERIC', c: 'CATEGORICAL', t: 'TEXT', y: 'BINARY' }, { targetAttributeName: 'y' });
const rows = (count: number): string =>
  `x,c,t,y\n${Array.from({ length: count }, (_, i) => `${i},c${i % 3},word${i % 5} and,${Number(i > count / 2)}`).join('\n')}\n`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.put('b/xy.csv', rows(60));
  const DataSpec = { DataLocationS3: 's3://b/xy.csv', DataSchema: XY };
  await bench.call('CreateDataSourceFromS3', { DataSourceId: 'ds', DataSpec, ComputeStatistics: true });
  for (const MLModelId of ['ml-1', 'ml-2']) {
    const recipe = MLModelId === 'ml-1' ? '{"outputs":["ALL_INPUTS"]}' : '{"outputs":["x"]}';
    const input = { MLModelId, MLModelType: 'BINARY', TrainingDataSourceId: 'ds', Recipe: recipe };
    await bench.call('CreateMLModel', input);
  }
  await bench.work();
  for (const MLModelId of ['ml-1', 'ml-2']) await bench.call('CreateRealtimeEndpoint', { MLModelId });
});
afterAll(() => bench.close());

interface Answer {
  readonly predictedLabel: string;
  readonly predictedScores: Readonly<Record<string, number>>;
}

async function predict(record: object, MLModelId = 'ml-1', service: Service = bench.service): Promise<Answer> {
  const input = { MLModelId, Record: record, PredictEndpoint: 'http://localhost' };
  return (await service.call('Predict', input)).Prediction as Answer;
}

const score = ({ predictedScores }: Answer): number => Object.values(predictedScores)[0];

describe('Predict', () => {
  it('answers the same whatever came before', async () => {
    const record = { x: '50', c: 'c1', t: 'word3 and' };
    const first = await predict(record);
    expect(first.predictedLabel).toBe('1');
    const others = [{}, { x: '1' }, { c: 'never seen' }, { t: '' }, { t: 'many other words', x: '' }];
    for (const other of others) await predict(other);
    expect(await predict(record)).toEqual(first);
    expect(score(await predict({}))).not.toBe(score(first));
  });

  it('ignores the target, also when it makes no sense', async () => {
    expect(await predict({ x: '3', y: 'maybe' })).toEqual(await predict({ x: '3' }));
  });

  it.each([
    [
      'an attribute that there is not',
      { colour: 'red' },
      "the model has no attribute 'colour'. Hint: Attributes: x, c, t, y",
    ],
    ['a misspelt one', { X: '1' }, "did you mean 'x'?"],
    ['a key of the language', JSON.parse('{"__proto__":"1"}'), "no attribute '__proto__'"],
    ['a number that is none', { x: 'ten' }, "attribute 'x': 'ten' is not a NUMERIC value"],
    ['a value that is no text', { x: 10 }, "Value 10 at 'Record.x'"],
    ['no record', undefined, "Value null at 'Record'"],
  ])('refuses %s', async (_, record, text) => {
    await expect(predict(record as object)).rejects.toMatchObject({ code: 'InvalidInputException' });
    await expect(predict(record as object)).rejects.toThrow(text);
    expect(await predict({ x: '3' })).toHaveProperty('predictedLabel');
  });

  it('keeps answering right through more values than it remembers', async () => {
    const expected = score(await predict({ x: '50', c: 'c1', t: 'word3 and' }));
    for (let i = 0; i < 3000; i++) await predict({ c: `${i}${'x'.repeat(200)}`, t: `a${i} b${i}${'y'.repeat(200)}` });
    expect(score(await predict({ x: '50', c: 'c1', t: 'word3 and' }))).toBe(expected);
  });

  it('sees at once what another process has changed', async () => {
    const other = await openStore(bench.home);
    await predict({ x: '50' }, 'ml-2');
    other.setFacts('MLModel', 'ml-2', { ScoreThreshold: 1 });
    expect((await predict({ x: '50' }, 'ml-2')).predictedLabel).toBe('0');
    other.setFacts('MLModel', 'ml-2', { ScoreThreshold: 0.5 });
    expect((await predict({ x: '50' }, 'ml-2')).predictedLabel).toBe('1');
    other.setFacts('MLModel', 'ml-2', { EndpointCreatedAt: undefined });
    await expect(predict({ x: '50' }, 'ml-2')).rejects.toMatchObject({ code: 'PredictorNotMountedException' });
    other.setFacts('MLModel', 'ml-2', { EndpointCreatedAt: 1 });
    other.close();
  });

  it('does not answer from what was looked at before its endpoint was deleted', async () => {
    const cold = await openLocalService({ home: bench.home, startRunner() {} });
    const before = predict({ x: '50' }, 'ml-2', cold);
    const deleted = bench.call('DeleteRealtimeEndpoint', { MLModelId: 'ml-2' });
    const after = predict({ x: '50' }, 'ml-2', cold);
    await expect(after).rejects.toMatchObject({ code: 'PredictorNotMountedException' });
    await deleted;
    expect(await before).toHaveProperty('predictedLabel');
    await bench.call('CreateRealtimeEndpoint', { MLModelId: 'ml-2' });
    expect(await predict({ x: '50' }, 'ml-2', cold)).toHaveProperty('predictedLabel');
    await cold.close();
  });

  it('reads a file again when it is another one, and says when it is gone', async () => {
    const path = join(bench.home, 'models', 'ml-2.model');
    const before = score(await predict({ x: '50', t: 'word3' }, 'ml-2'));
    await cp(path, `${path}.kept`);
    await cp(join(bench.home, 'models', 'ml-1.model'), path);
    await bench.call('UpdateMLModel', { MLModelId: 'ml-2', MLModelName: 'touched' });
    expect(score(await predict({ x: '50', t: 'word3' }, 'ml-2'))).toBe(score(await predict({ x: '50', t: 'word3' })));
    for (const [damage, text] of [
      [() => rm(path), 'its file is missing'],
      [() => writeFile(path, 'garbage'), 'its file cannot be read'],
    ] as const) {
      await damage();
      await bench.call('UpdateMLModel', { MLModelId: 'ml-2', MLModelName: 'touched' });
      await expect(predict({}, 'ml-2')).rejects.toMatchObject({ code: 'InternalServerException', status: 500 });
      await expect(predict({}, 'ml-2')).rejects.toThrow(text);
      await expect(predict({}, 'ml-2')).rejects.not.toThrow(bench.home);
    }
    await cp(`${path}.kept`, path);
    expect(score(await predict({ x: '50', t: 'word3' }, 'ml-2'))).toBe(before);
  });

  it('does not read the store while nothing changes', async () => {
    const store = await openStore(bench.home);
    const get = vi.spyOn(store, 'get');
    const cache = new ModelCache(store, bench.home, 2 ** 30);
    await Promise.all(Array.from({ length: 20 }, () => cache.mount('ml-1')));
    expect(get).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 100; i++) expect(cache.ready('ml-1')).toBeDefined();
    expect(get).toHaveBeenCalledTimes(1);
    cache.changed();
    expect(cache.ready('ml-1')).toBeUndefined();
    store.close();
  });

  it('drops the models used least recently when they take too much memory', async () => {
    const store = await openStore(bench.home);
    const { size } = await stat(join(bench.home, 'models', 'ml-1.model'));
    const cache = new ModelCache(store, bench.home, 4 * size);
    await cache.mount('ml-1');
    await cache.mount('ml-2');
    expect(cache.ready('ml-1')).toBeUndefined();
    expect(cache.ready('ml-2')).toBeDefined();
    const roomy = new ModelCache(store, bench.home, 100 * size);
    await roomy.mount('ml-1');
    await roomy.mount('ml-2');
    expect(roomy.ready('ml-1')).toBeDefined();
    expect(roomy.ready('ml-2')).toBeDefined();
    store.close();
  });
});

describe('jobs', () => {
  it('are given to a runner when they are created, and again while there is none', async () => {
    const startRunner = vi.fn();
    const own = await openBench({ startRunner });
    await own.put('b/xy.csv', rows(30));
    const DataSpec = { DataLocationS3: 's3://b/xy.csv', DataSchema: XY };
    await own.call('DescribeDataSources');
    expect(startRunner).not.toHaveBeenCalled();
    await own.call('CreateDataSourceFromS3', { DataSourceId: 'ds', DataSpec });
    expect(startRunner).toHaveBeenCalledTimes(1);
    const later = await openLocalService({ home: own.home, startRunner });
    await later.call('GetDataSource', { DataSourceId: 'ds' });
    expect(startRunner).toHaveBeenCalledTimes(2);
    own.store.takeLease('a runner');
    const third = await openLocalService({ home: own.home, startRunner });
    await third.call('GetDataSource', { DataSourceId: 'ds' });
    expect(startRunner).toHaveBeenCalledTimes(2);
    for (const service of [later, third]) await service.close();
    await own.close();
  });

  it('whose runner is gone are taken up again when somebody looks', async () => {
    const own = await openBench();
    await own.put('b/xy.csv', rows(30));
    const DataSpec = { DataLocationS3: 's3://b/xy.csv', DataSchema: XY };
    await own.call('CreateDataSourceFromS3', { DataSourceId: 'ds', DataSpec });
    expect(own.store.claim('somebody')).toMatchObject({ id: 'ds' });
    expect(await own.call('GetDataSource', { DataSourceId: 'ds' })).toMatchObject({ Status: 'INPROGRESS' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20_000 });
    expect(await own.call('GetDataSource', { DataSourceId: 'ds' })).toMatchObject({ Status: 'PENDING' });
    vi.useRealTimers();
    await own.work();
    expect(await own.call('GetDataSource', { DataSourceId: 'ds' })).toMatchObject({ Status: 'COMPLETED' });
    await own.close();
  });

  it('leave no model behind that was deleted meanwhile', async () => {
    const path = join(bench.home, 'models', 'ml-gone.model');
    await bench.call('CreateMLModel', { MLModelId: 'ml-gone', MLModelType: 'BINARY', TrainingDataSourceId: 'ds' });
    const { executeJob, removeResults } = await import('../../src/operations/jobs/execute.js');
    const job = bench.store.claim('somebody')!;
    const { signal } = new AbortController();
    const outcome = await executeJob(job, { store: bench.store, home: bench.home, signal, progress() {} });
    await bench.call('DeleteMLModel', { MLModelId: 'ml-gone' });
    await writeFile(path, 'written too late');
    expect(bench.store.finish(job, outcome)).toBe(false);
    await removeResults(job, bench);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    expect(await bench.call('GetMLModel', { MLModelId: 'ml-gone' })).toMatchObject({ Status: 'DELETED' });
  });

  it('stop when they are told to, and leave nothing half done', async () => {
    await bench.call('CreateMLModel', { MLModelId: 'ml-stop', MLModelType: 'BINARY', TrainingDataSourceId: 'ds' });
    const { executeJob } = await import('../../src/operations/jobs/execute.js');
    const job = bench.store.claim('somebody')!;
    const controller = new AbortController();
    const progress = (message: string): void => {
      if (message.startsWith('pass 2')) controller.abort(new Error('enough'));
    };
    const call = executeJob(job, { store: bench.store, home: bench.home, signal: controller.signal, progress });
    await expect(call).rejects.toThrow('enough');
    await expect(stat(join(bench.home, 'models', 'ml-stop.model'))).rejects.toThrow('ENOENT');
    bench.store.release(job);
    await bench.work();
    expect(await bench.call('GetMLModel', { MLModelId: 'ml-stop' })).toMatchObject({ Status: 'COMPLETED' });
  });

  it('read where the call that created them read, whatever the runner was told', async () => {
    const own = await openBench({ s3Root: join(bench.home, 'elsewhere') });
    await own.put('b/xy.csv', rows(30));
    const DataSpec = { DataLocationS3: 's3://b/xy.csv', DataSchema: XY };
    await own.call('CreateDataSourceFromS3', { DataSourceId: 'ds', DataSpec });
    await own.work();
    expect(await own.call('GetDataSource', { DataSourceId: 'ds' })).toMatchObject({ Status: 'COMPLETED' });
    await own.close();
  });
});
