import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFile } from '../built-file.js';
import type { Store } from './store.js';

export interface RunnerOptions {
  /** The runner's entry; default: the one of this package. */
  readonly entry?: string;
  /** Jobs at once; default: 1. */
  readonly jobs?: number;
  /** Laid over this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Not started again sooner, while the last one may still be opening the store, milliseconds. */
const START_PAUSE_MS = 2_000;
/** A log longer than this is begun anew, bytes. */
const LOG_LIMIT_BYTES = 1_000_000;

const startedAt = new Map<string, number>();

/** Whether there are jobs and no live runner to work on them. */
export function needsRunner(store: Store): boolean {
  return store.hasJobs() && !store.hasRunner();
}

/**
 * Start a runner that outlives this process; it leaves when no job is left, or at once when there is another. Its output goes
 * to `runner.log` in the home folder.
 */
export function ensureRunner(home: string, options: RunnerOptions = {}): void {
  const folder = resolve(home);
  const now = performance.now();
  if (now - (startedAt.get(folder) ?? Number.NEGATIVE_INFINITY) < START_PAUSE_MS) return;
  startedAt.set(folder, now);
  mkdirSync(folder, { recursive: true });
  const log = openLog(join(folder, 'runner.log'));
  try {
    const child = spawn(process.execPath, runnerArguments(folder, options), {
      cwd: folder,
      detached: true,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    child.on('error', () => startedAt.delete(folder));
    child.unref();
  } finally {
    closeSync(log);
  }
}

/**
 * Start a runner that stays as long as this process, waiting for jobs. SIGTERM makes it hand back its jobs and leave; when this
 * process dies, it ends the jobs there are and leaves.
 *
 * @param options.output where its standard output and error go; default: this process's standard error
 */
export function startResidentRunner(
  home: string,
  options: RunnerOptions & { output?: number | 'pipe' } = {},
): ChildProcess {
  const folder = resolve(home);
  mkdirSync(folder, { recursive: true });
  const output = options.output ?? 2;
  return spawn(process.execPath, [...runnerArguments(folder, options), '--stay'], {
    cwd: folder,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', output, output, 'ipc'],
    windowsHide: true,
  });
}

function runnerArguments(home: string, { entry, jobs = 1 }: RunnerOptions): string[] {
  const script = entry ?? fileURLToPath(builtFile('cli/job-runner.js'));
  return [script, '--home', home, '--jobs', String(jobs)];
}

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(path, size > LOG_LIMIT_BYTES ? 'w' : 'a');
}
