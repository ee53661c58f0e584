import { type ChildProcess, spawn } from 'node:child_process';
import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Log } from '../../src/server/log.js';
import { supervise } from '../../src/server/supervise.js';

function starter(program: string): { start(): ChildProcess; readonly started: ChildProcess[] } {
  const started: ChildProcess[] = [];
  const start = (): ChildProcess => {
    started.push(spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] }));
    return started.at(-1)!;
  };
  return { start, started };
}

const alive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

it('starts a process again that was killed, and logs its lines', async () => {
  let text = '';
  const log = new Log((lines) => {
    text += lines;
  });
  const { start, started } = starter('console.log("hello"); setInterval(() => {}, 1000)');
  const runner = supervise(start, log);
  expect(getPriority(started[0].pid)).toBeGreaterThan(0);
  while (!text.includes('hello')) await sleep(20);
  started[0].kill('SIGKILL');
  while (started.length < 2) await sleep(20);
  expect(runner.restarts).toBe(1);
  await runner.stop(5000);
  expect(started.map(alive)).toEqual([false, false]);
  await sleep(700);
  expect(started).toHaveLength(2);
  log.flush();
  const events = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { pid } = started[0];
  expect(events[0]).toMatchObject({ event: 'job runner started', pid });
  expect(events).toContainEqual(expect.objectContaining({ level: 'info', event: 'job runner', line: 'hello', pid }));
  expect(events).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'job runner ended', reason: 'SIGKILL' }),
  );
});

it('ends a process that does not heed SIGTERM', async () => {
  const { start, started } = starter(
    'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)',
  );
  let text = '';
  const log = new Log((lines) => {
    text += lines;
  });
  const runner = supervise(start, log);
  while (!text.includes('ready')) await sleep(20);
  await runner.stop(200);
  expect(started[0].signalCode).toBe('SIGKILL');
});

it('waits longer and longer before it starts a process again that ends at once', async () => {
  const { start, started } = starter('process.exit(3)');
  const runner = supervise(start, new Log(() => {}));
  const began = performance.now();
  while (started.length < 3) await sleep(20);
  expect(performance.now() - began).toBeGreaterThan(1400);
  await runner.stop(100);
});
