import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BinaryEvaluation, MulticlassEvaluation, RegressionEvaluation } from '../../src/index.js';
import { fixture, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const evaluate = (...args: string[]) => run(['evaluate', ...args], { command: 'machinelearning' });
const model = (name: string): string => folder.file(`${name}.model`);

beforeAll(async () => {
  for (const [name, data, target] of [
    ['banking', 'banking.csv.gz', 'y'],
    ['iris', 'iris.csv', 'species'],
    ['diamonds', 'diamonds.csv', 'price'],
  ]) {
    const args = ['--target', target, '--split', 'random', '--seed', '1', '--model-out', model(name)];
    const html = ['--html', folder.file(`${name}.html`)];
    const { code, stderr } = await run([fixture(data), ...args, ...html, '--output', 'json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }
});

async function json<Type>(name: string, data: string): Promise<Record<string, never> & { Evaluation: Type }> {
  const { code, stdout, stderr } = await evaluate(model(name), fixture(data), '--output', 'json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('machinelearning evaluate', () => {
  it('prints figures, cut-offs and score histograms of a binary model', async () => {
    const { code, stdout, stderr } = await evaluate(model('banking'), fixture('banking.csv.gz'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/evaluation +10,297 observations\n +AUC +0\.9\d{3} +baseline 0\.5: extremely good/);
    expect(stdout).toMatch(/! this is the data that the model was trained on: it learned from [\d,]+ of its 10,297/);
    expect(stdout).toMatch(/cut-offs +cut-off +accuracy +precision +recall +F1 +FPR +share of 1s\n +0\.100 /);
    expect(stdout).toMatch(/ 0\.500( +0\.\d{4}){6} {2}← now/);
    expect(stdout).toMatch(/ 0\.\d{3}( +0\.\d{4}){6} {2}← highest F1/);
    expect(stdout).toMatch(/scores, 1s +[▁▂▃▄▅▆▇█ ]+\n/);
  });

  it('prints the confusion matrix of a multinomial model', async () => {
    const { stdout } = await evaluate(model('iris'), fixture('iris.csv'));
    expect(stdout).toMatch(/macro F1 +0\.9\d{3} +baseline 0\.1667/);
    expect(stdout).toMatch(/confusion +true +Iris-setosa +Iris-versicol… +Iris-virginica +share +F1/);
    expect(stdout).toMatch(/Iris-setosa +50 +0 +0 +33\.3 % +1\.0000/);
  });

  it('prints the residuals of a regression', async () => {
    const { stdout } = await evaluate(model('diamonds'), fixture('diamonds.csv'));
    expect(stdout).toMatch(/RMSE +1,\d{3} +baseline 3,9\d\d: always the mean/);
    expect(stdout).toMatch(/residuals +[▁▂▃▄▅▆▇█ ]+\n/);
    expect(stdout).toMatch(/true - predicted, cells of \d+/);
  });

  it('prints one JSON object with all figures', async () => {
    const banking = await json<BinaryEvaluation>('banking', 'banking.csv.gz');
    expect(Object.keys(banking)).toEqual([
      'MLModelType',
      'PerformanceMetrics',
      'LogLoss',
      'Baseline',
      'ObservationCount',
      'Alerts',
      'Evaluation',
      'ElapsedMs',
    ]);
    expect(banking.PerformanceMetrics).toEqual({ Properties: { BinaryAUC: String(banking.Evaluation.auc) } });
    const { positives, negatives } = banking.Evaluation.scores;
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
    expect(sum(positives) + sum(negatives)).toBe(10_297);
    expect(sum(positives.slice(500))).toBe(banking.Evaluation.truePositives);
    const iris = await json<MulticlassEvaluation>('iris', 'iris.csv');
    expect(iris.Evaluation.confusion.flat().reduce((total, count) => total + count, 0)).toBe(150);
    const { Evaluation, LogLoss } = await json<RegressionEvaluation>('diamonds', 'diamonds.csv');
    expect(LogLoss).toBeNull();
    expect(sum(Evaluation.residuals.counts) + Evaluation.residuals.below + Evaluation.residuals.above).toBe(1998);
  });

  it('takes the id of a kept model, and standard input', async () => {
    const home = ['--home', folder.file('home')];
    await run([fixture('iris.csv'), '--target', 'species', '--ml-model-id', 'kept', ...home]);
    const input = await readFile(fixture('iris.csv'));
    const { stdout, code } = await run(['evaluate', 'kept', '-', ...home], { command: 'machinelearning', input });
    expect(code).toBe(0);
    expect(stdout).toMatch(/standard input[\s\S]*macro F1/);
  });

  it('refuses data without the target, a missing model, a folder that is not there', async () => {
    await writeFile(folder.file('no-target.csv'), 'sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n');
    const cases: [string[], RegExp][] = [
      [
        [model('iris'), folder.file('no-target.csv')],
        /error: .*the model needs the column 'species', not found\nhint: /,
      ],
      [[folder.file('none.model'), fixture('iris.csv')], /error: .*none\.model: no such file/],
      [[model('iris'), fixture('iris.csv'), '--html', folder.file('no/such/x.html')], /error: .*no such folder/],
    ];
    for (const [args, error] of cases) {
      const { code, stdout, stderr } = await evaluate(...args);
      expect(stderr).toMatch(error);
      expect(code).toBe(1);
      expect(stdout).toBe('');
    }
  });
});

describe('the page of an evaluation', () => {
  const page = (name: string): Promise<string> => readFile(folder.file(`${name}.html`), 'utf8');

  it('has for a binary model charts, the movable cut-off and its data, and asks for nothing from outside', async () => {
    const html = await page('banking');
    expect(html).toMatch(/<input id="cut-off" type="range" min="0" max="1000" step="1" value="500">/);
    for (const figure of ['truePositives', 'falseNegatives', 'accuracy', 'precision', 'recall', 'f1', 'cutOff']) {
      expect(html).toContain(`data-figure="${figure}"`);
    }
    // Four charts of the evaluation, two learning curves, and the colours of their legends.
    expect(html.match(/<svg/g)).toHaveLength(6 + 4);
    for (const series of ['training loss', 'held-out loss', 'gradient norm']) expect(html).toContain(series);
    expect(html).toContain('"steps":1000');
    expect(html).not.toMatch(/(src|href)="http/);
    expect(html).toContain('duration');
  });

  it('has for a multinomial model the heat map and the classes, for regression the residuals', async () => {
    expect(await page('iris')).toMatch(/<h2>Confusion matrix<\/h2>[\s\S]*color-mix[\s\S]*<h2>Classes<\/h2>/);
    expect(await page('diamonds')).toMatch(/<h2>Residuals<\/h2>[\s\S]*<svg/);
  });

  it('is written by evaluate as well', async () => {
    const path = folder.file('again.html');
    const { stdout } = await evaluate(model('iris'), fixture('iris.csv'), '--html', path);
    expect(stdout).toContain(path);
    expect(existsSync(path)).toBe(true);
  });

  it('escapes names that come from data', async () => {
    const rows = Array.from({ length: 90 }, (_, i) => `${i % 9},${['<b>a</b>', 'b', 'c'][i % 3]}`);
    await writeFile(folder.file('odd.csv'), `x,y\n${rows.join('\n')}\n`);
    await run([
      folder.file('odd.csv'),
      '--target',
      'y',
      '--html',
      folder.file('odd.html'),
      '--model-out',
      model('odd'),
    ]);
    const html = await page('odd');
    expect(html).toContain('&lt;b&gt;a&lt;/b&gt;');
    expect(html).not.toContain('<b>a</b>');
  });
});
