import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import type { Plays } from '../../src/threads/crew.js';
import { openCrew, startEarly } from '../../src/threads/worker-crew.js';

/** Counts the threads that are started from now on. */
function countStarts(): () => number {
  let count = 0;
  const add = (_: Worker): void => {
    count++;
  };
  process.on('worker', add);
  onTestFinished(() => {
    process.off('worker', add);
  });
  return () => count;
}

it('makes the threads that were started early part of the next crew, and starts those that it lacks', async () => {
  const count = countStarts();
  startEarly(2);
  await expect.poll(count).toBe(2);
  const crew = openCrew(3);
  expect(crew.isRunning).toBe(false);
  crew.start();
  await expect.poll(count).toBe(3);
  await crew.close();

  const next = openCrew(1);
  next.start();
  await expect.poll(count).toBe(4);
  await next.close();
});

it('starts one thread less where the calling one takes part, which has the first slot', async () => {
  const count = countStarts();
  const played: unknown[] = [];
  const play: Plays['parse'] = (data) => {
    played.push(data);
  };
  const crew = openCrew(2, { parse: play, encode: play, settle: play, train: play });
  expect(crew).toMatchObject({ size: 2, takesPart: true, isRunning: false });
  crew.open(0, 'parse', 'here', { message() {}, fail() {} });
  expect(crew.isRunning).toBe(true);
  await expect.poll(() => played).toEqual(['here']);
  await expect.poll(count).toBe(1);
  await crew.close();
  expect(openCrew(2).takesPart).toBe(false);
});
