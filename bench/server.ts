/**
 * Predict over HTTP: the banking model, one server process, load from another process on loopback over keep-alive
 * connections. Beside it, in turn, a bare node:http server that reads the same requests and sends an answer of the same length:
 * what is left of Node's ceiling.
 *
 *     npm run bench:server [-- seconds [repetitions]]
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { call, completed, type Running, startProcess, startServer } from './server-process.js';

if (process.argv[2] === 'bare') serveBare(process.argv[3]);
else await measure(Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 3));

/** The floor: body collected, fixed answer. */
function serveBare(answer: string): void {
  const headers = ['Content-Type', 'application/x-amz-json-1.1', 'Content-Length', String(answer.length)];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => response.writeHead(200, headers).end(answer));
  });
  process.on('SIGUSR2', () => {
    const { user, system } = process.cpuUsage();
    console.log((user + system) / 1e6);
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

interface Load {
  readonly done: number;
  readonly errors: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly cpuSeconds: number;
}

/** @param rate requests per second; 0: as many as 16 connections get answered */
async function load(
  server: Running,
  bodies: string,
  seconds: number,
  rate: number,
): Promise<Load & { serverMicroseconds: number }> {
  const before = await server.cpuSeconds();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'server-load.js'), server.port, rate > 0 ? 64 : 16, seconds, rate].map(String),
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  child.stdin.end(bodies);
  const result = JSON.parse(await text(child.stdout)) as Load;
  const spent = (await server.cpuSeconds()) - before;
  return { ...result, serverMicroseconds: (spent / result.done) * 1e6 };
}

async function createObjects(url: string, passes: number, id: string): Promise<void> {
  const MLModelId = `ml-${id}`;
  const Parameters = { 'sgd.maxPasses': String(passes), 'sgd.shuffleType': 'auto' };
  await call(url, 'CreateMLModel', { MLModelId, MLModelType: 'BINARY', TrainingDataSourceId: 'ds-1', Parameters });
}

async function measure(seconds: number, repetitions: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-server-'));
  const [csv, schema] = await Promise.all([
    readFile('test/fixtures/banking.csv.gz'),
    readFile('test/fixtures/banking.csv.gz.schema', 'utf8'),
  ]);
  await mkdir(join(folder, 's3', 'bucket'), { recursive: true });
  await writeFile(join(folder, 's3', 'bucket', 'banking.csv'), gunzipSync(csv));
  const server = await startServer(['--anonymous', '--home', join(folder, 'home'), '--s3-root', join(folder, 's3')]);
  const answer =
    '{"Prediction":{"details":{"Algorithm":"SGD","PredictiveModelType":"BINARY"},"predictedLabel":"0","predictedScores":{"0":0.00605887733399868}}}';
  const bare = await startProcess([process.argv[1], 'bare', answer], async (_, line, child) => {
    child.kill('SIGUSR2');
    return Number(await line());
  });
  try {
    const { url } = server;
    const DataSpec = { DataLocationS3: 's3://bucket/banking.csv', DataSchema: schema };
    await call(url, 'CreateDataSourceFromS3', { DataSourceId: 'ds-1', DataSpec, ComputeStatistics: true });
    await createObjects(url, 10, '1');
    await completed(url, 'GetMLModel', { MLModelId: 'ml-1' });
    const endpoint = (await call(url, 'CreateRealtimeEndpoint', { MLModelId: 'ml-1' })) as {
      RealtimeEndpointInfo: { EndpointUrl: string };
    };
    const PredictEndpoint = endpoint.RealtimeEndpointInfo.EndpointUrl;

    const records = readRecords(gunzipSync(csv).toString(), 100);
    const inputs = records.map((Record) => ({ MLModelId: 'ml-1', Record, PredictEndpoint }));
    await verify(url, join(folder, 'home', 'models', 'ml-1.model'), inputs);
    const bodies = inputs.map((input) => JSON.stringify(input)).join('\n');
    console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}; ${seconds} s a run\n`);

    for (const each of [bare, server]) await load(each, bodies, 1, 0);
    const ratios: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const floor = await load(bare, bodies, seconds, 0);
      const ours = await load(server, bodies, seconds, 0);
      ratios.push(ours.perSecond / floor.perSecond);
      show('bare node:http, 16 connections', floor);
      show('Predict, 16 connections', ours);
    }
    console.log(`  of the bare server's rate: ${ratios.map((ratio) => `${Math.round(100 * ratio)} %`).join(', ')}\n`);
    for (let i = 0; i < repetitions; i++) show('Predict, 5,000 requests/s', await load(server, bodies, seconds, 5000));

    await createObjects(url, 100, '2');
    await createObjects(url, 100, '3');
    show('Predict, 1,000 requests/s, training runs', await load(server, bodies, seconds, 1000));
    const { Status } = await call(url, 'GetMLModel', { MLModelId: 'ml-3' });
    console.log(`  afterwards the last of the models that are trained is ${Status}`);
  } finally {
    await Promise.all([server.stop(), bare.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

function readRecords(csv: string, count: number): Record<string, string>[] {
  const [header, ...lines] = csv.split('\n', count + 1).map((line) => line.trim().split(','));
  return lines.map((fields) =>
    Object.fromEntries(header.map((name, i) => [name, fields[i]]).filter(([name]) => name !== 'y')),
  );
}

/** The server answers what the library predicts with the model file. */
async function verify(url: string, path: string, inputs: readonly { Record: Record<string, string> }[]): Promise<void> {
  // The built library: the copy that is compiled with the benches has no kernel beside it.
  const { loadModel } = (await import(pathToFileURL(resolve('build/node.js')).href)) as typeof import('../src/node.js');
  const model = await loadModel(path);
  for (const input of inputs) {
    const { Prediction } = await call(url, 'Predict', input);
    const [ours, wanted] = [Prediction, model.predict(input.Record)].map((each) => JSON.stringify(each));
    if (ours !== wanted) throw new Error(`the server predicts ${ours}, the library ${wanted}`);
  }
}

function show(name: string, result: Load & { serverMicroseconds: number }): void {
  const { perSecond, p50, p99, p999, max, errors, serverMicroseconds } = result;
  const ms = [p50, p99, p999, max].map((value) => value.toFixed(2)).join(' / ');
  console.log(
    `${name.padEnd(42)} ${perSecond.toFixed(0).padStart(6)}/s  p50/99/99.9/max ${ms} ms  CPU ${serverMicroseconds.toFixed(0)} us a request  ${errors} errors`,
  );
}
