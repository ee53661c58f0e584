import type { Job } from './entity.js';
import type { Store } from './store.js';

/** How often a runner says that it and its jobs are alive, milliseconds. */
export const HEARTBEAT_MS = 2_000;
/** Progress is written at most so often, milliseconds. */
const PROGRESS_MS = 500;

/** The heartbeat of a job, and what it says. */
export class Pulse {
  /** Aborted when the claim has ended: the object was deleted, or another runner has the job. */
  readonly lost: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private message: string | undefined;
  private beatAt = Date.now();

  constructor(
    private readonly store: Store,
    private readonly job: Job,
    private readonly log: (line: string) => void,
  ) {
    this.lost = this.controller.signal;
    this.timer = setInterval(() => this.beat(), HEARTBEAT_MS);
  }

  /** The object's message from the next beat on. */
  say(message: string): void {
    this.message = message;
    if (Math.abs(Date.now() - this.beatAt) >= PROGRESS_MS) this.beat();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** A store that is busy or full now may not be so at the next beat. */
  private beat(): void {
    if (this.lost.aborted) return;
    const { message } = this;
    this.beatAt = Date.now();
    try {
      if (!this.store.heartbeat(this.job, message)) this.controller.abort();
      if (this.message === message) this.message = undefined;
    } catch (error) {
      this.log(`${this.job.kind} ${this.job.id}: no heartbeat: ${(error as Error).message}`);
    }
  }
}
