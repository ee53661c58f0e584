import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { openStore } from './store.js';
import { type WorkOptions, work } from './work.js';

/**
 * The life of a runner process: `--home FOLDER [--jobs COUNT] [--stay]`. SIGTERM and SIGINT hand its jobs back. A process that
 * stays does so while the one that started it lives.
 */
export async function runRunnerProcess(options: Pick<WorkOptions, 'execute' | 'onLost' | 'idleMs'>): Promise<void> {
  const { values } = parseArgs({
    options: { home: { type: 'string' }, jobs: { type: 'string' }, stay: { type: 'boolean' } },
  });
  if (values.home === undefined) throw new Error('--home is missing');
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  process.channel?.unref();
  // Its jobs go on when the process that reads what it writes has died.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

  const runner = `${hostname()}:${process.pid}:${Math.random().toString(36).slice(2, 10)}`;
  const log = (line: string): void => console.log(`${new Date().toISOString()} ${process.pid} ${line}`);
  const store = await openStore(values.home);
  await work({
    ...options,
    store,
    home: values.home,
    runner,
    jobs: Number(values.jobs ?? 1),
    stay: () => values.stay === true && process.connected,
    signal: stop.signal,
    log,
  });
  store.close();
  process.exit(0);
}
