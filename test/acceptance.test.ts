import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type BinaryEvaluation,
  type Evaluation,
  type Model,
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

const Z = { outputs: ['ALL_NUMERIC', 'ALL_CATEGORICAL', 'ALL_BINARY'] };
const Q = { outputs: ['quantile_bin(ALL_NUMERIC,50)', 'ALL_CATEGORICAL', 'ALL_BINARY'] };
const BIGRAMS = { outputs: ['ngram(lowercase(message),2)'] };

interface Goal {
  readonly set: string;
  readonly recipe: object;
  readonly features: string;
  /** Most loss on the evaluation rows: nats, or squared error / 2 over the training variance of the target. */
  readonly loss: number;
  /** Least AUC or accuracy. */
  readonly least?: number;
  /** Most RMSE. */
  readonly rmse?: number;
}

const GOALS: readonly Goal[] = [
  { set: 'adult', recipe: Z, features: 'scaled numbers', loss: 0.3182, least: 0.9048 },
  { set: 'adult', recipe: Q, features: '50 bins', loss: 0.305, least: 0.9117 },
  { set: 'banking', recipe: Z, features: 'scaled numbers', loss: 0.2086, least: 0.9338 },
  { set: 'banking', recipe: Q, features: '50 bins', loss: 0.19, least: 0.9412 },
  { set: 'covtype20k', recipe: Z, features: 'scaled numbers', loss: 0.67, least: 0.715 },
  { set: 'covtype20k', recipe: Q, features: '50 bins', loss: 0.62, least: 0.74 },
  { set: 'diamonds', recipe: Z, features: 'scaled numbers', loss: 0.0418, rmse: 1155 },
  { set: 'diamonds', recipe: Q, features: '50 bins', loss: 0.0342, rmse: 1045 },
  { set: 'iris', recipe: Z, features: 'scaled numbers', loss: 0.2, least: 0.95 },
  { set: 'sms', recipe: BIGRAMS, features: 'words and bigrams', loss: 0.08, least: 0.985 },
];

/** Loss as the trainer sees it, and the other figure of a goal. */
function figures(model: Model): { loss: number; figure: number } {
  const evaluation = model.evaluation as Evaluation;
  if (evaluation.type === 'REGRESSION') {
    const { standardDeviation } = model.state.target as { standardDeviation: number };
    return { loss: (evaluation.rmse / standardDeviation) ** 2 / 2, figure: evaluation.rmse };
  }
  const figure = evaluation.type === 'BINARY' ? evaluation.auc : evaluation.accuracy;
  return { loss: evaluation.logLoss, figure: figure as number };
}

describe.runIf(existsSync(shared))('public data sets, published splits, 10 passes', { timeout: 60_000 }, () => {
  for (const { set, recipe, features, loss: mostLoss, least, rmse: mostRmse } of GOALS) {
    const goal =
      least === undefined
        ? `RMSE <= ${mostRmse}`
        : `${set === 'adult' || set === 'banking' || set === 'sms' ? 'AUC' : 'accuracy'} >= ${least}`;
    it.each(['none', 'auto'])(`${set}, ${features}: loss <= ${mostLoss}, ${goal}, shuffle %s`, async (shuffleType) => {
      const parameters = { 'sgd.shuffleType': shuffleType };
      const { loss, figure } = figures(
        await trainModel({ ...(await published(set)), recipe, parameters, seed: 'any' }),
      );
      expect(loss).toBeLessThanOrEqual(mostLoss);
      if (least !== undefined) expect(figure).toBeGreaterThanOrEqual(least);
      if (mostRmse !== undefined) expect(figure).toBeLessThanOrEqual(mostRmse);
    });
  }
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
