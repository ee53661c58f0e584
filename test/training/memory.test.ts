import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { openSpillFiles } from '../../src/threads/spill-files.js';
import { trainModelIn } from '../../src/train-model.js';
import { root, run, temporaryFolder } from '../helpers/cli.js';
import { eager, environmentWith, makeRows, modelFile, RECIPES, schemaOf, TARGETS, type Target } from './helpers.js';

const rows = makeRows(24_000, 2);
const folder = temporaryFolder();

describe('memory for encoded rows', { timeout: 60_000 }, () => {
  for (const [i, target] of (Object.keys(TARGETS) as Target[]).entries()) {
    for (const [form, recipe] of Object.entries(RECIPES)) {
      const shuffleType = i % 2 === 0 ? 'auto' : 'none';
      it(`changes no byte of the model: ${TARGETS[target]} target, ${form}, ${shuffleType}`, async () => {
        const parameters = { 'sgd.maxPasses': 5, 'sgd.shuffleType': shuffleType };
        const options = { data: rows, schema: schemaOf(target, 'w'), recipe, parameters, threads: 1 };
        const expected = await modelFile(options);
        let spills = 0;
        const counting = environmentWith({
          leastThreadedBytes: 0,
          openSpill: () => {
            spills++;
            return openSpillFiles();
          },
        });
        // The rows take between 1.1 and 3 MB.
        for (const [memory, threads] of [
          [2 ** 20, 1],
          ['1M', 3],
        ] as const) {
          expect((await modelFile({ ...options, memory, threads }, counting)).equals(expected)).toBe(true);
        }
        expect(spills).toBe(2);
      });
    }
  }

  it('changes no byte of a model whose features were pruned', async () => {
    const recipe = { outputs: ['colour', 'ngram(text,2)'] };
    const parameters = { 'sgd.maxMLModelSizeInBytes': 100_000, 'sgd.maxPasses': 5 };
    const options = { data: rows, schema: schemaOf('kind', null), recipe, parameters };
    const expected = await modelFile({ ...options, memory: '1G' });
    expect((await modelFile({ ...options, memory: '1M' })).equals(expected)).toBe(true);
    expect(expected.toString('latin1')).toMatch(/"droppedFeatureCount":[1-9]/);
  });

  it('takes rows that are larger than a chunk', async () => {
    const long = Array.from({ length: 60 }, (_, i) => ({
      text: Array.from({ length: 9000 }, (_, j) => `t${(i * 37 + j) % 12_000}`).join(' '),
      y: i % 2,
    }));
    const options = { data: long, target: 'y', recipe: { outputs: ['text'] }, parameters: { 'sgd.maxPasses': 4 } };
    const expected = await modelFile(options);
    expect((await modelFile({ ...options, memory: '1M' })).equals(expected)).toBe(true);
  });

  it.each(['x', '-1', '512K', '0', '1E9', '4GG', ''])("of '%s' is refused", async (memory) => {
    const training = trainModelIn(eager, { data: rows.slice(0, 50), schema: schemaOf('sold', null), memory });
    await expect(training).rejects.toThrow(`memory: '${memory}' is not possible`);
  });

  it.runIf(existsSync('/dev/full'))('removes what it wrote and says so when the disk is full', async () => {
    const temporary = folder.file('small disk');
    mkdirSync(temporary);
    const environment = environmentWith({
      async openSpill() {
        vi.stubEnv('TMPDIR', temporary);
        const store = await openSpillFiles();
        symlinkSync('/dev/full', join(temporary, readdirSync(temporary)[0], 'bucket-0'));
        return store;
      },
    });
    const options = { data: rows, schema: schemaOf('sold', null), recipe: RECIPES.valued, memory: '1M' };
    const error = await trainModelIn(environment, options).catch((thrown: unknown) => thrown);
    vi.unstubAllEnvs();
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as Error).message).toBe(`${temporary}: encoded rows that do not fit in memory: the disk is full`);
    expect((error as InvalidInput).hint).toContain('--memory');
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('the spill of a run', { timeout: 60_000 }, () => {
  async function bigFile(): Promise<string> {
    const path = folder.file('big.csv');
    const lines = [...rows, ...rows].map(({ x, z, colour, text, sold }) => `${x},${z ?? ''},${colour},${text},${sold}`);
    await writeFile(path, ['x,z,colour,text,sold', ...lines, ''].join('\n'));
    return path;
  }

  it('that was killed is removed by the next one; one that runs is left alone', async () => {
    const path = await bigFile();
    const temporary = folder.file('tmp');
    mkdirSync(temporary);
    const script = join(root, 'build', 'cli', 'main.js');
    const args = [path, '--target', 'sold', '--memory', '1M', '--home', folder.path, '--progress', 'json'];
    const environment = { ...process.env, TMPDIR: temporary };
    const start = () => {
      const child = spawn(process.execPath, [script, ...args, '--parameters', 'sgd.maxPasses=3000'], {
        env: environment,
      });
      let seen = '';
      const passing = new Promise<void>((resolve, reject) => {
        child.stderr.on('data', (chunk) => {
          seen += chunk;
          if (seen.includes('"event":"pass"')) resolve();
        });
        child.on('close', () => reject(new Error(seen)));
      });
      child.stdout.resume();
      return { child, passing, closed: new Promise((resolve) => child.on('close', resolve)) };
    };
    const killed = start();
    await killed.passing;
    expect(readdirSync(temporary)).toHaveLength(1);
    killed.child.kill('SIGKILL');
    await killed.closed;
    expect(readdirSync(temporary)).toHaveLength(1);
    const other = start();
    await other.passing;
    other.child.kill('SIGSTOP');
    const kept = readdirSync(temporary);
    expect(kept).toHaveLength(1);
    const { code, stderr } = await run([...args, '--parameters', 'sgd.maxPasses=1'], { environment });
    expect(stderr).not.toContain('error:');
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual(kept);
    other.child.kill('SIGCONT');
    other.child.kill('SIGINT');
    await other.closed;
    expect(readdirSync(temporary)).toEqual([]);
  });
});
