import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fromCSV } from 'arquero';
import { describe, expect, it } from 'vitest';
import {
  type BinaryEvaluation,
  evaluate,
  InvalidInput,
  loadModel,
  type MulticlassEvaluation,
  type Progress,
  trainModel,
} from '../src/node.js';
import { fixture, temporaryFolder } from './helpers/cli.js';

const folder = temporaryFolder();
const iris = { data: fixture('iris.csv'), target: 'species' };
const banking = { data: fixture('banking.csv.gz'), split: { strategy: 'random' }, seed: 1 } as const;

const irisRecords = async (): Promise<Record<string, string>[]> => {
  const [header, ...lines] = (await readFile(fixture('iris.csv'), 'utf8')).trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i], value])));
};

describe('trainModel', () => {
  it('learns from everything unless a part is kept', async () => {
    const model = await trainModel(iris);
    expect(model.type).toBe('MULTICLASS');
    expect(model.classes).toEqual(['Iris-setosa', 'Iris-versicolor', 'Iris-virginica']);
    expect(model.training.observationCount).toBe(150);
    expect(model.evaluation).toBeUndefined();
    const losses = model.training.passes.map(({ loss }) => loss);
    expect(losses.length).toBeGreaterThan(2);
    expect(losses.at(-1)).toBeLessThan(losses[0]);
  });

  it('gives the same model for a path, a stream, a table and an array of objects', async () => {
    const records = await irisRecords();
    const table = fromCSV(await readFile(fixture('iris.csv'), 'utf8'));
    const expected = (await trainModel(iris)).weights();
    for (const data of [createReadStream(fixture('iris.csv')), table, records]) {
      expect((await trainModel({ ...iris, data })).weights()).toEqual(expected);
    }
  });

  it('takes numbers, booleans and missing values from objects', async () => {
    const data = Array.from({ length: 200 }, (_, i) => ({
      size: i % 7 === 0 ? null : i,
      old: i % 3 === 0,
      kind: i % 5 === 0 ? undefined : `k${i % 5}`,
      sold: i >= 100,
    }));
    const model = await trainModel({ data, target: 'sold', recipe: { outputs: ['ALL_INPUTS'] } });
    expect(model.type).toBe('BINARY');
    expect(model.predict({ size: 190, old: false }).predictedLabel).toBe('1');
    expect(model.predict({ size: 10, old: false }).predictedLabel).toBe('0');
    const features = model.weights().map(({ feature }) => feature);
    expect(features).toEqual(expect.arrayContaining(['size', 'size=missing', 'old=1', 'kind=k1', 'kind=', '(bias)']));
  });

  it('evaluates on the part that was kept', async () => {
    const evaluation = (await trainModel(banking)).evaluation as BinaryEvaluation;
    expect(evaluation.auc).toBeGreaterThan(0.92);
    expect(evaluation.observationCount).toBeGreaterThan(2900);
    const { truePositives, trueNegatives, falsePositives, falseNegatives } = evaluation;
    expect(truePositives + trueNegatives + falsePositives + falseNegatives).toBe(evaluation.observationCount);
  });

  it('tells its progress in order', async () => {
    const events: Progress[] = [];
    const model = await trainModel({ ...banking, onProgress: (progress) => events.push(progress) });
    const order = events.map(({ event }) => event).filter((event) => event !== 'read' && event !== 'share');
    const { passes, stoppedEarly } = model.training;
    expect(order).toEqual(['schema', 'statistics', 'features', ...new Array(passes.length).fill('pass')]);
    expect(passes.length === 10 || (stoppedEarly && passes.length > 3)).toBe(true);
  });

  it('stops when its signal is aborted', async () => {
    const controller = new AbortController();
    const onProgress = ({ event }: Progress): void => {
      if (event === 'pass') controller.abort(new Error('enough'));
    };
    const parameters = { 'sgd.maxPasses': 10_000 };
    await expect(trainModel({ ...banking, parameters, onProgress, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });

  it('warns when the evaluation data has a class that was not learned', async () => {
    const model = await trainModel({ ...iris, split: { strategy: 'sequential', trainPercent: 50 } });
    expect(model.evaluation?.alerts.join()).toContain("class 'Iris-virginica' does not occur in what was learned from");
  });

  it('drops the rarest features when the model would be too large', async () => {
    const text = { data: fixture('sms.csv'), target: 'label', recipe: { outputs: ['ngram(message,2)'] } };
    const model = await trainModel({ ...text, parameters: { 'sgd.maxMLModelSizeInBytes': 100_000 } });
    expect(model.state.features.size - 1).toBe(Math.floor(100_000 / 96));
    expect(model.training.droppedFeatureCount).toBeGreaterThan(1000);
    expect(model.weights().map(({ feature }) => feature)).toContain('message:to');
  });

  it('learns from what stands after features that were dropped', async () => {
    const data = Array.from({ length: 3000 }, (_, i) => ({
      noise: `n${(i * 7919) % 2500}`,
      good: `g${i % 5}`,
      y: `c${i % 5}`,
    }));
    const recipe = { outputs: ['noise', 'good'] };
    const parameters = { 'sgd.maxMLModelSizeInBytes': 100_000 };
    const model = await trainModel({ data, target: 'y', recipe, parameters, split: { strategy: 'random' } });
    expect(model.training.droppedFeatureCount).toBeGreaterThan(1000);
    expect((model.evaluation as MulticlassEvaluation).accuracy).toBe(1);
  });

  it('gives a constant number no weight, whatever its digits', async () => {
    const data = Array.from({ length: 1000 }, (_, i) => ({ k: 0.1, x: i, y: i % 2 }));
    const model = await trainModel({ data, target: 'y', recipe: { outputs: ['ALL_NUMERIC'] } });
    expect(model.weights().map(({ feature }) => feature)).not.toContain('k');
    expect(model.predict({ k: 0.1001, x: 5 })).toEqual(model.predict({ k: 0.1, x: 5 }));
  });

  it.each(['sgd.l1RegularizationAmount', 'sgd.l2RegularizationAmount', 'trainer.prior'])(
    'leaves the constant model under a huge %s',
    async (key) => {
      for (const outputs of [['ALL_NUMERIC'], ['quantile_bin(ALL_NUMERIC,10)']]) {
        const split = { strategy: 'random' } as const;
        const model = await trainModel({ ...iris, split, recipe: { outputs }, parameters: { [key]: '1e300' } });
        expect(model.evaluation?.logLoss).toBeCloseTo(Math.log(3), 1);
      }
    },
  );

  it('refuses a target that is too large to be squared', async () => {
    const data = Array.from({ length: 50 }, (_, i) => ({ x: i, y: i * 1e300 }));
    await expect(trainModel({ data, target: 'y' })).rejects.toThrow("the target 'y' are too large");
  });

  it('counts a class that it has not learned among those of the evaluation, and no other', async () => {
    const model = await trainModel({ data: (await irisRecords()).slice(0, 100), target: 'species' });
    const { classes, confusion } = (await model.evaluate(iris.data)) as MulticlassEvaluation;
    expect(classes.map((counts) => [counts.class, counts.trueCount])).toEqual([
      ['Iris-setosa', 50],
      ['Iris-versicolor', 50],
      ['Iris-virginica', 50],
    ]);
    expect(confusion).toHaveLength(3);
  });

  it('stops reading a stream when its signal is aborted', async () => {
    async function* stalled(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('x,y\n1,0\n');
      await new Promise(() => {});
    }
    const signal = AbortSignal.timeout(100);
    await expect(trainModel({ data: stalled(), target: 'y', signal })).rejects.toThrow(/abort|timeout/i);
  });

  it('counts rejections over the whole file, not a part of it', async () => {
    const bad = Array.from({ length: 14_000 }, (_, i) => ({ x: i, y: '' }));
    const data = [...Array.from({ length: 100 }, (_, i) => ({ x: i, y: i % 2 ? 'a' : 'b' })), ...bad];
    await expect(trainModel({ data, target: 'y', split: { strategy: 'random' } })).rejects.toThrow(
      'more than 10,000 observations',
    );
  });

  it.each([
    ['nothing to learn from', { data: [] as object[], target: 'y' }],
    ['a data source of the wrong kind', { data: 42 as never, target: 'y' }],
    ['a split that is not a percentage', { ...iris, split: { trainPercent: 100 } }],
    ['a split beside evaluation data', { ...iris, split: {}, evaluationData: iris.data }],
    ['a model type that does not exist', { ...iris, modelType: 'TREE' as never }],
    ['a schema file that is not there', { ...iris, schema: 'none.schema' }],
    ['a recipe file that is not there', { ...iris, recipe: 'none.json' }],
    ['an option that does not exist', { ...iris, paramters: {} }],
    ['a split of another form', { ...iris, split: 'random' }],
    ['an array of something else', { data: [null], target: 'y' }],
    ['evaluation data that is not there, before it trains', { ...iris, evaluationData: 'none.csv' }],
  ])('refuses %s', async (_, options) => {
    await expect(trainModel(options as never)).rejects.toBeInstanceOf(InvalidInput);
  });
});

describe('a model', () => {
  it('comes back from its file as it was', async () => {
    const model = await trainModel(banking);
    const size = await model.save(folder.file('banking.model'));
    const again = await loadModel(folder.file('banking.model'));
    expect(again.weights()).toEqual(model.weights());
    expect(Buffer.from(await again.encode()).equals(await readFile(folder.file('banking.model')))).toBe(true);
    expect((await readFile(folder.file('banking.model'))).length).toBe(size);
    const record = { age: '44', job: 'blue-collar', duration: 1200 };
    expect(again.predict(record)).toEqual(model.predict(record));
    expect(await evaluate(again, fixture('banking.csv.gz'))).toEqual(await model.evaluate(fixture('banking.csv.gz')));
  });

  it('predicts one record as it predicts a file', async () => {
    const model = await trainModel(iris);
    const records = await irisRecords();
    let csv = '';
    for await (const piece of model.predictBatch(fixture('iris.csv'))) csv += piece;
    const lines = csv.trimEnd().split('\n');
    expect(lines[0]).toBe('trueLabel,Iris-setosa,Iris-versicolor,Iris-virginica');
    expect(lines).toHaveLength(151);
    records.forEach((record, i) => {
      const { predictedScores } = model.predict(record);
      const scores = lines[i + 1].split(',').slice(1).map(Number);
      Object.values(predictedScores as object).forEach((score, k) => {
        expect(scores[k]).toBeCloseTo(score, 5);
      });
    });
  });

  it('gives weights that add up to its answers', async () => {
    const recipe = { outputs: ['ALL_NUMERIC'] };
    const model = await trainModel({ data: fixture('diamonds.csv'), target: 'price', recipe });
    const weights = new Map(model.weights().map(({ feature, weight }) => [feature, weight]));
    const record = { carat: 1.1, depth: 61, table: 57, x: 6.5, y: 6.6, z: 4 };
    let sum = weights.get('(bias)') as number;
    for (const [name, value] of Object.entries(record)) sum += (weights.get(name) as number) * value;
    expect(model.predict(record).predictedValue).toBeCloseTo(sum, 0);
  });

  it('names the attribute that it does not know, or whose value does not fit', async () => {
    const model = await trainModel({ data: fixture('banking.csv.gz') });
    expect(() => model.predict({ agee: 3 })).toThrow("the model has no attribute 'agee'");
    expect(() => model.predict({ age: 'old' })).toThrow("attribute 'age': 'old' is not a NUMERIC value");
    expect(model.predict({ y: '1' })).toEqual(model.predict({}));
  });

  it('answers with finite numbers for extreme values', async () => {
    const model = await trainModel({
      data: fixture('diamonds.csv'),
      target: 'price',
      recipe: { outputs: ['ALL_NUMERIC'] },
    });
    expect(Number.isFinite(model.predict({ carat: 1e300, x: -1e300 }).predictedValue)).toBe(true);
  });

  it.each([
    ['is no model', (bytes: Buffer) => Buffer.from(`x${bytes.toString('latin1')}`), /not a model file/],
    ['was cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100), /bytes after the first line where/],
    ['was changed', (bytes: Buffer) => bytes.fill(0x20, 500, 501), /the checksum does not match/],
    [
      'is of a later format',
      (bytes: Buffer) => Buffer.concat([Buffer.from('create-ml-model 9'), bytes.subarray(17)]),
      /model format 9/,
    ],
  ])('is not read from a file that %s', async (_, damage, message) => {
    const model = await trainModel(iris);
    await writeFile(folder.file('damaged'), damage(Buffer.from(await model.encode())));
    await expect(loadModel(folder.file('damaged'))).rejects.toThrow(message);
  });
});
