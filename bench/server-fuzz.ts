/**
 * Random and mutated requests over raw sockets: 9 of 10 to a server that takes unsigned ones, with jobs running, the rest to one
 * that checks signatures. Fails on a crash, a hang, an answer that is not HTTP, a 5xx, or memory that grows and grows.
 *
 *     npm run bench:server-fuzz [-- count [seed]]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzz, IDS } from '../test/server/fuzz.js';
import { call, metric, type Running, startServer } from './server-process.js';

const ROUNDS = 10;
/** Growth of resident memory from the middle to the end that counts as a leak, bytes. */
const LEAK = 50e6;

const [count, seed] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 1)];
const folder = await mkdtemp(join(tmpdir(), 'bench-fuzz-'));
try {
  const home = ['--home', join(folder, 'home'), '--s3-root', join(folder, 's3')];
  await mkdir(join(folder, 's3', 'bucket'), { recursive: true });
  const rows = Array.from({ length: 500 }, (_, i) => `${i},${i % 2}\n`).join('');
  await writeFile(join(folder, 's3', 'bucket', 'data.csv'), `x,y\n${rows}`);
  const open = await startServer(['--anonymous', ...home]);
  await prepare(open.url);
  await attack('unsigned requests taken', open, 0.9 * count);
  await open.stop();
  const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
  const closed = await startServer(home, keys);
  await attack('signatures checked', closed, 0.1 * count);
  await closed.stop();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function prepare(url: string): Promise<void> {
  const attributes = ['x', 'y'].map((attributeName) => ({
    attributeName,
    attributeType: attributeName === 'x' ? 'NUMERIC' : 'BINARY',
  }));
  const DataSchema = JSON.stringify({
    version: '1.0',
    targetAttributeName: 'y',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes,
  });
  for (const id of IDS.slice(0, -1)) {
    const DataSpec = { DataLocationS3: 's3://bucket/data.csv', DataSchema };
    await call(url, 'CreateDataSourceFromS3', { DataSourceId: id, DataSpec, ComputeStatistics: true });
    await call(url, 'CreateMLModel', { MLModelId: id, MLModelType: 'BINARY', TrainingDataSourceId: id });
  }
}

async function attack(name: string, { url, port }: Running, requests: number): Promise<void> {
  const memory: number[] = [];
  const statuses: Record<string, number> = {};
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const result = await fuzz(port, seed + round * 1_000_003, Math.ceil(requests / ROUNDS));
    for (const failure of result.failures) console.error(failure);
    if (result.failures.length > 0) throw new Error(`${result.failures.length} failures in round ${round}`);
    for (const [status, times] of Object.entries(result.statuses)) statuses[status] = (statuses[status] ?? 0) + times;
    memory.push(await metric(url, 'process_resident_memory_bytes'));
  }
  const inFlight = await metric(url, 'create_ml_model_requests_in_flight');
  if (inFlight !== 0) throw new Error(`${inFlight} operations have not ended`);
  const growth = memory.at(-1)! - memory[ROUNDS / 2 - 1];
  const seconds = (performance.now() - began) / 1000;
  console.log(`${name}: ${requests} requests, seed ${seed}, ${seconds.toFixed(0)} s`);
  console.log(`  answers ${JSON.stringify(statuses)}`);
  console.log(`  resident memory, MB: ${memory.map((bytes) => (bytes / 1e6).toFixed(0)).join(' ')}`);
  if (growth > LEAK) throw new Error(`memory grew by ${(growth / 1e6).toFixed(0)} MB in the second half`);
}
