import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { loadModel } from '../../src/node.js';
import { openLocalService } from '../../src/operations/local-service.js';
import { Connection } from '../../src/store/connection.js';
import type { Entity, EntityKind } from '../../src/store/entity.js';
import { openStore, type Store } from '../../src/store/store.js';
import { buildScript } from '../helpers/script.js';

/** The tests' folder is beside `build`, whichever way this file was compiled. */
const ROOT = new URL(import.meta.url.includes('/build/') ? '../../../../' : '../../', import.meta.url);

/** The runner whose work is small; see there. */
export const SMALL_RUNNER = await buildScript(new URL('test/store/runner-process.ts', ROOT));

export function startRunner(home: string, entry = SMALL_RUNNER, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [entry, '--home', home, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** @returns exit code and signal */
export function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve([child.exitCode, child.signalCode]);
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve([code, signal])));
}

/** What is created, who does it, and how a result is read. */
export interface Scenario {
  readonly runner: string;
  /** Runners are killed at a random moment of so many milliseconds from their start. */
  readonly spanMs: number;
  create(store: Store, home: string, random: () => number): Promise<readonly Made[]>;
  /** @throws Error when what a COMPLETED object stands for is not whole */
  checkResult(home: string, entity: Entity): Promise<void>;
}

export type Made = Pick<Entity, 'kind' | 'id'>;

export interface KillRun {
  readonly kills: number;
  readonly completed: number;
  /** Ended FAILED since they, or what they need, were cut off three times. */
  readonly cutOff: number;
}

/**
 * Objects that need each other, a runner that is killed at random moments, then one that is left alone.
 *
 * @param random a number from 0 to 1
 * @throws Error when the store is inconsistent, an object is lost or stuck, or a COMPLETED one has no whole result
 */
