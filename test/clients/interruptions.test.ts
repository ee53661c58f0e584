import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type GetMLModelCommandOutput, MachineLearning } from '@aws-sdk/client-machine-learning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/node.js';
import { fixture } from '../helpers/cli.js';
import { KEY, REGION, Serving } from './serving.js';

/** Banking data so many times over, so that training takes seconds. */
const COPIES = 20;
/** Models that wait behind another one when their server dies. */
const QUEUED = ['queued-1', 'queued-2', 'queued-3'];
const RECORD = { age: '44', job: 'blue-collar', duration: '1200' };
/** Within it a job whose process is gone goes on or is FAILED, milliseconds. */
const TAKEN_UP_MS = 30_000;

let serving: Serving;
let client: MachineLearning;
beforeAll(async () => {
  serving = await Serving.start();
  client = new MachineLearning({ endpoint: serving.url, region: REGION, credentials: KEY });
  const [header, ...lines] = String(gunzipSync(await readFile(fixture('banking.csv.gz'))))
    .trimEnd()
    .split('\n');
  await serving.put('bank/large.csv', `${header}\n${`${lines.join('\n')}\n`.repeat(COPIES)}`);
  await serving.putFixture('bank/small.csv', 'banking.csv.gz');
  for (const name of ['large', 'small']) {
    await serving.putFixture(`bank/${name}.csv.schema`, 'banking.csv.gz.schema');
    const DataSpec = { DataLocationS3: `s3://bank/${name}.csv` };
    await client.createDataSourceFromS3({ DataSourceId: name, DataSpec, ComputeStatistics: true });
  }
  await train('small', 'small');
  await until('small', 'COMPLETED');
}, 180_000);
afterAll(async () => {
  client?.destroy();
  await serving?.close();
});

/** In so many passes that there is time to interrupt it: with an L1 penalty training hardly ever ends early. */
async function train(MLModelId: string, TrainingDataSourceId: string): Promise<void> {
  const Parameters = { 'sgd.maxPasses': '500', 'sgd.l1RegularizationAmount': '1E-7' };
  await client.createMLModel({ MLModelId, MLModelType: 'BINARY', TrainingDataSourceId, Parameters });
}

async function until(MLModelId: string, status: string, limitMs = 60_000): Promise<GetMLModelCommandOutput> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const model = await client.getMLModel({ MLModelId });
    if (model.Status === status) return model;
    if (model.Status === 'FAILED') throw new Error(model.Message);
    if (performance.now() > deadline) throw new Error(`${MLModelId} is still ${model.Status}`);
    await sleep(50);
  }
}

/** Its training has got as far as the passes. */
async function learning(MLModelId: string): Promise<void> {
  for (;;) {
    const { Message, Status } = await client.getMLModel({ MLModelId });
    if (/^pass /.test(Message ?? '')) return;
    if (Status === 'COMPLETED' || Status === 'FAILED')
      throw new Error(`${MLModelId} is ${Status} before it was seen to learn`);
    await sleep(20);
  }
}

const modelFile = (id: string): string => join(serving.home, 'models', `${id}.model`);
const lines = (): string[] => serving.logged().flatMap(({ line }) => (typeof line === 'string' ? [line] : []));

describe('a server that is interrupted', { timeout: 120_000 }, () => {
  it('hands back its job on SIGTERM, and finishes it when it is started again', async () => {
    await train('stopped', 'large');
    await learning('stopped');
    expect(await serving.end('SIGTERM')).toEqual([0, null]);
    expect(lines().at(-1)).toMatch(/MLModel stopped: handed back$/);
    expect(existsSync(modelFile('stopped'))).toBe(false);

    await serving.launch();
    expect(['PENDING', 'INPROGRESS']).toContain((await client.getMLModel({ MLModelId: 'stopped' })).Status);
    await expect(client.createRealtimeEndpoint({ MLModelId: 'stopped' })).rejects.toThrow('only a COMPLETED one');
    await until('stopped', 'COMPLETED');
  });

  it('is killed with its runner: the job is taken up again, and comes to the same model', async () => {
    await train('killed', 'large');
    await learning('killed');
    const runner = serving.logged().find(({ event }) => event === 'job runner started')!.pid as number;
    await serving.end('SIGKILL');
    process.kill(runner, 'SIGKILL');
    expect(existsSync(modelFile('killed'))).toBe(false);

    await serving.launch();
    const began = performance.now();
    while (!lines().some((line) => /MLModel killed: begun, attempt 2$/.test(line))) {
      expect(performance.now() - began).toBeLessThan(TAKEN_UP_MS);
      await sleep(100);
    }
    const model = await until('killed', 'COMPLETED');
    const file = await readFile(modelFile('killed'));
    expect(model.SizeInBytes).toBe(file.length);
    expect(file.equals(await readFile(modelFile('stopped')))).toBe(true);
  });

  it('is killed alone: its runner finishes all jobs, and one started at once gives the results', async () => {
    await train('orphaned', 'large');
    for (const id of QUEUED) await train(id, 'small');
    await learning('orphaned');
    await serving.end('SIGKILL');
    await serving.launch();
    await until('orphaned', 'COMPLETED');
    for (const id of QUEUED) await until(id, 'COMPLETED');
    expect(lines().filter((line) => line.includes(': begun'))).toEqual([]);
    expect((await readFile(modelFile('orphaned'))).equals(await readFile(modelFile('stopped')))).toBe(true);
  });
});

describe('a server that trains', { timeout: 60_000 }, () => {
  it('answers predictions all the while, and rightly', async () => {
    const { RealtimeEndpointInfo } = await client.createRealtimeEndpoint({ MLModelId: 'small' });
    const PredictEndpoint = RealtimeEndpointInfo!.EndpointUrl;
    const model = await loadModel(modelFile('small'));
    await train('meanwhile', 'large');
    let status: string | undefined;
    let duringTraining = 0;
    const ask = async (worker: number): Promise<void> => {
      for (let i = 0; status !== 'COMPLETED'; i++) {
        const Record = { ...RECORD, age: String(18 + ((i + 17 * worker) % 60)), duration: String(i % 3000) };
        const { Prediction } = await client.predict({ MLModelId: 'small', Record, PredictEndpoint });
        expect(Prediction).toEqual(model.predict(Record));
        if (status === 'INPROGRESS') duringTraining++;
        await sleep(10);
      }
    };
    const watch = async (): Promise<void> => {
      while (status !== 'COMPLETED') {
        status = (await client.getMLModel({ MLModelId: 'meanwhile' })).Status;
        if (status === 'FAILED') throw new Error('the training failed');
        await sleep(50);
      }
    };
    await Promise.all([watch(), ask(0), ask(1)]);
    expect(duringTraining).toBeGreaterThan(100);
  });
});
