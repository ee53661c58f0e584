/**
 * Servers that are killed (kill -9) at random moments, every other time with the process that works for them, then started
 * again: whatever they answered for must be there and end, and models must be whole.
 *
 *     npm run bench:server-kills [-- runs [at once]]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomIntegers } from '../src/training/shuffle.js';
import { call } from './server-process.js';

const runs = Number(process.argv[2] ?? 100);
const atOnce = Number(process.argv[3] ?? 6);
/** Time from the start to the first kill, at most; the work takes about as long. */
const LATEST_KILL_MS = 4000;
const LIMIT_MS = 90_000;
const random = randomIntegers(1);

const OBJECTS = [
  ['CreateDataSourceFromS3', 'GetDataSource', { DataSourceId: 'd' }],
  ['CreateMLModel', 'GetMLModel', { MLModelId: 'm' }],
  ['CreateEvaluation', 'GetEvaluation', { EvaluationId: 'e' }],
] as const;
const INPUTS: Readonly<Record<string, object>> = {
  CreateDataSourceFromS3: { DataSpec: { DataLocationS3: 's3://b/data.csv.gz' }, ComputeStatistics: true },
  CreateMLModel: { MLModelType: 'BINARY', TrainingDataSourceId: 'd', Parameters: { 'sgd.maxPasses': '100' } },
  CreateEvaluation: { MLModelId: 'm', EvaluationDataSourceId: 'd' },
};

async function serve(home: string): Promise<{ url: string; child: ChildProcess }> {
  const args = [join('build', 'cli', 'machinelearning.js'), 'serve', '--port', '0', '--anonymous', '--home', home];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const line: string = (await createInterface(child.stdout!)[Symbol.asyncIterator]().next()).value;
  return { url: line.replace('listening on ', ''), child };
}

async function kill(child: ChildProcess, withRunner: boolean): Promise<void> {
  const exit = once(child, 'exit');
  process.kill(withRunner ? -child.pid! : child.pid!, 'SIGKILL');
  await exit;
}

/** @returns operations that were answered */
async function create(url: string): Promise<string[]> {
  const answered: string[] = [];
  for (const [operation, , id] of OBJECTS) {
    try {
      await call(url, operation, { ...id, ...INPUTS[operation] });
      answered.push(operation);
    } catch {
      break;
    }
  }
  return answered;
}

/** Statuses of what was answered, once all have ended. */
async function ended(url: string, answered: readonly string[]): Promise<string[]> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const statuses: string[] = [];
    for (const [operation, get, id] of OBJECTS) {
      if (answered.includes(operation)) statuses.push((await call(url, get, id)).Status as string);
    }
    if (statuses.every((status) => status === 'COMPLETED' || status === 'FAILED')) return statuses;
    if (performance.now() > deadline) throw new Error(`stuck: ${statuses}`);
    await sleep(250);
  }
}

async function run(index: number): Promise<string[]> {
  const home = await mkdtemp(join(tmpdir(), 'bench-server-kills-'));
  const bucket = join(home, 's3', 'b');
  await mkdir(bucket, { recursive: true });
  for (const [from, to] of [
    ['banking.csv.gz', 'data.csv.gz'],
    ['banking.csv.gz.schema', 'data.csv.gz.schema'],
  ]) {
    await copyFile(join('test', 'fixtures', from), join(bucket, to));
  }
  let server = await serve(home);
  try {
    const creating = create(server.url);
    await sleep(random(LATEST_KILL_MS));
    await kill(server.child, index % 2 === 0);
    const answered = await creating;
    server = await serve(home);
    const statuses = await ended(server.url, answered);
    if (answered.includes('CreateMLModel') && statuses[1] === 'COMPLETED') {
      await call(server.url, 'CreateRealtimeEndpoint', { MLModelId: 'm' });
      const input = { MLModelId: 'm', Record: { age: '44', duration: '1200' }, PredictEndpoint: server.url };
      if (!('Prediction' in (await call(server.url, 'Predict', input)))) throw new Error('no prediction');
    }
    return statuses;
  } finally {
    await kill(server.child, true);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

console.log(`${cpus()[0].model.trim()}, Node ${process.version}, ${atOnce} at once`);
const counts = new Map<string, number>();
let next = 0;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (next < runs) {
      for (const status of await run(next++)) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  }),
);
console.log(`${runs} servers killed, 0 objects lost, 0 stuck, 0 unreadable models; ended`, Object.fromEntries(counts));
