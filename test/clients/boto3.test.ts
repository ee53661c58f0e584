import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crossValidate, evaluate, loadModel } from '../../src/node.js';
import { type Finished, fixture, root } from '../helpers/cli.js';
import { pythonProgram } from '../helpers/installed.js';
import { KEY, quickWaiters, REGION, Serving } from './serving.js';

/** All of the data, 41,188 observations; the fixture has every fourth of them. */
const SHARED = join(root, '..', 'shared', 'data', 'banking');
const whole = existsSync(SHARED)
  ? { data: join(SHARED, 'data.csv.gz'), schema: join(SHARED, 'data.schema'), count: 41_188 }
  : { data: fixture('banking.csv.gz'), schema: fixture('banking.csv.gz.schema'), count: 10_297 };

let serving: Serving;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  serving = await Serving.start();
  environment = {
    ...process.env,
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: serving.file('none'),
    AWS_DATA_PATH: await quickWaiters(serving.file('aws-data'), 0.3),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
  };
}, 30_000);
afterAll(() => serving?.close());

/** Run one of the programs beside this file, with boto3. */
function runProgram(name: string, ...args: string[]): Promise<Finished> {
  const child = spawn(pythonProgram('python'), [join(root, 'test', 'clients', name), serving.url, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** What a program prints that must succeed. */
// biome-ignore lint/suspicious/noExplicitAny: each prints something else
async function result(name: string, ...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await runProgram(name, ...args);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('programs with boto3', { timeout: 120_000 }, () => {
  it('the banking tutorial: split, train, evaluate, set the threshold, predict', async () => {
    await serving.put('tutorial/banking.csv', gunzipSync(await readFile(whole.data)));
    const data = 's3://tutorial/banking.csv';
    const found = await result('banking_tutorial.py', data, whole.schema, 's3://tutorial/predicted/');
    expect(Number(found.metrics.BinaryAUC)).toBeGreaterThan(0.93);
    expect(Number(found.metrics.BinaryAUC)).toBeLessThan(0.96);

    const model = await loadModel(join(serving.home, 'models', `${found.model}.model`));
    const split = { percentBegin: 70, percentEnd: 100, strategy: 'random', strategyParams: { randomSeed: data } };
    const again = await evaluate(model, await serving.object('tutorial/banking.csv'), {
      rearrangement: JSON.stringify({ splitting: split }),
    });
    expect(again).toMatchObject({ auc: Number(found.metrics.BinaryAUC), observationCount: found.records });
    expect(model.training.observationCount + found.records).toBe(whole.count);
    expect(found.invalid).toBe(0);

    const packed = await serving.read(`s3://tutorial/predicted/batch-prediction/result/${found.batch}-banking.csv.gz`);
    const [header, ...lines] = String(gunzipSync(packed)).trimEnd().split('\n');
    expect(header).toBe('trueLabel,bestAnswer,score');
    expect(lines).toHaveLength(found.records);
    const answers = lines.map((line) => line.split(',').map(Number));
    for (const [, answer, score] of answers) expect(answer).toBe(score >= 0.77 ? 1 : 0);
    const positive = answers.filter(([, answer]) => answer === 1);
    const precision = positive.filter(([truth]) => truth === 1).length / positive.length;
    expect(precision).toBeGreaterThan(0.7);
    expect(found.prediction.details).toEqual({ Algorithm: 'SGD', PredictiveModelType: 'BINARY' });
  });

  it('4-fold cross-validation, with the figures that the library finds', async () => {
    await serving.putFixture('folds/banking.csv', 'banking.csv.gz');
    await serving.putFixture('folds/schema.json', 'banking.csv.gz.schema');
    const places = ['s3://folds/banking.csv', 's3://folds/schema.json'];
    const found = await result('cross_validation.py', ...places, '4', 'a seed');
    const expected = await crossValidate({
      data: await serving.object('folds/banking.csv'),
      schema: fixture('banking.csv.gz.schema'),
      recipe: { outputs: ['ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,20)'] },
      parameters: { 'sgd.maxPasses': '10', 'sgd.shuffleType': 'none' },
      folds: 4,
      seed: 'a seed',
    });
    expect(found.scores).toEqual(expected.folds.map(({ evaluation }) => (evaluation as { auc: number }).auc));
    expect(found.mean).toBeCloseTo(expected.figures.auc!.mean, 12);
    expect(found.deviation).toBeCloseTo(expected.figures.auc!.standardDeviation!, 12);
    expect(found.models).toBe(4);
  });

  it('a program stops where the data is not as its schema has it, and says why', async () => {
    await serving.put('tutorial/broken.csv', 'a,b\n1,2\n');
    const { code, stderr } = await runProgram(
      'banking_tutorial.py',
      's3://tutorial/broken.csv',
      whole.schema,
      's3://tutorial/predicted/',
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/RuntimeError: FAILED: .*s3:\/\/tutorial\/broken\.csv/s);
  });
});
