import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Connection } from '../../src/store/connection.js';
import type { EntityKind } from '../../src/store/entity.js';
import { ensureRunner, needsRunner } from '../../src/store/runner.js';
import type { Store } from '../../src/store/store.js';
import { buildScript } from '../helpers/script.js';
import { entity, withStore } from './helpers.js';
import { ended, killRun, REAL_WORK, SMALL_RUNNER, SMALL_WORK, startRunner } from './kills.js';

/** Random moments of a kill -9 to try; `npm run bench:kills` tries more. */
const KILL_RUNS = Number(process.env.KILL_RUNS ?? 3);

const script = (name: string): Promise<string> => buildScript(new URL(name, import.meta.url));
const CREATOR = await script('creator-process.ts');
const CLAIMER = await script('claimer-process.ts');
const RESIDENT = await script('resident-process.ts');

/** Run a script and read its lines. */
function start(script: string, ...args: string[]): { child: ChildProcess; lines: Promise<string[]> } {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const lines = new Promise<string[]>((resolve) => {
    child.on('close', () => resolve(output.split('\n').filter(Boolean)));
  });
  return { child, lines };
}

async function until(condition: () => boolean, limitMs = 15_000): Promise<void> {
  const began = Date.now();
  while (!condition()) {
    if (Date.now() - began > limitMs) throw new Error(`not within ${limitMs} ms: ${condition}`);
    await sleep(20);
  }
}

const statusOf = (store: Store, kind: EntityKind, id: string): string | undefined => store.get(kind, id)?.status;

async function expectWhole(home: string): Promise<void> {
  const connection = await Connection.open(join(home, 'store.sqlite'));
  expect(connection.get('PRAGMA integrity_check')).toMatchObject({ integrity_check: 'ok' });
  connection.close();
}

describe('several processes on one store', () => {
  it(
    'make it at once, and create each object once',
    () =>
      withStore(async (_, home) => {
        const fresh = join(home, 'fresh');
        const all = Array.from({ length: 5 }, () => start(CREATOR, fresh, 'd', '40').lines);
        const lines = (await Promise.all(all)).flat();
        expect(lines).toHaveLength(200);
        const created = lines.filter((line) => line.endsWith(' created')).toSorted();
        expect(created).toEqual(Array.from({ length: 40 }, (_, i) => `d-${i} created`).toSorted());
        expect(lines.filter((line) => line.endsWith(' same'))).toHaveLength(160);
      }),
    30_000,
  );

  it(
    'claim each job once',
    () =>
      withStore(async (store, home) => {
        const ids = Array.from({ length: 150 }, (_, i) => `d${i}`);
        store.transaction(() => ids.forEach((id) => store.create(entity('DataSource', id))));
        const claimed = await Promise.all(Array.from({ length: 4 }, () => start(CLAIMER, home).lines));
        expect(claimed.flat().toSorted()).toEqual(ids.toSorted());
      }),
    30_000,
  );

  it(
    'lose nothing that was created when they are killed',
    () =>
      withStore(async (store, home) => {
        for (const prefix of ['a', 'b', 'c']) {
          const { child, lines } = start(CREATOR, home, prefix, '1000000');
          await until(() => store.get('DataSource', `${prefix}-3`) !== undefined);
          await sleep(Math.random() * 50);
          child.kill('SIGKILL');
          const created = (await lines).map((line) => line.split(' ')[0]);
          expect(created.length).toBeGreaterThan(3);
          for (const id of created) expect(statusOf(store, 'DataSource', id)).toBe('PENDING');
          await expectWhole(home);
        }
      }),
    30_000,
  );
});

