/**
 * Runners that are killed (kill -9) at random moments: every store must stay whole, and every object end. Then one kill by the
 * clock: how long until the job is taken up again by somebody who looks once a second.
 *
 *     npm run bench:kills [-- runs [small|real]]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { needsRunner } from '../src/store/runner.js';
import { openStore, type Store } from '../src/store/store.js';
import { randomIntegers } from '../src/training/shuffle.js';
import { ended, killRun, REAL_WORK, SMALL_RUNNER, SMALL_WORK, startRunner } from '../test/store/kills.js';

/** Seconds from the kill until the job's second attempt has begun. */
async function secondsUntilTakenUp(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'bench-kills-'));
  const store = await openStore(home);
  try {
    const request = { work: 600_000 };
    store.create({ kind: 'DataSource', id: 'd', name: undefined, request, fingerprint: '', filters: {} });
    const first = startRunner(home);
    await untilInProgress(store, () => {});
    first.kill('SIGKILL');
    await ended(first);
    const killedAt = performance.now();
    const startedAt = store.get('DataSource', 'd')?.startedAt;
    const others: ReturnType<typeof startRunner>[] = [];
    await untilInProgress(
      store,
      () => {
        store.recover();
        if (needsRunner(store)) others.push(startRunner(home, SMALL_RUNNER));
      },
      startedAt,
    );
    for (const other of others) other.kill('SIGTERM');
    await Promise.all(others.map(ended));
    return (performance.now() - killedAt) / 1000;
  } finally {
    store.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function untilInProgress(store: Store, look: () => void, notStartedAt?: number): Promise<void> {
  for (let seconds = 0; seconds < 60; seconds++) {
    look();
    for (let i = 0; i < 20; i++) {
      const { status, startedAt } = store.get('DataSource', 'd') ?? {};
      if (status === 'INPROGRESS' && startedAt !== notStartedAt) return;
      await sleep(50);
    }
  }
  throw new Error('the job was not taken up within 60 s');
}

const runs = Number(process.argv[2] ?? 200);
const scenario = process.argv[3] === 'real' ? REAL_WORK : SMALL_WORK;
const integers = randomIntegers(1);
console.log(`${cpus()[0].model.trim()}, Node ${process.version}`);
let [kills, completed, cutOff] = [0, 0, 0];
for (let i = 0; i < runs; i++) {
  const run = await killRun(() => integers(1e6) / 1e6, scenario);
  kills += run.kills;
  completed += run.completed;
  cutOff += run.cutOff;
  if (i % 20 === 19)
    console.log(`${i + 1} stores, ${kills} kills: ${completed} objects COMPLETED, ${cutOff} cut off three times`);
}
console.log(`${runs} consistent stores, ${kills} kills, 0 objects lost, 0 stuck, 0 unreadable`);
console.log(`by the clock: taken up again after ${(await secondsUntilTakenUp()).toFixed(1)} s`);
