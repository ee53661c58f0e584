import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Finished, run, temporaryFolder } from '../helpers/cli.js';
import { randomNumbers } from '../kernel/observations.js';
import { makeRows } from './helpers.js';

const folder = temporaryFolder();
const random = randomNumbers(7);

/** Passes that a run told of. */
const passesOf = ({ stderr }: Finished): number[] =>
  stderr
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{"event":"pass"'))
    .map((line) => (JSON.parse(line) as { pass: number }).pass);

describe('--checkpoint', { timeout: 60_000 }, () => {
  let args: string[];

  beforeAll(async () => {
    const path = folder.file('data.csv');
    const lines = makeRows(21_300, 3).map(({ w, x, z, colour, text, sold }) =>
      [w, x, z ?? '', colour, text, sold].join(),
    );
    await writeFile(path, ['w,x,z,colour,text,sold', ...lines, ''].join('\n'));
    args = [
      path,
      '--target',
      'sold',
      '--split',
      'random',
      '--train-percent',
      '95',
      '--seed',
      '4',
      '--progress',
      'json',
    ];
  });

  /** @param killAfter number of the pass after which to kill it */
  async function train(checkpoint: string, parameters: string, model: string, killAfter?: number, more: string[] = []) {
    const kill = killAfter === undefined ? undefined : { signal: 'SIGKILL' as const, after: `"pass":${killAfter},` };
    const all = [...args, '--parameters', parameters, '--checkpoint', checkpoint, '--model-out', model, ...more];
    return run(all, { kill });
  }

  for (const [name, parameters, outputs, kills] of [
    ['L2', 'sgd.maxPasses=14,trainer.tolerance=0', ['ALL_NUMERIC', 'colour', 'text'], [2, 6]],
    ['L1', 'sgd.maxPasses=25,sgd.l1RegularizationAmount=1e-4', ['colour', 'text'], [4, 8]],
    [
      'pruned features',
      'sgd.maxPasses=14,trainer.tolerance=0,sgd.maxMLModelSizeInBytes=100000',
      ['x', 'ngram(text,2)'],
      [2, 4],
    ],
  ] as const) {
    it(`lets a run go on that was killed again and again, to the same model to the byte: ${name}`, async () => {
      const recipe = ['--recipe', JSON.stringify({ outputs })];
      const expected = folder.file(`${name}-expected`);
      const whole = await train(await mkdtemp(folder.file('whole-')), parameters, expected, undefined, recipe);
      expect(whole.stderr).not.toContain('rror:');
      expect(whole.code).toBe(0);
      const checkpoint = folder.file(`checkpoint ${name}`);
      const model = folder.file(`${name}-model`);
      let resumed = 0;
      for (const pass of kills) {
        const killed = await train(checkpoint, parameters, model, pass + Math.floor(2 * random()), recipe);
        expect(killed.stderr).not.toContain('error:');
        expect(killed.code).toBeNull();
        if (passesOf(killed)[0] > 1) resumed++;
      }
      expect(existsSync(model)).toBe(false);
      const last = await train(checkpoint, parameters, model, undefined, [...recipe, '--memory', '1M']);
      expect(last.code).toBe(0);
      expect(passesOf(last)[0]).toBeGreaterThan(1);
      expect(resumed).toBeGreaterThan(0);
      expect(readFileSync(model).equals(readFileSync(expected))).toBe(true);
      expect(readdirSync(checkpoint)).toEqual([]);
    });
  }

  it('refuses the checkpoint of another training, and a damaged one, saying what to do', async () => {
    const checkpoint = folder.file('other');
    const model = folder.file('never');
    const killed = await train(checkpoint, 'sgd.maxPasses=12', model, 2);
    expect(killed.code).toBeNull();
    for (const more of [
      ['--seed', '5'],
      ['--train-percent', '94'],
      ['--target', 'colour'],
    ]) {
      const { code, stderr } = await train(checkpoint, 'sgd.maxPasses=12', model, undefined, more);
      expect(stderr).toContain('training.checkpoint: belongs to another training');
      expect(stderr).toMatch(/hint: .*name another folder/);
      expect(code).toBe(1);
    }
    // The same rows, but for two values of a column that changed places.
    const lines = (await readFile(args[0], 'utf8')).split('\n');
    const [a, b] = [lines[100].split(','), lines[200].split(',')];
    [a[1], b[1]] = [b[1], a[1]];
    const data = folder.file('exchanged.csv');
    await writeFile(data, lines.with(100, a.join()).with(200, b.join()).join('\n'));
    const exchanged = ['--checkpoint', checkpoint, '--parameters', 'sgd.maxPasses=12', '--model-out', model];
    expect((await run([data, ...args.slice(1), ...exchanged])).stderr).toContain('belongs to another training');
    const path = join(checkpoint, 'training.checkpoint');
    const bytes = readFileSync(path);
    bytes[bytes.length - 5] ^= 1;
    writeFileSync(path, bytes);
    const { code, stderr } = await train(checkpoint, 'sgd.maxPasses=12', model);
    expect(stderr).toContain('training.checkpoint: not a checkpoint, or a damaged one');
    expect(code).toBe(1);
  });

  it('refuses a folder that cannot be made', async () => {
    const file = folder.file('file');
    await writeFile(file, '');
    const { code, stderr } = await train(join(file, 'x'), 'sgd.maxPasses=2', folder.file('never'));
    expect(stderr).toContain('the folder for the checkpoint cannot be made');
    expect(code).toBe(1);
  });
});