describe('a runner', () => {
  it(
    'works off all jobs alone, however many are started, and leaves',
    () =>
      withStore(async (store, home) => {
        for (let i = 0; i < 6; i++) store.create(entity('DataSource', `d${i}`, { work: 30 }));
        store.create(entity('MLModel', 'm', { TrainingDataSourceId: 'd5' }));
        store.create(entity('DataSource', 'bad', { fails: 'line 7: no such column' }));
        const runners = Array.from({ length: 3 }, () => startRunner(home));
        expect(await Promise.all(runners.map(ended))).toEqual([
          [0, null],
          [0, null],
          [0, null],
        ]);
        for (let i = 0; i < 6; i++) expect(statusOf(store, 'DataSource', `d${i}`)).toBe('COMPLETED');
        expect(store.get('MLModel', 'm')).toMatchObject({ status: 'COMPLETED', facts: { SizeInBytes: 10_000 } });
        expect(store.get('DataSource', 'bad')).toMatchObject({
          status: 'FAILED',
          message: 'line 7: no such column. Hint: repair it',
        });
        expect(store.hasRunner()).toBe(false);
      }),
    30_000,
  );

  it(
    'is started detached by whoever finds jobs and no runner; it writes a log',
    () =>
      withStore(async (store, home) => {
        expect(needsRunner(store)).toBe(false);
        store.create(entity('DataSource', 'd', { work: 50 }));
        expect(needsRunner(store)).toBe(true);
        ensureRunner(home, { entry: SMALL_RUNNER });
        ensureRunner(home, { entry: SMALL_RUNNER });
        await until(() => store.hasRunner());
        expect(needsRunner(store)).toBe(false);
        await until(() => statusOf(store, 'DataSource', 'd') === 'COMPLETED');
        await until(() => !store.hasRunner());
        const log = readFileSync(join(home, 'runner.log'), 'utf8');
        expect(log.match(/DataSource d: begun, attempt 1\n/g)).toHaveLength(1);
        expect(log).toMatch(/DataSource d: completed\n/);
      }),
    30_000,
  );

  it(
    'hands its job back on SIGTERM, and the next one does it',
    () =>
      withStore(async (store, home) => {
        store.create(entity('DataSource', 'd', { work: 700 }));
        const first = startRunner(home);
        await until(() => statusOf(store, 'DataSource', 'd') === 'INPROGRESS');
        first.kill('SIGTERM');
        expect(await ended(first)).toEqual([0, null]);
        expect(store.get('DataSource', 'd')).toMatchObject({ status: 'PENDING', message: undefined });
        expect(needsRunner(store)).toBe(true);
        expect(await ended(startRunner(home))).toEqual([0, null]);
        expect(statusOf(store, 'DataSource', 'd')).toBe('COMPLETED');
      }),
    30_000,
  );

  it(
    'says how far it is, stops when the object is deleted, and goes on with the next',
    () =>
      withStore(async (store, home) => {
        store.create(entity('DataSource', 'long', { work: 600_000 }));
        store.create(entity('DataSource', 'next'));
        const runner = startRunner(home);
        await until(() => /^\d+ of 600000 ms$/.test(store.get('DataSource', 'long')?.message ?? ''));
        store.remove('DataSource', 'long');
        await until(() => statusOf(store, 'DataSource', 'next') === 'COMPLETED');
        expect(await ended(runner)).toEqual([0, null]);
        expect(statusOf(store, 'DataSource', 'long')).toBe('DELETED');
        expect(existsSync(join(home, 'models', 'DataSource-long.model'))).toBe(false);
      }),
    30_000,
  );

  it(
    'fails a job whose process dies three times, and does the others',
    () =>
      withStore(async (store, home) => {
        store.create(entity('DataSource', 'killer', { crashes: true }));
        store.create(entity('DataSource', 'other'));
        for (let attempt = 1; attempt <= 3; attempt++) {
          expect(await ended(startRunner(home))).toEqual([null, 'SIGKILL']);
          expect(needsRunner(store)).toBe(true);
          expect(store.recover(Date.now() + 16_000)).toBe(1);
        }
        expect(store.get('DataSource', 'killer')).toMatchObject({ status: 'FAILED' });
        expect(await ended(startRunner(home))).toEqual([0, null]);
        expect(statusOf(store, 'DataSource', 'other')).toBe('COMPLETED');
      }),
    30_000,
  );

  it(
    'that stays waits for jobs, and leaves when the process that started it is killed',
    () =>
      withStore(async (store, home) => {
        const parent = spawn(process.execPath, [RESIDENT, home, SMALL_RUNNER], { stdio: 'ignore' });
        await until(() => store.hasRunner());
        await sleep(600);
        store.create(entity('DataSource', 'd'));
        await until(() => statusOf(store, 'DataSource', 'd') === 'COMPLETED', 20_000);
        expect(store.hasRunner()).toBe(true);
        parent.kill('SIGKILL');
        await until(() => !store.hasRunner());
      }),
    30_000,
  );
});

describe('kill -9 of the runner at a random moment', () => {
  for (const [name, runs, scenario] of [
    ['small work', KILL_RUNS, SMALL_WORK],
    ['real work', Math.ceil(KILL_RUNS / 3), REAL_WORK],
  ] as const) {
    it(`leaves a store that the next runner works off, ${name}, ${runs} times`, async () => {
      for (let i = 0; i < runs; i++) await killRun(Math.random, scenario);
    }, 120_000);
  }
});