export async function killRun(random: () => number, scenario: Scenario): Promise<KillRun> {
  const home = mkdtempSync(join(tmpdir(), 'create-ml-model-kill-'));
  const store = await openStore(home);
  try {
    const made = await scenario.create(store, home, random);
    const kills = 1 + Math.floor(random() * 4);
    for (let i = 0; i < kills; i++) {
      const runner = startRunner(home, scenario.runner);
      await sleep(random() * scenario.spanMs);
      runner.kill('SIGKILL');
      await ended(runner);
      await check(home, made, scenario);
      // As if 15 s had passed.
      store.recover(Date.now() + 16_000);
    }
    const [code] = await ended(startRunner(home, scenario.runner));
    if (code !== 0) throw new Error(`the last runner ended with code ${code}`);
    if (store.hasJobs()) throw new Error('jobs are left');
    await check(home, made, scenario);
    return { kills, ...outcomes(store, made, kills) };
  } finally {
    store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Whether the database is whole, all objects are there, and what is COMPLETED can be read. */
async function check(home: string, made: readonly Made[], scenario: Scenario): Promise<void> {
  const connection = await Connection.open(join(home, 'store.sqlite'));
  const state = connection.get('PRAGMA integrity_check')?.integrity_check;
  connection.close();
  if (state !== 'ok') throw new Error(`integrity check: ${state}`);
  const store = await openStore(home);
  for (const { kind, id } of made) {
    const entity = store.get(kind, id);
    if (!entity) throw new Error(`${kind} ${id} is lost`);
    if (entity.status === 'COMPLETED') await scenario.checkResult(home, entity);
  }
  store.close();
}

function outcomes(store: Store, made: readonly Made[], kills: number): Omit<KillRun, 'kills'> {
  let [completed, cutOff] = [0, 0];
  for (const { kind, id } of made) {
    const { status, message } = store.get(kind, id) as Entity;
    if (status === 'COMPLETED') completed++;
    else if (status === 'FAILED' && kills >= 3 && /begun 3 times and cut off/.test(message ?? '')) cutOff++;
    else throw new Error(`${kind} ${id}: ${status} after ${kills} kills: ${message}`);
  }
  return { completed, cutOff };
}

/** Five objects whose work is a few milliseconds and a file of known content. */
export const SMALL_WORK: Scenario = {
  runner: SMALL_RUNNER,
  spanMs: 600,
  async create(store, _home, random) {
    const make = (kind: EntityKind, id: string, request: object): Made => {
      const work = Math.floor(random() * 100);
      store.create({ kind, id, name: undefined, request: { ...request, work }, fingerprint: id, filters: {} });
      return { kind, id };
    };
    return [
      make('DataSource', 'd', {}),
      make('MLModel', 'm', { TrainingDataSourceId: 'd' }),
      make('Evaluation', 'e', { MLModelId: 'm', EvaluationDataSourceId: 'd' }),
      make('BatchPrediction', 'b', { MLModelId: 'm', BatchPredictionDataSourceId: 'd' }),
      make('DataSource', 'd2', {}),
    ];
  },
  async checkResult(home, { kind, id, facts }) {
    const text = readFileSync(join(home, 'models', `${kind}-${id}.model`), 'utf8');
    if (text.length !== facts.SizeInBytes || text !== `${kind} ${id} `.repeat(1000)) throw new Error(`${id}: a part`);
  },
};

/** Data source, model, evaluation and batch prediction on 150 observations, by the package's own runner. */
export const REAL_WORK: Scenario = {
  runner: fileURLToPath(new URL('build/cli/job-runner.js', ROOT)),
  spanMs: 2_000,
  async create(_store, home) {
    const data = 's3://bucket/iris.csv';
    mkdirSync(join(home, 's3', 'bucket'), { recursive: true });
    cpSync(fileURLToPath(new URL('test/fixtures/iris.csv', ROOT)), join(home, 's3', 'bucket', 'iris.csv'));
    const service = await openLocalService({ home, startRunner: () => {} });
    const DataSpec = { DataLocationS3: data, DataSchema: IRIS_SCHEMA };
    await service.call('CreateDataSourceFromS3', { DataSourceId: 'd', DataSpec, ComputeStatistics: true });
    const [ids, Parameters] = [{ MLModelId: 'm' }, { 'sgd.maxPasses': '100' }];
    await service.call('CreateMLModel', {
      ...{ ...ids, MLModelType: 'MULTICLASS', TrainingDataSourceId: 'd', Parameters },
    });
    await service.call('CreateEvaluation', { ...ids, EvaluationId: 'e', EvaluationDataSourceId: 'd' });
    const [BatchPredictionDataSourceId, OutputUri] = ['d', 's3://bucket/out/'];
    await service.call('CreateBatchPrediction', {
      ...ids,
      BatchPredictionId: 'b',
      BatchPredictionDataSourceId,
      OutputUri,
    });
    await service.close();
    return [
      { kind: 'DataSource', id: 'd' },
      { kind: 'MLModel', id: 'm' },
      { kind: 'Evaluation', id: 'e' },
      { kind: 'BatchPrediction', id: 'b' },
    ];
  },
  async checkResult(home, { kind, id, facts }) {
    if (kind === 'MLModel') await loadModel(join(home, 'models', `${id}.model`));
    if (kind === 'Evaluation' && !facts.PerformanceMetrics) throw new Error(`${id}: no metrics`);
    if (kind !== 'BatchPrediction') return;
    const result = join(home, 's3', 'bucket', 'out', 'batch-prediction', 'result', `${id}-iris.csv.gz`);
    const lines = gunzipSync(readFileSync(result)).toString().trimEnd().split('\n');
    if (lines.length !== 151) throw new Error(`${result}: ${lines.length} lines`);
  },
};

const IRIS_SCHEMA = JSON.stringify({
  version: '1.0',
  targetAttributeName: 'species',
  dataFormat: 'CSV',
  dataFileContainsHeader: true,
  attributes: [
    ...['sepal_length', 'sepal_width', 'petal_length', 'petal_width'].map((attributeName) => ({
      attributeName,
      attributeType: 'NUMERIC',
    })),
    { attributeName: 'species', attributeType: 'CATEGORICAL' },
  ],
});
