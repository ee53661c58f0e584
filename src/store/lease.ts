import { hostname } from 'node:os';
import type { Connection } from './connection.js';
import { STALE_AFTER_MS } from './jobs.js';
import type { Row } from './sqlite.js';

/**
 * The row that says which runner works on the store, so that there is one. It only saves processes: a claim on a job does not
 * depend on it, and two runners that both believe to hold it do no harm.
 */
export class Lease {
  constructor(private readonly connection: Connection) {}

  /** Whether a runner that seems to be alive holds it. */
  isHeld(): boolean {
    const row = this.holder();
    return row !== undefined && seemsAlive(row);
  }

  /** Take the lease, or say that its holder is alive. @returns false when another runner holds it */
  acquire(runner: string): boolean {
    if (this.isHeldByAnother(runner)) return false;
    return this.connection.transaction('write', () => {
      if (this.isHeldByAnother(runner)) return false;
      this.connection.run(
        'INSERT OR REPLACE INTO lease (only, runner, host, process, heartbeat_at) VALUES (1, ?, ?, ?, ?)',
        ...[runner, hostname(), process.pid, Date.now()],
      );
      return true;
    });
  }

  /** @param onlyIdle leave only when no job is left; whoever adds one afterwards finds no holder. @returns whether it left */
  leave(runner: string, onlyIdle: boolean): boolean {
    const condition = onlyIdle ? 'AND NOT EXISTS (SELECT 1 FROM job)' : '';
    return this.connection.run(`DELETE FROM lease WHERE runner = ? ${condition}`, runner) > 0;
  }

  private isHeldByAnother(runner: string): boolean {
    const row = this.holder();
    return row !== undefined && row.runner !== runner && seemsAlive(row);
  }

  private holder(): Row | undefined {
    return this.connection.get('SELECT runner, host, process, heartbeat_at FROM lease');
  }
}

function seemsAlive(row: Row): boolean {
  if (Math.abs(Date.now() - (row.heartbeat_at as number)) > STALE_AFTER_MS) return false;
  return row.host !== hostname() || processExists(row.process as number);
}

function processExists(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
