import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Model, TrainModelOptions } from '../src/node.js';
import { lossOf, nonZeros, nullObjective, objectiveOf } from '../test/training/distance.js';
import { publicTask, type RECIPES, type Task, targetFirst, targetLast } from '../test/training/public-sets.js';

/**
 * The figures that the trainer must reach on public sets: held-out loss and measure, and how far from the optimum training ends,
 * sub = (F - F*) / (F of the null model - F*), with F* after 1,000 passes. Prior 1.
 *
 *     npm run build && npx tsc -p bench && node build/bench/bench/acceptance.js [folder of public sets] [pattern of names]
 */
const [folder = join('..', 'shared', 'data'), pattern = ''] = process.argv.slice(2);
const library = pathToFileURL(join('build', 'node.js')).href;
const { trainModel } = (await import(library)) as typeof import('../src/node.js');

const OPTIMUM_PASSES = 1000;
type Parameters = Record<string, string>;

const train = (task: Task, parameters: Parameters, more: Partial<TrainModelOptions> = {}): Promise<Model> =>
  trainModel({ ...task.options, seed: 'any', parameters: { 'trainer.prior': '1', ...parameters }, ...more });

function measureOf({ evaluation }: Model): string {
  if (evaluation?.type === 'BINARY') return `AUC ${evaluation.auc!.toFixed(4)}`;
  if (evaluation?.type === 'MULTICLASS') return `accuracy ${evaluation.accuracy.toFixed(3)}`;
  return `RMSE ${evaluation!.rmse.toFixed(0)}`;
}

interface Distance {
  readonly optimum: Model;
  of(model: Model): Promise<number>;
}

async function openDistance(task: Task, parameters: Parameters): Promise<Distance> {
  const optimum = await train(task, {
    ...parameters,
    'sgd.maxPasses': String(OPTIMUM_PASSES),
    'trainer.tolerance': '0',
  });
  const lowest = await objectiveOf(optimum, task.options.data);
  const highest = nullObjective(optimum);
  return {
    optimum,
    of: async (model) => ((await objectiveOf(model, task.options.data)) - lowest) / (highest - lowest),
  };
}

const exponential = (value: number): string => (Math.abs(value) < 1e-9 ? '< 1e-9' : value.toExponential(1));
const open = (set: string, recipe: keyof typeof RECIPES, sortedBy?: (line: string) => string): Task | undefined =>
  new RegExp(pattern).test(`${set} ${recipe}`) ? publicTask(folder, set, recipe, sortedBy) : undefined;

const ACCEPTED = [
  ['adult', 'z', '<= 0.3182', '>= 0.9048', '<= 1e-6', '<= 6e-3'],
  ['adult', 'q', '<= 0.3050', '>= 0.9117', '<= 1e-6', '<= 1e-2'],
  ['banking', 'z', '<= 0.2086', '>= 0.9338', '<= 1e-6', '<= 2e-2'],
  ['banking', 'q', '<= 0.1900', '>= 0.9412', '<= 1e-6', '<= 3.5e-2'],
  ['covtype20k', 'z', '<= 0.670', '>= 0.715', '<= 5e-3', '<= 8e-2'],
  ['covtype20k', 'q', '<= 0.620', '>= 0.740', '<= 5e-3', ''],
  ['diamonds', 'z', '<= 0.0418', '<= 1155', '<= 1e-6', '<= 2e-3'],
  ['diamonds', 'q', '<= 0.0342', '<= 1045', '<= 1e-4', '<= 2e-3'],
  ['iris', 'z', '<= 0.20', '>= 0.95', '<= 5e-3', ''],
  ['sms', 'pairs', '<= 0.080', '>= 0.985', '<= 5e-3', ''],
] as const;

console.log(
  '| set, features | loss: optimum | 10 passes, `none` / `auto` | accept | measure | accept | sub after 10 | accept | after 1 | accept |',
);
console.log(`|${' --- |'.repeat(10)}`);
for (const [set, recipe, loss, measure, ten, one] of ACCEPTED) {
  const task = open(set, recipe);
  if (task === undefined) continue;
  const { optimum, of } = await openDistance(task, {});
  const none = await train(task, {});
  const auto = await train(task, { 'sgd.shuffleType': 'auto' });
  const first = await train(task, { 'sgd.maxPasses': '1' });
  const loss4 = (model: Model): string => lossOf(model, model.evaluation!).toFixed(4);
  const cells = [
    `${loss4(none)} / ${loss4(auto)} | ${loss} | ${measureOf(none)} | ${measure}`,
    `${exponential(await of(none))} / ${exponential(await of(auto))} | ${ten} | ${exponential(await of(first))} | ${one}`,
  ];
  console.log(`| ${task.name} | ${loss4(optimum)} | ${cells.join(' | ')} |`);
}

console.log('\n| sorted by the target, `none` | sub after 10 | accept |\n| --- | --- | --- |');
const SORTED = [
  ['adult', 'q', targetLast],
  ['banking', 'z', targetLast],
  ['covtype20k', 'z', targetLast],
  ['sms', 'pairs', targetFirst],
] as const;
for (const [set, recipe, sortedBy] of SORTED) {
  const task = open(set, recipe, sortedBy);
  if (task === undefined) continue;
  const { of } = await openDistance(task, {});
  console.log(`| ${task.name} | ${exponential(await of(await train(task, {})))} | <= 1e-2 |`);
}

console.log('\n| L1 | sub after 10 | accept | non-zeros | of the optimum |\n| --- | --- | --- | --- | --- |');
for (const [set, recipe, accept] of [
  ['adult', 'q', '<= 3e-3'],
  ['sms', 'pairs', '<= 1e-2'],
] as const) {
  for (const amount of ['1e-5', '1e-4', '1e-3']) {
    const task = open(set, recipe);
    if (task === undefined) continue;
    const parameters = { 'sgd.l1RegularizationAmount': amount };
    const { optimum, of } = await openDistance(task, parameters);
    const model = await train(task, parameters);
    const counts = `${nonZeros(model)} | ${nonZeros(optimum)}`;
    console.log(`| ${task.name}, ${amount} | ${exponential(await of(model))} | ${accept} | ${counts} |`);
  }
}
