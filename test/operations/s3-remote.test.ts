import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocations } from '../../src/operations/locations/locations.js';
import { fixture } from '../helpers/cli.js';
import { pythonProgram } from '../helpers/installed.js';
import { type Bench, IRIS_SCHEMA, openBench } from './bench.js';

const environment = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing-secret' };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('s3:// at an endpoint', () => {
  let folder: string;
  let child: ChildProcess;
  let s3Endpoint: string;
  let client: S3Client;
  let bench: Bench;

  beforeAll(async () => {
    Object.assign(process.env, environment);
    folder = await mkdtemp(join(tmpdir(), 'create-ml-model-s3-server-'));
    const port = await freePort();
    child = spawn(pythonProgram('moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
      cwd: folder,
    });
    s3Endpoint = `http://127.0.0.1:${port}`;
    client = new S3Client({
      endpoint: s3Endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    for (let attempt = 0; ; attempt++) {
      try {
        await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
        break;
      } catch (error) {
        if (attempt === 100) throw error;
        await sleep(100);
      }
    }
    const iris = await readFile(fixture('iris.csv'), 'utf8');
    const [header, ...lines] = iris.trim().split('\n');
    const put = (Key: string, Body: string): Promise<unknown> =>
      client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body }));
    await put('iris.csv', iris);
    await put('iris.csv.schema', IRIS_SCHEMA);
    await put('parts/1.csv', `${[header, ...lines.slice(0, 70)].join('\n')}\n`);
    await put('parts/sub/2.csv', `${[header, ...lines.slice(70)].join('\n')}\n`);
    await put('parts/.schema', IRIS_SCHEMA);
    bench = await openBench({ s3Endpoint });
  }, 30_000);

  afterAll(async () => {
    await bench?.close();
    client?.destroy();
    child?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds data, schemas and results: what is read back is what was written', async () => {
    const data = { 'ds-1': 's3://bucket/iris.csv', 'ds-2': 's3://bucket/parts/' };
    for (const [DataSourceId, DataLocationS3] of Object.entries(data)) {
      const input = { DataSourceId, DataSpec: { DataLocationS3 }, ComputeStatistics: true };
      await bench.call('CreateDataSourceFromS3', input);
    }
    await bench.call('CreateMLModel', { MLModelId: 'ml', MLModelType: 'MULTICLASS', TrainingDataSourceId: 'ds-1' });
    const ids = { MLModelId: 'ml', BatchPredictionDataSourceId: 'ds-2' };
    await bench.call('CreateBatchPrediction', { BatchPredictionId: 'bp', ...ids, OutputUri: 's3://bucket/out/' });
    await bench.work();
    expect(await bench.call('GetDataSource', { DataSourceId: 'ds-2' })).toMatchObject({ NumberOfFiles: 2 });
    expect(await bench.call('GetBatchPrediction', { BatchPredictionId: 'bp' })).toMatchObject({
      Status: 'COMPLETED',
      TotalRecordCount: 150,
    });
    const get = async (uri: string): Promise<Buffer> => {
      const Key = uri.slice('s3://bucket/'.length);
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }));
      return Buffer.from(await Body!.transformToByteArray());
    };
    const manifest = JSON.parse((await get('s3://bucket/out/batch-prediction/bp.manifest')).toString());
    expect(Object.keys(manifest)).toEqual(['s3://bucket/parts/1.csv', 's3://bucket/parts/sub/2.csv']);
    const results = await Promise.all((Object.values(manifest) as string[]).map(get));
    const lines = results.map((bytes) => gunzipSync(bytes).toString().trimEnd().split('\n'));
    expect(lines.map(({ length }) => length)).toEqual([71, 81]);
    expect(lines[0][0]).toBe('trueLabel,Iris-setosa,Iris-versicolor,Iris-virginica');
  });

  it('says what is not there, and what the endpoint answers', async () => {
    const places = openLocations({ home: folder, s3Endpoint });
    await expect(places.openData('s3://bucket/none.csv')).rejects.toThrow('s3://bucket/none.csv: nothing is there');
    await expect(places.openData('s3://bucket/none/')).rejects.toThrow('s3://bucket/none/: nothing is there');
    await expect(places.openData('s3://nobucket/x/')).rejects.toThrow(`${s3Endpoint} answers NoSuchBucket`);
    expect(await places.readText('s3://bucket/none', 10)).toBeUndefined();
    await expect(places.readText('s3://bucket/iris.csv', 10)).rejects.toThrow('more than the 10 that are read');
    const gone = openLocations({ home: folder, s3Endpoint: 'http://127.0.0.1:9' });
    await expect(gone.readText('s3://bucket/x', 10)).rejects.toThrow('s3://bucket/x: http://127.0.0.1:9 answers');
  });
});
