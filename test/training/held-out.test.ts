import { describe, expect, it } from 'vitest';
import {
  type BinaryEvaluation,
  type Evaluation,
  type Progress,
  type RegressionEvaluation,
  trainModel,
} from '../../src/node.js';
import { environmentWith, makeRows, modelFile, RECIPES, schemaOf, TARGETS, type Target } from './helpers.js';

/** The loss that training sees, of an evaluation. */
function lossOf(evaluation: Evaluation, standardDeviation: number): number {
  if (evaluation.type !== 'REGRESSION') return (evaluation as BinaryEvaluation).logLoss;
  return ((evaluation as RegressionEvaluation).rmse / standardDeviation) ** 2 / 2;
}

describe('the held-out loss of a pass', () => {
  for (const target of Object.keys(TARGETS) as Target[]) {
    for (const recipe of ['ones', 'valued', 'dense'] as const) {
      for (const maxPasses of [1, 3, 7]) {
        it(`is in the end that of the evaluation: ${target}, ${recipe}, ${maxPasses} passes`, async () => {
          const model = await trainModel({
            data: makeRows(3000),
            schema: schemaOf(target, maxPasses === 3 ? 'w' : null),
            recipe: RECIPES[recipe],
            split: { strategy: 'random' },
            parameters: { 'sgd.maxPasses': maxPasses },
          });
          const { passes, heldOutCount } = model.training;
          const { target: scale } = model.state;
          const expected = lossOf(model.evaluation!, scale.type === 'REGRESSION' ? scale.standardDeviation : 1);
          expect(heldOutCount).toBe(model.evaluation!.observationCount);
          expect(passes.length).toBeLessThanOrEqual(maxPasses);
          for (const { heldOutLoss } of passes) expect(heldOutLoss).toBeGreaterThan(0);
          expect(Math.abs(passes[passes.length - 1].heldOutLoss! / expected - 1)).toBeLessThan(1e-6);
        });
      }
    }
  }

  it('is the training loss of stage 2 on the training data themselves, and the same on a file and a part', async () => {
    const data = makeRows(2000);
    const options = { data, schema: schemaOf('sold', null), recipe: RECIPES.ones };
    const { training } = await trainModel({ ...options, evaluationData: data });
    expect(training.heldOutCount).toBe(2000);
    for (const { stage, loss, heldOutLoss } of training.passes) {
      if (stage === 2) expect(heldOutLoss).toBeCloseTo(loss, 10);
    }
  });

  it('changes nothing else in the model', async () => {
    const options = { data: makeRows(2000), schema: schemaOf('kind', 'w'), recipe: RECIPES.valued };
    const { state } = await trainModel(options);
    const { state: watched } = await trainModel({ ...options, evaluationData: makeRows(500, 2) });
    expect(watched.weights).toEqual(state.weights);
    const without = watched.training.passes.map(({ heldOutLoss, ...rest }) => rest);
    expect(without).toEqual(state.training.passes);
    expect(state.training.heldOutCount).toBeUndefined();
  });

  it('is of a model whose features are pruned, too', async () => {
    const model = await trainModel({
      data: makeRows(4000),
      schema: schemaOf('kind', null),
      recipe: { outputs: ['text', 'ngram(text,2)'] },
      split: { strategy: 'random' },
      parameters: { 'sgd.maxMLModelSizeInBytes': 100_000 },
    });
    expect(model.training.droppedFeatureCount).toBeGreaterThan(0);
    const { heldOutLoss } = model.training.passes[model.training.passes.length - 1];
    expect(Math.abs(heldOutLoss! / (model.evaluation as BinaryEvaluation).logLoss - 1)).toBeLessThan(1e-6);
  });

  it('is measured on every k-th observation where there are many, whatever the threads', async () => {
    const options = {
      data: makeRows(70_000),
      schema: schemaOf('sold', null),
      recipe: RECIPES.dense,
      split: { strategy: 'sequential', trainPercent: 30 },
      parameters: { 'sgd.maxPasses': 4 },
    } as const;
    const files: Buffer[] = [];
    for (const threads of [1, 3])
      files.push(await modelFile({ ...options, threads }, environmentWith({ leastThreadedBytes: 0 })));
    expect(files[0].equals(files[1])).toBe(true);
    const { training, evaluation } = await trainModel(options);
    expect(evaluation!.observationCount).toBe(49_000);
    expect(training.heldOutCount).toBe(12_250);
    const { heldOutLoss } = training.passes.at(-1)!;
    expect(Math.abs(heldOutLoss! / (evaluation as BinaryEvaluation).logLoss - 1)).toBeLessThan(0.05);
  });

  it('leaves out observations of classes that the model does not know', async () => {
    const data = makeRows(1000);
    const others = makeRows(300, 3).map((row, i) => ({ ...row, kind: i % 3 === 0 ? 'unheard of' : row.kind }));
    const options = { data, schema: schemaOf('kind', null), recipe: RECIPES.dense };
    const { training } = await trainModel({ ...options, evaluationData: others });
    expect(training.heldOutCount).toBe(200);
    const known = others.filter(({ kind }) => kind !== 'unheard of');
    const { training: same } = await trainModel({ ...options, evaluationData: known });
    expect(training.passes).toEqual(same.passes);
  });

  it('is told when a pass ends', async () => {
    const told: Progress[] = [];
    const { training } = await trainModel({
      data: makeRows(1000),
      schema: schemaOf('size', null),
      recipe: RECIPES.dense,
      split: { strategy: 'random' },
      onProgress: (progress) => told.push(progress),
    });
    const losses = told.flatMap((progress) => (progress.event === 'pass' ? [progress.heldOutLoss] : []));
    expect(losses).toEqual(training.passes.map(({ heldOutLoss }) => heldOutLoss));
  });
});
