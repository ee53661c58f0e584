import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '../errors.js';
import type { Job, JobOutcome } from './entity.js';
import { HEARTBEAT_MS, Pulse } from './pulse.js';
import { StoreError } from './sqlite.js';
import type { Store } from './store.js';

/** What the work on an object is given. */
export interface JobContext {
  readonly store: Store;
  readonly home: string;
  /** Aborted when the object was deleted, the job was taken away, or the runner is to stop. */
  readonly signal: AbortSignal;
  /** Say how far the work is: the object's message. */
  progress(message: string): void;
}

/**
 * The work on an object. It may be begun again after it was cut off at any point.
 * @throws InvalidInput for what the user can repair
 */
export type ExecuteJob = (job: Job, context: JobContext) => Promise<JobOutcome>;

export interface WorkOptions {
  readonly store: Store;
  readonly home: string;
  /** A name that no other runner has. */
  readonly runner: string;
  readonly execute: ExecuteJob;
  /** Jobs at once; default: 1. */
  readonly jobs?: number;
  /** Wait for the lease and for jobs for ever, instead of leaving when there are none; asked again and again. */
  readonly stay?: () => boolean;
  /** Stop: hand back what is not done. */
  readonly signal: AbortSignal;
  readonly log?: (line: string) => void;
  /** After the work on an object whose job was taken away meanwhile. */
  readonly onLost?: (job: Job, context: Pick<JobContext, 'store' | 'home'>) => Promise<void> | void;
  /** Leave after so long without a job, milliseconds; default: 3,000. */
  readonly idleMs?: number;
}

/** How often the store is looked at for new jobs, milliseconds. */
const LOOK_MS = 200;
/** How long nothing is asked of a store that cannot be used, milliseconds. */
const TROUBLE_MS = 2_000;
/** How long work may take to notice that it should stop, milliseconds. */
const STOP_LIMIT_MS = 5_000;

/** Be the store's runner: claim jobs and work on them until none is left. Returns at once when another runner is alive. */
export async function work(options: WorkOptions): Promise<void> {
  const { store, runner, signal } = options;
  do {
    if (store.takeLease(runner)) await workShift(options);
    if (options.stay?.()) await pause(LOOK_MS, signal);
  } while (options.stay?.() && !signal.aborted);
}

/** From taking the lease to leaving it. */
async function workShift(options: WorkOptions): Promise<void> {
  const { store, runner, signal, log } = options;
  const shift = new Shift(options);
  while (!signal.aborted && shift.lasts) {
    try {
      if (shift.look() === 'idle') return;
    } catch (error) {
      if (!(error instanceof StoreError && error.passes)) throw error;
      log?.(error.message);
      await pause(TROUBLE_MS, signal);
    }
    await Promise.race([pause(LOOK_MS, signal), ...shift.running.values()]);
  }
  await Promise.race([Promise.all(shift.running.values()), pause(STOP_LIMIT_MS)]);
  for (const job of shift.running.keys()) store.release(job);
  store.leaveLease(runner, false);
}

class Shift {
  readonly running = new Map<Job, Promise<void>>();
  private hasLease = true;
  private leaseTakenAt = Date.now();
  private busyAt = Date.now();

  constructor(private readonly options: WorkOptions) {}

  /** A runner that lost its lease ends the jobs it has. */
  get lasts(): boolean {
    return this.hasLease || this.running.size > 0;
  }

  /** @returns idle when there has been no job for long enough, and the lease was left */
  look(): 'working' | 'idle' {
    const { store, runner, stay, idleMs = 3_000, log } = this.options;
    if (this.hasLease && Math.abs(Date.now() - this.leaseTakenAt) > HEARTBEAT_MS) {
      this.hasLease = store.takeLease(runner);
      this.leaseTakenAt = Date.now();
    }
    const recovered = store.recover();
    if (recovered > 0) log?.(`jobs taken from runners that stopped: ${recovered}`);
    if (this.hasLease) this.claimJobs();
    if (this.running.size > 0 || store.hasJobs()) this.busyAt = Date.now();
    else if (!stay?.() && Date.now() - this.busyAt > idleMs && store.leaveLease(runner, true)) return 'idle';
    return 'working';
  }

  private claimJobs(): void {
    const { store, runner, jobs = 1 } = this.options;
    while (this.running.size < jobs) {
      const job = store.claim(runner);
      if (!job) return;
      this.running.set(
        job,
        runJob(job, this.options).finally(() => this.running.delete(job)),
      );
    }
  }
}

/** One job from claim to end. Never rejects: what the store cannot take now is found later by its old heartbeat. */
async function runJob(job: Job, options: WorkOptions): Promise<void> {
  const { store, log = () => {} } = options;
  const name = `${job.kind} ${job.id}`;
  const pulse = new Pulse(store, job, log);
  log(`${name}: begun, attempt ${job.attempt}`);
  try {
    const end = await attempt(job, pulse, options);
    log(`${name}: ${end}`);
    if (end === 'lost') await options.onLost?.(job, options);
  } catch (error) {
    log(`${name}: ${stackOf(error)}`);
  } finally {
    pulse.stop();
  }
}

async function attempt(
  job: Job,
  pulse: Pulse,
  options: WorkOptions,
): Promise<'completed' | 'failed' | 'handed back' | 'lost'> {
  const { store, home, execute, log } = options;
  const signal = AbortSignal.any([options.signal, pulse.lost]);
  try {
    const outcome = await execute(job, { store, home, signal, progress: (message) => pulse.say(message) });
    return store.finish(job, outcome) ? 'completed' : 'lost';
  } catch (error) {
    if (pulse.lost.aborted) return 'lost';
    if (signal.aborted) return store.release(job) ? 'handed back' : 'lost';
    // Nothing can be said of the object now: its work is taken up again, and is not to blame.
    if (error instanceof StoreError) throw error;
    if (!(error instanceof InvalidInput)) log?.(`${job.kind} ${job.id}: ${stackOf(error)}`);
    return store.fail(job, failureMessage(error).replaceAll(home, '<home>')) ? 'failed' : 'lost';
  }
}

/** On one line, as rows of the output format `text` are. */
function failureMessage(error: unknown): string {
  if (error instanceof InvalidInput)
    return error.hint === undefined ? error.message : `${error.message}. Hint: ${error.hint}`;
  const message = error instanceof Error ? error.message : String(error);
  const isOfSystem = typeof (error as NodeJS.ErrnoException)?.syscall === 'string';
  return isOfSystem ? message : `internal error: ${message}. See runner.log in the store's folder.`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** @returns a promise that is kept after so long, or when the signal comes */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal }).catch(() => {});
}
