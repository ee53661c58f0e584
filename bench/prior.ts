import { join } from 'node:path';
import type { Model } from '../src/node.js';
import type { Task } from '../test/training/public-sets.js';
import { publicTasks, topicTask, wideTask } from './prior-data.js';

/**
 * Held-out loss for each strength of the prior and for `trainer.prior=auto`, and the CPU time that the choice takes.
 *
 *     npm run build && npx tsc -p bench && node build/bench/bench/prior.js [folder of public sets] [pattern of names]
 */
const [folder = join('..', 'shared', 'data'), pattern = ''] = process.argv.slice(2);
const library = join(process.cwd(), 'build', 'node.js');
const { trainModel } = (await import(library)) as typeof import('../src/node.js');
const PRIORS = ['0.3', '1', '3', '10', '30', '100', 'auto'];
const AUTO = PRIORS.indexOf('auto');
const SEEDS = [1, 2, 3];

const WIDE = [
  { rows: 500, features: 1000, length: 20, informative: 0.2, strength: 1 },
  { rows: 500, features: 20_000, length: 50, informative: 0.1, strength: 1 },
  { rows: 2000, features: 5000, length: 40, informative: 0.05, strength: 1.5 },
  { rows: 2000, features: 5000, length: 40, informative: 1, strength: 0.3 },
  { rows: 6000, features: 5000, length: 30, informative: 0.2, strength: 0.5 },
  { rows: 6000, features: 20_000, length: 80, informative: 0.1, strength: 1 },
  { rows: 30_000, features: 50_000, length: 60, informative: 0.1, strength: 1 },
] as const;

function* tasks(): Generator<() => Task> {
  for (const task of publicTasks(folder)) yield () => task;
  for (const seed of SEEDS) {
    for (const wide of WIDE) yield () => wideTask({ ...wide, type: 'BINARY' }, seed);
    yield () => wideTask({ ...WIDE[2], type: 'REGRESSION' }, seed);
    yield () => wideTask({ ...WIDE[5], type: 'REGRESSION' }, seed);
    for (const rows of [500, 2000, 6000]) yield () => topicTask(rows, 4, seed);
    yield () => topicTask(6000, 20, seed);
  }
}

/** Nats, or squared error / 2 over the variance of the target in the training data. */
function heldOutLoss({ evaluation, state }: Model): number {
  if (evaluation?.type !== 'REGRESSION') return evaluation!.logLoss;
  return (evaluation.rmse / (state.target as { standardDeviation: number }).standardDeviation) ** 2 / 2;
}

/** Losses of tasks that differ in their seed only. */
const found = new Map<string, { losses: number[][]; chosen: string[]; cpu: number[][] }>();
for (const open of tasks()) {
  const task = open();
  if (!new RegExp(pattern).test(task.name)) continue;
  const losses: number[] = [];
  const cpu: number[] = [];
  let chosen = '';
  for (const prior of PRIORS) {
    const began = process.cpuUsage();
    const model = await trainModel({ ...task.options, parameters: { 'trainer.prior': prior }, threads: 1 });
    const { user, system } = process.cpuUsage(began);
    cpu.push((user + system) / 1e6);
    losses.push(heldOutLoss(model));
    const choice = model.training.prior;
    if (choice !== undefined) chosen = choice.trials.length === 0 ? '1 (not tried)' : String(choice.chosen);
  }
  const entry = found.get(task.name) ?? { losses: [], chosen: [], cpu: [] };
  entry.losses.push(losses);
  entry.chosen.push(chosen);
  entry.cpu.push(cpu);
  found.set(task.name, entry);
  process.stderr.write(
    `${task.name}: ${losses.map((loss) => loss.toPrecision(4)).join(' ')}, ${chosen}, CPU ${cpu[1].toFixed(2)} / ${cpu[AUTO].toFixed(2)} s\n`,
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
console.log(`| data | ${PRIORS.join(' | ')} | auto beside 1 | chosen | CPU s, 1 / auto |`);
console.log(`| --- |${' --- |'.repeat(PRIORS.length + 3)}`);
for (const [name, { losses, chosen, cpu }] of found) {
  const means = PRIORS.map((_, i) => mean(losses.map((row) => row[i])));
  const change = ((means[AUTO] / means[1] - 1) * 100).toFixed(1);
  const seconds = [1, AUTO].map((i) => mean(cpu.map((row) => row[i])).toFixed(2)).join(' / ');
  const cells = means.map((loss) => loss.toPrecision(4)).join(' | ');
  console.log(`| ${name} | ${cells} | ${change} % | ${chosen.join(', ')} | ${seconds} |`);
}
