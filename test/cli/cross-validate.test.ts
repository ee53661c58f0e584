import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fixture, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const crossValidate = (...args: string[]) => run(['cross-validate', ...args], { command: 'machinelearning' });

describe('machinelearning cross-validate', () => {
  it('prints a line per fold, mean and spread', async () => {
    const { code, stdout, stderr } = await crossValidate(fixture('banking.csv.gz'), '--target', 'y', '--seed', '1');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/folds +5 \(random, seed '1'\)/);
    expect(stdout).toMatch(/fold +learned from +evaluated +AUC +log loss +accuracy +precision +recall +F1 +FPR\n/);
    expect(stdout.match(/^ +[1-5] +8,\d{3} +2,\d{3}( +0\.\d{4}){7}$/gm)).toHaveLength(5);
    expect(stdout).toMatch(/mean +10,297 +0\.9\d{3}/);
    expect(stdout).toMatch(/spread +0\.0\d{3}/);
  });

  it('gives the same with any threads and memory', async () => {
    const args = [fixture('iris.csv'), '--target', 'species', '--folds', '2', '--output', 'json'];
    const results = [];
    for (const more of [[], ['--threads', '2', '--memory', '2M']]) {
      const { ElapsedMs: _, ...result } = JSON.parse((await crossValidate(...args, ...more)).stdout);
      results.push(result);
    }
    expect(results[1]).toEqual(results[0]);
    expect((await crossValidate(...args, '--threads', 'x')).stderr).toMatch(/^error: --threads: 'x'/);
  });

  it('prints one JSON object', async () => {
    const { stdout } = await crossValidate(
      fixture('iris.csv'),
      '--target',
      'species',
      '--folds',
      '3',
      '--output',
      'json',
    );
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ MLModelType: 'MULTICLASS', FoldCount: 3, Strategy: 'random', Seed: '' });
    expect(result.ObservationCount).toBe(150);
    expect(result.Folds).toHaveLength(3);
    const scores = result.Folds.map((fold: { Figures: { macroF1: number } }) => fold.Figures.macroF1);
    expect(result.Mean.macroF1).toBeCloseTo((scores[0] + scores[1] + scores[2]) / 3, 14);
    expect(result.StandardDeviation.macroF1).toBeGreaterThan(0);
    expect(result.Folds[0].PerformanceMetrics.Properties.MulticlassAvgFScore).toBe(String(scores[0]));
  });

  it('takes recipe, parameters, model type and strategy', async () => {
    await writeFile(folder.file('recipe.json'), '{"outputs":["carat"]}');
    const args = ['--target', 'price', '--recipe', folder.file('recipe.json'), '--parameters', 'sgd.maxPasses=2'];
    const { stdout, stderr } = await crossValidate(
      fixture('diamonds.csv'),
      ...args,
      '--ml-model-type',
      'REGRESSION',
      '--strategy',
      'sequential',
      '--progress',
      'json',
    );
    expect(stdout).toContain('in file order');
    expect(stdout).toMatch(/^ +1 +1,599 +399 /m);
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ event }) => event === 'pass').map(({ pass }) => pass)).toEqual([
      1, 2, 1, 2, 1, 2, 1, 2, 1, 2,
    ]);
    expect(events.filter(({ event }) => event === 'fold').map(({ Fold }) => Fold)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses what is no number of folds, and names the fold that nothing can be learned for', async () => {
    const few = await crossValidate(fixture('iris.csv'), '--target', 'species', '--folds', 'two');
    expect(few.stderr).toMatch(/error: NaN folds are not possible\nhint: give a whole number from 2 to 100/);
    expect(few.code).toBe(1);
    const half = await halves('1,a\n1,b\n', '2,\n2,\n');
    expect(half.stderr).toMatch(/error: fold 1 of 2: .*no observation to learn from; 30 could not be used/);
    expect(half.code).toBe(1);
  });

  it('learns a constant for a fold of one class, which the others show', async () => {
    const { code, stdout } = await halves('1,a\n1,a\n', '2,b\n2,b\n');
    expect(code).toBe(0);
    expect(stdout).toMatch(/class 'a' does not occur in what was learned from/);
  });

  async function halves(first: string, second: string) {
    const file = folder.file('halves.csv');
    await writeFile(file, `x,y\n${first.repeat(15)}${second.repeat(15)}`);
    return crossValidate(file, '--target', 'y', '--folds', '2', '--strategy', 'sequential');
  }
});
