import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParserThreads } from '../../src/csv/parallel.js';
import { parserThreads } from '../../src/csv/worker-threads.js';
import { openFile } from '../../src/datasource/files.js';
import { csvInput } from '../../src/datasource/input.js';
import type { Environment } from '../../src/environment.js';
import { kernelModule } from '../../src/kernel/load.js';
import { openCrew } from '../../src/threads/worker-crew.js';
import type { TrainModelOptions } from '../../src/train-model.js';
import { randomNumbers } from '../kernel/observations.js';
import { environmentWith, modelFile } from './helpers.js';

/** Some 25 MB, which are more segments than threads. Records have room for a feature more. */
const ROWS = 240_000;
const NUMBERS = ['a', 'b', 'c', 'd', 'e'];
const TARGETS = { BINARY: 'BINARY', MULTICLASS: 'CATEGORICAL', REGRESSION: 'NUMERIC' } as const;
type Type = keyof typeof TARGETS;

/** What stands in a few rows that are no good, in a part of the file. */
interface Flaws {
  /** Share of the file from which on there are some; default: none. */
  readonly from?: number;
  readonly record?: string;
  readonly target?: string;
  readonly number?: string;
}

function makeText(type: Type, { from = 1, record, target, number }: Flaws = {}): string {
  const random = randomNumbers(11);
  const lines = [`${[...NUMBERS, 'flag', 'y'].join(',')}\n`];
  for (let i = 0; i < ROWS; i++) {
    const numbers = NUMBERS.map((_, column) => String((random() - 0.5) * 10 ** column + column));
    const flag = ['1', '0', ''][i % 3];
    const margin = Number(numbers[0]) + 0.3 * random();
    const classes = ['low', 'mid', 'high'];
    // Later threads meet the classes in other orders.
    const values = {
      BINARY: +(margin > 0.1),
      MULTICLASS: classes[margin < -0.1 ? 0 : 1 + (i % 2)],
      REGRESSION: margin,
    };
    let y = String(values[type]);
    const isFlawed = i > from * ROWS && i % 9_973 === 5;
    if (isFlawed && target !== undefined) y = target;
    if (isFlawed && number !== undefined) numbers[1] = number;
    lines.push(`${numbers.join(',')},${flag},${y}\n`);
    if (isFlawed && record !== undefined) lines.push(record);
  }
  return lines.join('');
}

function schemaOf(type: Type): object {
  return {
    version: '1.0',
    targetAttributeName: 'y',
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: [
      ...NUMBERS.map((attributeName) => ({ attributeName, attributeType: 'NUMERIC' })),
      { attributeName: 'flag', attributeType: 'BINARY' },
      { attributeName: 'y', attributeType: TARGETS[type] },
    ],
  };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reduced-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Threads that have done something. */
interface Doers {
  readonly reducing: Set<number>;
  readonly settling: Set<number>;
}

/** @param doers filled with the threads that encode the rows that they parse, and with those that settle rows */
function withCrew(doers: Doers): Environment {
  return {
    ...environmentWith({
      leastThreadedBytes: 0,
      openCrew(size, plays) {
        const crew = openCrew(size, plays);
        const open: typeof crew.open = (slot, role, ...rest) => {
          if (role === 'settle') doers.settling.add(slot);
          return crew.open(slot, role, ...rest);
        };
        return { size, takesPart: crew.takesPart, isRunning: true, start: crew.start, open, close: crew.close };
      },
    }),
    openInput: async (data, _signal, crew) =>
      csvInput(await openFile(data as string), kernelModule(), crew ? noting(parserThreads(crew), doers) : undefined),
  };
}

function noting(threads: ParserThreads, { reducing }: Doers): ParserThreads {
  return {
    count: threads.count,
    isRunning: true,
    prepare: threads.prepare,
    close: threads.close,
    start(slot, ...rest) {
      const thread = threads.start(slot, ...rest);
      const reduceBy: typeof thread.reduceBy = (reduction) => {
        if (reduction !== undefined) reducing.add(slot);
        thread.reduceBy(reduction);
      };
      return { ...thread, reduceBy };
    },
  };
}

async function optionsFor(type: Type, flaws?: Flaws, memory?: string): Promise<TrainModelOptions> {
  const data = join(folder, 'data.csv');
  await writeFile(data, makeText(type, flaws));
  const recipe = { outputs: ['ALL_NUMERIC', 'ALL_BINARY'] };
  return { data, evaluationData: data, schema: schemaOf(type), recipe, memory, parameters: { 'sgd.maxPasses': 3 } };
}

/** The models of one thread and of several are the same, whose rows more than one has encoded, or none. */
async function expectSame(options: TrainModelOptions, counts: readonly number[], isReduced: boolean): Promise<void> {
  const run = async (threads: number): Promise<Doers & { model: Buffer }> => {
    const doers = { reducing: new Set<number>(), settling: new Set<number>() };
    return { ...doers, model: await modelFile({ ...options, threads }, withCrew(doers)) };
  };
  const expected = await run(1);
  for (const threads of counts) {
    const { model, reducing, settling } = await run(threads);
    expect(model.equals(expected.model)).toBe(true);
    expect(reducing.size > 1 && settling.size > 0).toBe(isReduced);
  }
}

describe('threads that encode the rows that they parse', { timeout: 120_000 }, () => {
  for (const type of ['BINARY', 'MULTICLASS', 'REGRESSION'] as const) {
    it(`change no byte of the model, whatever their number: ${type}`, async () => {
      await expectSame(await optionsFor(type), [2, 3], true);
    });
  }

  it('leave blocks with flaws to the one that waits for them', async () => {
    const flaws = { from: 0.7, record: '1,2\n', target: '' };
    await expectSame(await optionsFor('BINARY', flaws), [2, 3], true);
  });

  it('give missing values a feature that only later blocks have', async () => {
    await expectSame(await optionsFor('REGRESSION', { from: 0.7, number: '' }), [2], true);
  });

  it('go on where a record has a line end in it', async () => {
    const flaws = { from: 0.99, record: `"1\n",${'2,'.repeat(NUMBERS.length)}3\n` };
    await expectSame(await optionsFor('BINARY', flaws), [2], true);
  });

  it('give up where rows do not fit in memory', async () => {
    await expectSame(await optionsFor('BINARY', undefined, '8M'), [2], false);
  });

  it('keep the visiting order of the data without shuffling', async () => {
    const options = await optionsFor('MULTICLASS');
    const parameters = { ...options.parameters, 'sgd.shuffleType': 'none' };
    await expectSame({ ...options, parameters }, [2], true);
  });
});
