import { execFile as run } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFile } from '../../src/built-file.js';
import { parserThreads } from '../../src/csv/worker-threads.js';
import { openFile } from '../../src/datasource/files.js';
import { csvInput } from '../../src/datasource/input.js';
import type { Environment } from '../../src/environment.js';
import { kernelModule } from '../../src/kernel/load.js';
import type { Crew, Role } from '../../src/threads/crew.js';
import { openCrew } from '../../src/threads/worker-crew.js';
import { type TrainModelOptions, trainModelIn } from '../../src/train-model.js';
import { randomNumbers } from '../kernel/observations.js';
import { environmentWith, modelFile } from './helpers.js';

/** An abort is heeded within a second; on a busy machine of two cores, within some. */
const ABORTED_MS = 10_000;

const execFile = promisify(run);

const ROWS = 90_000;
const NAMES = ['y', 'w', 'a', 'b', 'c', 'd', 'e', 'f', 'word'];
const WORDS = ['red', 'green', 'blue', '"a, b"', ''];
const SCHEMA = {
  version: '1.0',
  targetAttributeName: 'y',
  rowWeight: 'w',
  dataFormat: 'CSV',
  dataFileContainsHeader: true,
  attributes: NAMES.map((attributeName) => ({
    attributeName,
    attributeType: { y: 'BINARY', f: 'BINARY', w: 'NUMERIC', word: 'CATEGORICAL' }[attributeName] ?? 'NUMERIC',
  })),
};
/** Long enough to be read in parts, with missing and invalid values and records, and line ends inside of quotes near the end. */
const TEXT = makeText();

function makeText(): string {
  const random = randomNumbers(5);
  const lines = [`${NAMES.join(',')}\n`];
  for (let i = 0; i < ROWS; i++) {
    const numbers = Array.from({ length: 5 }, () =>
      ((random() - 0.5) * 10 ** Math.floor(random() * 12)).toPrecision(16),
    );
    if (i % 11 === 3) numbers[1] = '';
    if (i % 997 === 5) numbers[2] = 'none';
    numbers[3] = i % 3 === 0 ? '0' : numbers[3];
    const y = i % 1009 === 7 ? '' : +(Number(numbers[0]) + 10 * random() > 5);
    const word = i > 0.9 * ROWS && i % 50 === 0 ? '"b\nc"' : WORDS[i % WORDS.length];
    lines.push(`${y},${1 + (i % 3)},${numbers.join(',')},${['1', '0', ''][i % 3]},${word}\n`);
    if (i % 20_011 === 9) lines.push('1,2,3\n');
  }
  return lines.join('');
}

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crew-'));
  path = join(folder, 'data.csv');
  await writeFile(path, TEXT);
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * Node with threads that run from the beginning, so that they are used for files of this size.
 *
 * @param onRole called when all threads have been given a role
 */
function withCrew(played = new Set<Role>(), onRole = (_role: Role, _crew: Crew): void => {}): Environment {
  return {
    ...environmentWith({
      leastThreadedBytes: 0,
      openCrew(size, plays) {
        const crew = openCrew(size, plays);
        crew.start();
        const open: typeof crew.open = (slot, role, ...rest) => {
          played.add(role);
          const wire = crew.open(slot, role, ...rest);
          if (slot === size - 1) onRole(role, crew);
          return wire;
        };
        return { size, takesPart: crew.takesPart, isRunning: true, start() {}, open, close: crew.close };
      },
    }),
    openInput: async (data, _signal, crew) =>
      csvInput(await openFile(data as string), kernelModule(), crew ? parserThreads(crew) : undefined),
  };
}

const RECIPES = { dense: ['ALL_NUMERIC', 'ALL_BINARY'], sparse: ['ALL_NUMERIC', 'ALL_CATEGORICAL'] };
const parameters = { 'sgd.maxPasses': 3 };

