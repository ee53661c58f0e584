import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { MachineLearning } from '@aws-sdk/client-machine-learning';
import { afterEach, describe, expect, it } from 'vitest';
import { fixture, root, run, temporaryFolder } from '../helpers/cli.js';
import { type Answer, call, openSocket } from './http.js';

const folder = temporaryFolder();
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  logged(): Record<string, unknown>[];
}

async function serve(flags: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Serving> {
  const script = join(root, 'build', 'cli', 'machinelearning.js');
  const child = spawn(process.execPath, [script, 'serve', '--port', '0', ...flags], {
    env: { ...process.env, ...environment },
  });
  running.push(child);
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'exit')])) as [string];
  const url = /^listening on (http:\/\/\S+)$/.exec(line)?.[1];
  if (url === undefined) throw new Error(`${line}\n${log}`);
  const logged = () =>
    log
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text));
  return { child, url, logged };
}

const ask = (url: string, operation: string, input: object): Promise<Answer> =>
  call(url, operation, { body: JSON.stringify(input) });

async function waitFor(url: string, operation: string, input: object, status: string): Promise<Answer['body']> {
  for (;;) {
    const { body } = await ask(url, operation, input);
    if (body.Status === status) return body;
    if (body.Status === 'FAILED') throw new Error(body.Message);
    await sleep(50);
  }
}

async function irisSource(): Promise<string[]> {
  const bucket = folder.file('s3/bucket');
  await mkdir(bucket, { recursive: true });
  await copyFile(fixture('iris.csv'), join(bucket, 'iris.csv'));
  return ['--s3-root', folder.file('s3')];
}

const SCHEMA = JSON.stringify({
  version: '1.0',
  targetAttributeName: 'species',
  dataFormat: 'CSV',
  dataFileContainsHeader: true,
  attributes: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width', 'species'].map((attributeName) => ({
    attributeName,
    attributeType: attributeName === 'species' ? 'CATEGORICAL' : 'NUMERIC',
  })),
});
const RECORD = { sepal_length: '5.1', sepal_width: '3.5', petal_length: '1.4', petal_width: '0.2' };

