import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Model, trainModel } from '../../src/node.js';
import { root } from '../helpers/cli.js';
import { nonZeros, nullObjective, objectiveOf } from './distance.js';
import { publicTask, type Task, targetFirst, targetLast } from './public-sets.js';

/** Public data sets with published splits; not part of the package. */
const shared = join(root, '..', 'shared', 'data');

const train = (task: Task, parameters: Record<string, string | number>): Promise<Model> => {
  const { evaluationData, ...options } = task.options;
  return trainModel({ ...options, parameters: { 'trainer.prior': 1, ...parameters } });
};

/** How far from the optimum a model is: (F - F*) / (F of the null model - F*), with F* after 1,000 passes. */
async function distances(task: Task, parameters: Record<string, string | number>, passes: readonly number[]) {
  const optimum = await train(task, { ...parameters, 'sgd.maxPasses': 1000, 'trainer.tolerance': 0 });
  const lowest = await objectiveOf(optimum, task.options.data);
  const models: Model[] = [];
  const found: number[] = [];
  for (const maxPasses of passes) {
    const model = await train(task, { ...parameters, 'sgd.maxPasses': maxPasses });
    models.push(model);
    found.push(((await objectiveOf(model, task.options.data)) - lowest) / (nullObjective(optimum) - lowest));
  }
  return { optimum, models, found };
}

describe.runIf(existsSync(shared))('trainModel on public data sets', { timeout: 60_000 }, () => {
  // Sets of 20,000 observations or more are trained in eight shards, but for a single pass.
  for (const [set, recipe, ten, one] of [
    ['adult', 'z', 1e-6, 6e-3],
    ['adult', 'q', 1e-6, 1e-2],
    ['banking', 'z', 1e-6, 2e-2],
    ['banking', 'q', 1e-6, 3.5e-2],
    ['covtype20k', 'z', 5e-3, 8e-2],
    ['diamonds', 'z', 1e-6, 2e-3],
    ['diamonds', 'q', 1e-4, 2e-3],
  ] as const) {
    it(`comes within ${ten} of the optimum in ten passes, ${one} in one: ${set} ${recipe}`, async () => {
      const { found } = await distances(publicTask(shared, set, recipe)!, {}, [10, 1]);
      expect(found[0]).toBeLessThanOrEqual(ten);
      expect(found[1]).toBeLessThanOrEqual(one);
    });
  }

  for (const [set, recipe, sortedBy] of [
    ['adult', 'q', targetLast],
    ['covtype20k', 'z', targetLast],
    ['sms', 'pairs', targetFirst],
  ] as const) {
    it(`does not mind a file that is sorted by the target, without a shuffle: ${set} ${recipe}`, async () => {
      const task = publicTask(shared, set, recipe, sortedBy)!;
      const { found } = await distances(task, { 'sgd.shuffleType': 'none' }, [10]);
      expect(found[0]).toBeLessThanOrEqual(1e-2);
    });
  }

  for (const [set, recipe, limit] of [
    ['adult', 'q', 3e-3],
    ['sms', 'pairs', 1e-2],
  ] as const) {
    for (const l1 of [1e-5, 1e-4, 1e-3]) {
      it(`comes within ${limit} of the optimum with L1 ${l1}, with about as many zeros: ${set} ${recipe}`, async () => {
        const task = publicTask(shared, set, recipe)!;
        const { optimum, models, found } = await distances(task, { 'sgd.l1RegularizationAmount': l1 }, [10]);
        expect(found[0]).toBeLessThanOrEqual(limit);
        expect(Math.abs(nonZeros(models[0]) / nonZeros(optimum) - 1)).toBeLessThan(0.3);
      });
    }
  }
});