describe('one crew of threads that parse, encode and train', { timeout: 120_000 }, () => {
  for (const [form, outputs] of Object.entries(RECIPES)) {
    it(`changes no byte of the model, whatever its size and the memory: ${form} rows`, async () => {
      const options = { data: path, evaluationData: path, schema: SCHEMA, recipe: { outputs }, parameters };
      const expected = await modelFile({ ...options, threads: 1 }, withCrew());
      const memories = [undefined, '4M'];
      for (const [threads, memory] of [2, 3, 8].flatMap((count) => memories.map((size) => [count, size] as const))) {
        const played = new Set<Role>();
        expect((await modelFile({ ...options, threads, memory }, withCrew(played))).equals(expected)).toBe(true);
        const encodes = form === 'dense' && memory === undefined;
        expect([...played].sort()).toEqual(encodes ? ['encode', 'parse', 'train'] : ['parse', 'train']);
      }
    });
  }

  describe('that settle rows while this one reads others', () => {
    const options = (): TrainModelOptions => ({
      data: path,
      evaluationData: path,
      schema: { ...SCHEMA, rowWeight: null },
      recipe: { outputs: RECIPES.dense },
      parameters,
    });

    it('changes no byte of the model', async () => {
      const expected = await modelFile({ ...options(), threads: 1 }, withCrew());
      for (const threads of [2, 3, 8]) {
        const played = new Set<Role>();
        expect((await modelFile({ ...options(), threads }, withCrew(played))).equals(expected)).toBe(true);
        expect([...played].sort()).toEqual(['parse', 'settle', 'train']);
      }
    });

    it('fails when the threads end', async () => {
      const environment = withCrew(new Set(), (opened, crew) => {
        if (opened === 'settle') void crew.close();
      });
      await expect(trainModelIn(environment, { ...options(), threads: 2 })).rejects.toThrow('a thread ended');
    });

    it('stops when it is aborted', async () => {
      const controller = new AbortController();
      const environment = withCrew(new Set(), (opened) => {
        if (opened === 'settle') queueMicrotask(() => controller.abort(new Error('enough')));
      });
      const { signal } = controller;
      await expect(trainModelIn(environment, { ...options(), threads: 2, signal })).rejects.toThrow('enough');
    });
  });

  it('changes nothing where part of the data is kept for evaluation, from the columns of the first reading', async () => {
    const options = {
      data: path,
      schema: SCHEMA,
      recipe: { outputs: RECIPES.dense },
      split: { strategy: 'random', trainPercent: 60 } as const,
      parameters,
    };
    const alone = await trainModelIn(withCrew(), { ...options, threads: 1 });
    const together = await trainModelIn(withCrew(), { ...options, threads: 2 });
    expect(together.evaluation).toEqual(alone.evaluation);
    expect(together.state.weights).toEqual(alone.state.weights);
  });

  it('stops within a second of an abort, in each of its roles', async () => {
    for (const event of ['statistics', 'features', 'pass'] as const) {
      const controller = new AbortController();
      let abortedAt = 0;
      const training = trainModelIn(withCrew(), {
        data: path,
        schema: SCHEMA,
        recipe: { outputs: RECIPES.dense },
        threads: 2,
        signal: controller.signal,
        onProgress(progress) {
          if (progress.event !== event || abortedAt > 0) return;
          abortedAt = performance.now();
          controller.abort(new Error('enough'));
        },
      });
      await expect(training).rejects.toThrow('enough');
      expect(performance.now() - abortedAt).toBeLessThan(ABORTED_MS);
    }
  });

  for (const role of ['parse', 'encode', 'train'] as const) {
    it(`fails when threads end that ${role}`, async () => {
      const environment = withCrew(new Set(), (opened, crew) => {
        if (opened === role) void crew.close();
      });
      const options = { data: path, schema: SCHEMA, recipe: { outputs: RECIPES.dense }, threads: 2, parameters };
      await expect(trainModelIn(environment, options)).rejects.toThrow('a thread ended');
    });
  }

  it('lets a process end by itself, whatever options it was started with', async () => {
    const large = join(folder, 'large');
    await mkdir(large);
    const copies = Math.ceil((28 << 20) / TEXT.length);
    for (let i = 0; i < copies; i++) await copyFile(path, join(large, `${i}.csv`));
    const options = { data: large, schema: SCHEMA, recipe: { outputs: RECIPES.dense }, threads: 2, parameters };
    const program = `
      import { trainModel } from ${JSON.stringify(builtFile('node.js'))};
      const model = await trainModel(${JSON.stringify(options)});
      console.log(model.training.observationCount);`;
    const { stdout } = await execFile(process.execPath, ['--input-type=module', '--eval', program], {
      timeout: 60_000,
    });
    expect(Number(stdout)).toBeGreaterThan(0.9 * copies * ROWS);
  });
});