describe('machinelearning serve', () => {
  it('trains in another process, predicts on the endpoint it gives out, and stops on SIGTERM', async () => {
    const { child, url, logged } = await serve(['--anonymous', '--home', folder.file('one'), ...(await irisSource())]);
    const DataSpec = { DataLocationS3: 's3://bucket/iris.csv', DataSchema: SCHEMA };
    await ask(url, 'CreateDataSourceFromS3', { DataSourceId: 'ds', DataSpec, ComputeStatistics: true });
    await ask(url, 'CreateMLModel', { MLModelId: 'ml', MLModelType: 'MULTICLASS', TrainingDataSourceId: 'ds' });
    await waitFor(url, 'GetMLModel', { MLModelId: 'ml' }, 'COMPLETED');
    const input = { MLModelId: 'ml', Record: RECORD, PredictEndpoint: url };
    expect((await ask(url, 'Predict', input)).body.__type).toBe('PredictorNotMountedException');
    const { RealtimeEndpointInfo } = (await ask(url, 'CreateRealtimeEndpoint', { MLModelId: 'ml' })).body;
    expect(RealtimeEndpointInfo.EndpointUrl).toBe(url);
    expect((await ask(url, 'Predict', input)).body.Prediction.predictedLabel).toMatch(/setosa/);

    const { text } = await call(url, undefined, { method: 'GET', path: '/metrics' });
    expect(text).toContain('create_ml_model_objects{kind="MLModel",status="COMPLETED"} 1\n');
    expect(text).toContain('create_ml_model_job_runner_restarts 0\n');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const events = logged().map(({ event }) => event);
    expect(events[0]).toBe('listening');
    expect(events.slice(-2)).toEqual(['stopping', 'stopped']);
    expect(events).toContain('job runner');
  }, 60_000);

  it("takes the SDK's signatures with keys of the environment or a file, and nothing else", async () => {
    const keys = { accessKeyId: 'AKIA1', secretAccessKey: 'one' };
    const file = folder.file('credentials');
    await writeFile(file, '[a]\naws_access_key_id = AKIA1\naws_secret_access_key = one\n');
    const environment = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
    const flags = ['--home', folder.file('two')];
    const servers = [
      await serve(flags, environment),
      await serve([...flags, '--credentials', file, '--region', 'eu-west-1']),
    ];
    for (const { url } of servers) {
      const client = (region: string, credentials = keys) =>
        new MachineLearning({ endpoint: url, region, credentials, maxAttempts: 1 });
      expect((await client('eu-west-1').describeMLModels({})).Results).toEqual([]);
      const other = { ...keys, secretAccessKey: 'two' };
      await expect(client('eu-west-1', other).describeMLModels({})).rejects.toThrow(
        'signature we calculated does not match',
      );
      expect((await ask(url, 'DescribeMLModels', {})).body.__type).toBe('MissingAuthenticationTokenException');
      const elsewhere = client('us-east-1').describeMLModels({});
      if (url === servers[0].url) await elsewhere;
      else await expect(elsewhere).rejects.toThrow("scoped to the region 'eu-west-1'");
    }
  }, 60_000);

  it('starts the job runner again when it is killed, and the job is done', async () => {
    const { url, logged } = await serve(['--anonymous', '--home', folder.file('three'), ...(await irisSource())]);
    while (!logged().some(({ event }) => event === 'job runner started')) await sleep(10);
    process.kill(logged().find(({ event }) => event === 'job runner started')!.pid as number, 'SIGKILL');
    const DataSpec = { DataLocationS3: 's3://bucket/iris.csv', DataSchema: SCHEMA };
    await ask(url, 'CreateDataSourceFromS3', { DataSourceId: 'ds', DataSpec, ComputeStatistics: true });
    await waitFor(url, 'GetDataSource', { DataSourceId: 'ds' }, 'COMPLETED');
    expect(logged().find(({ event }) => event === 'job runner ended')).toMatchObject({
      level: 'error',
      reason: 'SIGKILL',
    });
  }, 60_000);

  it('waits for a request that is under way when it is stopped, and ends at once on a second signal', async () => {
    const { child, url, logged } = await serve(['--anonymous', '--home', folder.file('four')]);
    const target = 'X-Amz-Target: AmazonML_20141212.DescribeMLModels';
    const socket = await openSocket(Number(new URL(url).port));
    socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\n${target}\r\nContent-Length: 2\r\n\r\n{`);
    // Connections are taken in turn: with the answer to a later request, the server has the first one.
    await ask(url, 'DescribeMLModels', {});
    child.kill('SIGINT');
    while (!logged().some(({ event }) => event === 'stopping')) await sleep(10);
    await sleep(300);
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143, null]);
  });

  it.each([
    [['--anonymous', '--host', '0.0.0.0'], "--anonymous would let everyone use the server who can reach '0.0.0.0'"],
    [['--anonymous', '--port', '70000'], "--port: '70000' is not a whole number from 0 to 65535"],
    [['--anonymous', '--body-limit', '1k'], "--body-limit: '1k' is not a whole number from 1024"],
    [
      ['--anonymous', '--public-url', 'https://x.example/ml'],
      "--public-url: 'https://x.example/ml' is not an http or https URL without a path",
    ],
    [['--credentials', '/none/such'], '/none/such: there is no such file'],
    [[], 'there are no credentials to check signatures against'],
  ])('refuses %j', async (flags, message) => {
    const environment = { AWS_SHARED_CREDENTIALS_FILE: '/none/such', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { code, stderr } = await run(['serve', '--home', folder.file('five'), ...flags], {
      command: 'machinelearning',
      environment,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toMatch(/\nhint: |whole number/);
  });
});
