import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, root, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const schemaOf = (rowId: string | null): string =>
  JSON.stringify({
    version: '1.0',
    rowId,
    targetAttributeName: 'sold',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: [
      { attributeName: 'id', attributeType: 'CATEGORICAL' },
      { attributeName: 'size', attributeType: 'NUMERIC' },
      { attributeName: 'colour', attributeType: 'CATEGORICAL' },
      { attributeName: 'sold', attributeType: 'BINARY' },
    ],
    excludedAttributeNames: rowId === null ? ['id'] : [],
  });
const line = (i: number): string => `"a,${i}",${i % 50},${i % 2 ? 'red' : 'blue'},${i % 50 > 24 ? 'yes' : 'No'}`;
const training = `id,size,colour,sold\n${Array.from({ length: 500 }, (_, i) => `${line(i)}\n`).join('')}`;

async function train(name: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await run([...args, '--home', folder.file('home'), '--ml-model-id', name]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}
const predict = (...args: string[]): ReturnType<typeof run> => run(['predict', ...args, '--home', folder.file('home')]);

beforeAll(async () => {
  await writeFile(folder.file('sales.csv'), training);
  await writeFile(folder.file('plain.schema'), schemaOf(null));
  await writeFile(folder.file('tagged.schema'), schemaOf('id'));
  await train('plain', folder.file('sales.csv'), '--schema', folder.file('plain.schema'));
  await train('tagged', folder.file('sales.csv'), '--schema', folder.file('tagged.schema'));
  await train('iris', fixture('iris.csv'), '--target', 'species', '--split', 'random');
  await train('diamonds', fixture('diamonds.csv'), '--target', 'price', '--split', 'random');
});

describe('predict MODEL FILE', () => {
  it('writes bestAnswer and score, a line per observation, for a file without the target', async () => {
    await writeFile(folder.file('new.csv'), 'id,size,colour\n1,49,red\n2,0,blue\n');
    const { code, stdout, stderr } = await predict('plain', folder.file('new.csv'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^bestAnswer,score\n1,\d(\.\d+)?E-\d\n0,\d(\.\d+)?E-\d\n$/);
  });

  it('puts the row id and the true label before, as 0 and 1 for a binary target', async () => {
    await writeFile(folder.file('known.csv'), `id,size,colour,sold\n${line(49)}\n${line(0)}\n`);
    const { stdout } = await predict('tagged', folder.file('known.csv'));
    const [header, first, second] = stdout.split('\n');
    expect(header).toBe('tag,trueLabel,bestAnswer,score');
    expect(first).toMatch(/^"a,49",1,1,/);
    expect(second).toMatch(/^"a,0",0,0,/);
  });

  it('writes one score per class, which add up to 1', async () => {
    const { stdout } = await predict('iris', fixture('iris.csv'));
    const [header, ...lines] = stdout.trimEnd().split('\n');
    expect(header).toBe('trueLabel,Iris-setosa,Iris-versicolor,Iris-virginica');
    expect(lines).toHaveLength(150);
    for (const text of lines) {
      const scores = text.split(',').slice(1).map(Number);
      expect(scores.reduce((sum, score) => sum + score)).toBeCloseTo(1, 5);
    }
  });

  it('writes a number for regression, with the label as it stands in the file', async () => {
    const { stdout } = await predict('diamonds', fixture('diamonds.csv'));
    const [header, first] = stdout.split('\n');
    expect(header).toBe('trueLabel,score');
    expect(first).toMatch(/^326,-?\d(\.\d+)?E\d$/);
  });

  it('leaves a blank line for an observation that cannot be read, and says how many', async () => {
    await writeFile(folder.file('holes.csv'), 'id,size,colour\n1,49,red\n2,0\n3,x,blue\n');
    const { code, stdout, stderr } = await predict('plain', folder.file('holes.csv'));
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[2]).toBe('');
    expect(lines[3]).toMatch(/^[01],/);
    expect(stderr).toBe('1 of 3 observations could not be read and left a blank line\n');
  });

  it('finds columns by name, in any order, and passes over those it does not need', async () => {
    await writeFile(folder.file('order.csv'), 'note,colour,size\nhello,red,49\n');
    await writeFile(folder.file('straight.csv'), 'id,size,colour\n1,49,red\n');
    const [reordered, straight] = await Promise.all([
      predict('plain', folder.file('order.csv')),
      predict('plain', folder.file('straight.csv')),
    ]);
    expect(reordered.stdout).toBe(straight.stdout);
  });

  it('leaves out the tag when the file has no row id', async () => {
    await writeFile(folder.file('untagged.csv'), 'size,colour\n49,red\n');
    const { code, stdout } = await predict('tagged', folder.file('untagged.csv'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^bestAnswer,score\n1,/);
  });

  it('does not write over its input or its model', async () => {
    for (const out of [folder.file('new.csv'), folder.file('home/models/plain.model')]) {
      const { code, stderr } = await predict('plain', folder.file('new.csv'), '--out', out);
      expect(code).toBe(1);
      expect(stderr).toMatch(/is the input .* would be lost/);
    }
  });

  it('says that standard output is full', async () => {
    const args = [
      join(root, 'build/cli/main.js'),
      'predict',
      'plain',
      folder.file('new.csv'),
      '--home',
      folder.file('home'),
    ];
    const command = spawn('sh', ['-c', '"$0" "$@" > /dev/full', process.execPath, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    command.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    expect(await new Promise((resolve) => command.on('close', resolve))).toBe(1);
    expect(stderr).toMatch(/^error: standard output: .*ENOSPC/);
  });

  it('names a column that is not there', async () => {
    await writeFile(folder.file('lacking.csv'), 'id,sizes,colour\n1,49,red\n');
    const { code, stdout, stderr } = await predict('plain', folder.file('lacking.csv'));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /error: .*lacking\.csv: the model needs the column 'size', not found\nhint: is it the one named 'sizes'\?/,
    );
  });

  it('reads standard input', async () => {
    const input = await readFile(fixture('iris.csv'));
    const { stdout } = await run(['predict', 'iris', '-', '--home', folder.file('home')], { input });
    expect(stdout).toBe((await predict('iris', fixture('iris.csv'))).stdout);
  });

  it('writes to a file with --out, whole or not at all', async () => {
    const { stdout } = await predict('iris', fixture('iris.csv'), '--out', folder.file('out.csv'));
    expect(stdout).toBe('');
    expect(await readFile(folder.file('out.csv'), 'utf8')).toBe((await predict('iris', fixture('iris.csv'))).stdout);
    await writeFile(folder.file('latin.csv'), Buffer.from('id,size,colour\n1,49,r\xe9d\n', 'latin1'));
    expect((await predict('plain', folder.file('latin.csv'), '--out', folder.file('none.csv'))).code).toBe(1);
    expect(existsSync(folder.file('none.csv'))).toBe(false);
  });

  it('needs nothing but the model file', async () => {
    await writeFile(folder.file('moved.model'), await readFile(folder.file('home/models/iris.model')));
    const { code } = await run(['predict', folder.file('moved.model'), fixture('iris.csv'), '--home', '/nowhere']);
    expect(code).toBe(0);
  });

  it('ends quietly when its reader closes the pipe', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i},${i % 50},red\n`).join('');
    await writeFile(folder.file('many.csv'), `id,size,colour\n${rows}`);
    const args = [
      join(root, 'build/cli/main.js'),
      'predict',
      'plain',
      folder.file('many.csv'),
      '--home',
      folder.file('home'),
    ];
    const command = spawn('sh', ['-c', '"$0" "$@" | head -n 1', process.execPath, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    command.stdout.on('data', (chunk) => {
      output += chunk;
    });
    command.stderr.on('data', (chunk) => {
      output += chunk;
    });
    await new Promise((resolve) => command.on('close', resolve));
    expect(output).toBe('bestAnswer,score\n');
  });
});

describe('predict MODEL --record', () => {
  it('prints what the service would answer', async () => {
    const { code, stdout } = await predict('plain', '--record', '{"size":"49","colour":"red"}');
    expect(code).toBe(0);
    const { Prediction } = JSON.parse(stdout);
    expect(Prediction.details).toEqual({ Algorithm: 'SGD', PredictiveModelType: 'BINARY' });
    expect(Prediction.predictedLabel).toBe('1');
    expect(Object.keys(Prediction.predictedScores)).toEqual(['1']);
    expect(Prediction.predictedScores['1']).toBeGreaterThan(0.5);
    expect(Math.fround(Prediction.predictedScores['1'])).toBe(Prediction.predictedScores['1']);
  });

  it('keys the score of a binary model, always P(1), by the label', async () => {
    const { Prediction } = JSON.parse((await predict('plain', '--record', '{"size":"0"}')).stdout);
    expect(Prediction.predictedLabel).toBe('0');
    expect(Prediction.predictedScores['0']).toBeLessThan(0.5);
  });

  it('answers with a number for regression and with every class for several', async () => {
    const regression = JSON.parse((await predict('diamonds', '--record', '{"carat":"1"}')).stdout).Prediction;
    expect(regression.predictedValue).toBeTypeOf('number');
    const iris = JSON.parse(
      (await predict('iris', '--record', '{"petal_length":1.4,"petal_width":0.2}')).stdout,
    ).Prediction;
    expect(iris.predictedLabel).toBe('Iris-setosa');
    expect(Object.keys(iris.predictedScores)).toHaveLength(3);
  });

  it('says what is wrong with a record', async () => {
    expect((await predict('plain', '--record', '{"size":')).stderr).toMatch(/error: --record: not JSON/);
    expect((await predict('plain', '--record', '[1]')).stderr).toMatch(/is not a JSON object/);
    expect((await predict('plain', '--record', '{"sise":1}')).stderr).toMatch(
      /no attribute 'sise'\nhint: did you mean 'size'/,
    );
  });
});

describe('predict, refusing', () => {
  it('neither a file nor a record, or both', async () => {
    expect((await predict('plain')).stderr).toMatch(/error: nothing to predict\nhint: /);
    expect((await predict('plain', 'x.csv', '--record', '{}')).stderr).toMatch(/both a file and --record/);
  });

  it('a model that does not exist or is none', async () => {
    expect((await predict('none', '--record', '{}')).stderr).toMatch(/error: none: no such file/);
    const { code, stderr } = await predict(fixture('iris.csv'), '--record', '{}');
    expect(stderr).toMatch(/iris\.csv: not a model file/);
    expect(code).toBe(1);
  });
});
