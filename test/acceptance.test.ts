import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type BinaryEvaluation,
  type Evaluation,
  type MulticlassEvaluation,
  type RegressionEvaluation,
  type TrainModelOptions,
  trainModel,
} from '../src/node.js';
import { fixture, root, temporaryFolder } from './helpers/cli.js';

/** Public data sets with published splits; not part of the package. */
const shared = join(root, '..', 'shared', 'data');
const folder = temporaryFolder();

/** Write the two parts of a data set's published split; their paths and that of its schema. */
async function published(name: string): Promise<{ data: string; evaluationData: string; schema: string }> {
  const csv = join(shared, name, 'data.csv');
  const bytes = existsSync(csv) ? await readFile(csv) : gunzipSync(await readFile(`${csv}.gz`));
  const [header, ...rows] = bytes.toString().trimEnd().split('\n');
  const { rule, train_rows } = JSON.parse(await readFile(join(shared, name, 'split.json'), 'utf8'));
  const learned = (_: string, i: number): boolean => (rule === 'first' ? i < train_rows : i % 10 < 7);
  const parts = { data: folder.file(`${name}-train.csv`), evaluationData: folder.file(`${name}-test.csv`) };
  await writeFile(parts.data, [header, ...rows.filter(learned), ''].join('\n'));
  await writeFile(parts.evaluationData, [header, ...rows.filter((row, i) => !learned(row, i)), ''].join('\n'));
  return { ...parts, schema: join(shared, name, 'data.schema') };
}

async function evaluated<Type extends Evaluation>(options: TrainModelOptions): Promise<Type> {
  return (await trainModel(options)).evaluation as Type;
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const BANKING_RECIPE = {
  outputs: ['ALL_BINARY', 'ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,50)', 'lowercase(ALL_TEXT)'],
};

describe.runIf(existsSync(shared))('public data sets, default parameters', { timeout: 60_000 }, () => {
  it('banking, 50 bins, random split: AUC >= 0.935', async () => {
    const data = join(shared, 'banking', 'data.csv.gz');
    const schema = join(shared, 'banking', 'data.schema');
    for (const seed of [1, 2, 3]) {
      const split = { strategy: 'random' } as const;
      const { auc } = await evaluated<BinaryEvaluation>({ data, schema, recipe: BANKING_RECIPE, split, seed });
      expect(auc).toBeGreaterThanOrEqual(0.935);
    }
  });

  it('adult, published split, default recipe: AUC >= 0.905', async () => {
    const { auc } = await evaluated<BinaryEvaluation>(await published('adult'));
    expect(auc).toBeGreaterThanOrEqual(0.905);
  });

  it('sms, default recipe and bigrams, mean of 5 random splits: AUC >= 0.98', async () => {
    const data = join(shared, 'sms', 'data.csv');
    const schema = join(shared, 'sms', 'data.schema');
    const recipe = { outputs: ['ALL_BINARY', 'ALL_CATEGORICAL', 'ALL_TEXT', 'ngram(message,2)'] };
    const areas: number[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      const split = { strategy: 'random' } as const;
      areas.push((await evaluated<BinaryEvaluation>({ data, schema, recipe, split, seed })).auc as number);
    }
    expect(mean(areas)).toBeGreaterThanOrEqual(0.98);
  });

  it('iris, published split, default recipe: macro F1 >= 0.93', async () => {
    const { macroF1 } = await evaluated<MulticlassEvaluation>(await published('iris'));
    expect(macroF1).toBeGreaterThanOrEqual(0.93);
  });

  it('covtype20k, published split, default recipe: accuracy >= 0.70', async () => {
    const { accuracy, macroF1 } = await evaluated<MulticlassEvaluation>(await published('covtype20k'));
    expect(accuracy).toBeGreaterThanOrEqual(0.7);
    expect(macroF1).toBeGreaterThanOrEqual(0.7);
  });

  it('diamonds, published split, 50 bins: RMSE <= 1120', async () => {
    const recipe = { outputs: ['ALL_CATEGORICAL', 'quantile_bin(ALL_NUMERIC,50)'] };
    const { rmse } = await evaluated<RegressionEvaluation>({ ...(await published('diamonds')), recipe });
    expect(rmse).toBeLessThanOrEqual(1120);
  });
});

describe('bundled samples, default parameters', () => {
  const split = { strategy: 'random' } as const;

  it('banking: AUC >= 0.92, log loss <= 0.22', async () => {
    const { auc, logLoss } = await evaluated<BinaryEvaluation>({ data: fixture('banking.csv.gz'), split });
    expect(auc).toBeGreaterThanOrEqual(0.92);
    expect(logLoss).toBeLessThanOrEqual(0.22);
  });

  it('sms with bigrams: AUC >= 0.95', async () => {
    const recipe = { outputs: ['ngram(lowercase(message),2)'] };
    const data = fixture('sms.csv');
    const { auc } = await evaluated<BinaryEvaluation>({ data, target: 'label', recipe, split });
    expect(auc).toBeGreaterThanOrEqual(0.95);
  });

  it('diamonds: R² >= 0.85', async () => {
    const { r2 } = await evaluated<RegressionEvaluation>({ data: fixture('diamonds.csv'), target: 'price', split });
    expect(r2).toBeGreaterThanOrEqual(0.85);
  });

  it('iris sorted by class, in file order, through cursors: as good as shuffled', async () => {
    const options = { data: fixture('iris.csv'), target: 'species', evaluationData: fixture('iris.csv') };
    const inOrder = await evaluated<MulticlassEvaluation>({ ...options, parameters: { 'sgd.shuffleType': 'none' } });
    const shuffled = await evaluated<MulticlassEvaluation>({ ...options, parameters: { 'sgd.shuffleType': 'auto' } });
    expect(inOrder.macroF1).toBeGreaterThanOrEqual(shuffled.macroF1 - 0.03);
  });
});
