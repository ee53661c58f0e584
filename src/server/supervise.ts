import type { ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { Log } from './log.js';

/** A process that is started again when it ends. */
export interface Supervised {
  /** How often it was started again. */
  readonly restarts: number;
  /**
   * Ask it to end (SIGTERM), and end it when it has not after a while.
   *
   * @param graceMs time it is given
   */
  stop(graceMs: number): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** One that has run for so long is started again without a longer pause. */
const STEADY_MS = 60_000;

/**
 * Keep a job runner going while the server lives. It runs at low priority, so that predictions do not wait for training, and
 * the lines it writes go into the log.
 *
 * @param start starts the process, with its standard output and error as pipes
 */
export function supervise(start: () => ChildProcess, log: Log): Supervised {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let restarts = 0;
  let pauseMs = FIRST_PAUSE_MS;

  const launch = (): void => {
    const began = performance.now();
    const started = start();
    child = started;
    const ended = (reason: string): void => {
      if (child !== started) return;
      child = undefined;
      if (stopping) return;
      if (performance.now() - began > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      log.error('job runner ended', { pid: started.pid, reason, startedAgainInMs: pauseMs });
      timer = setTimeout(() => {
        restarts++;
        launch();
      }, pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    };
    started.on('error', (error) => ended(error.message));
    started.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    lowerPriority(started);
    if (started.pid !== undefined) log.info('job runner started', { pid: started.pid });
    for (const output of [started.stdout, started.stderr]) {
      if (output) createInterface(output).on('line', (line) => log.info('job runner', { pid: started.pid, line }));
    }
  };

  launch();
  return {
    get restarts() {
      return restarts;
    },
    async stop(graceMs) {
      stopping = true;
      clearTimeout(timer);
      if (child !== undefined) await end(child, graceMs);
    },
  };
}

function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let us; it works all the same.
  }
}

function end(child: ChildProcess, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
