import type { Connection } from './connection.js';
import { type Dependency, dependenciesOf, nameOf } from './dependencies.js';
import type { EntityKind, Job, JobOutcome, Message } from './entity.js';
import { mergedFacts } from './facts.js';
import { ENTITY_COLUMNS, entityOf, storableMessage } from './rows.js';
import type { Row } from './sqlite.js';

/** A job whose last heartbeat is older is taken from its runner, milliseconds. */
export const STALE_AFTER_MS = 15_000;
/** How often a job may be begun. */
export const ATTEMPT_LIMIT = 3;
/** Characters of another object's message that a message quotes. */
const QUOTED_LIMIT = 2_000;

/** Work that is not done: PENDING without a runner, INPROGRESS with one. */
export class Jobs {
  constructor(private readonly connection: Connection) {}

  /** Inside the transaction that inserts the object. */
  add(sequence: number, kind: EntityKind, request: Message): void {
    this.connection.run('INSERT INTO job (entity, attempts, claims, waits) VALUES (?, 0, 0, 0)', sequence);
    for (const dependency of dependenciesOf(kind, request)) {
      const needed = this.state(dependency);
      if (needed && isUnfinished(needed)) this.wait(sequence, needed.sequence as number);
    }
  }

  /** Inside the transaction that makes the object COMPLETED, FAILED or DELETED: those that wait for it may go on. */
  end(sequence: number): void {
    this.connection.run('DELETE FROM need WHERE job = ?', sequence);
    this.connection.run('DELETE FROM job WHERE entity = ?', sequence);
    this.connection.run(
      'UPDATE job SET waits = waits - 1 WHERE entity IN (SELECT job FROM need WHERE needed = ?)',
      sequence,
    );
    this.connection.run('DELETE FROM need WHERE needed = ?', sequence);
  }

  claim(runner: string): Job | undefined {
    while (this.hasReady()) {
      const job = this.connection.transaction('write', () => this.claimOldest(runner));
      if (job) return job;
    }
    return undefined;
  }

  heartbeat(job: Job, message?: string): boolean {
    return this.whileClaimed(job, (sequence) => {
      this.connection.run('UPDATE job SET heartbeat_at = ? WHERE entity = ?', Date.now(), sequence);
      if (message === undefined) return;
      this.connection.run('UPDATE entity SET message = ? WHERE sequence = ?', storableMessage(message), sequence);
    });
  }

  finish(job: Job, { facts, computeTime }: JobOutcome): boolean {
    return this.whileClaimed(job, (sequence) => {
      const before = this.connection.get('SELECT facts FROM entity WHERE sequence = ?', sequence)?.facts;
      const now = Date.now();
      this.connection.run(
        `UPDATE entity SET status = 'COMPLETED', message = NULL, facts = ?, compute_time = ?, finished_at = ?,
           last_updated_at = ? WHERE sequence = ?`,
        ...[mergedFacts(before as string, facts), Math.round(computeTime), now, now, sequence],
      );
      this.end(sequence);
    });
  }

  fail(job: Job, message: string): boolean {
    return this.whileClaimed(job, (sequence) => this.markFailed(sequence, message));
  }

  release(job: Job): boolean {
    return this.whileClaimed(job, (sequence) => {
      this.connection.run('UPDATE job SET attempts = attempts - 1 WHERE entity = ?', sequence);
      this.putBack(sequence, null);
    });
  }

  recover(now: number): number {
    const stale = 'runner IS NOT NULL AND heartbeat_at NOT BETWEEN ? AND ?';
    const fresh = [now - STALE_AFTER_MS, now + STALE_AFTER_MS];
    if (!this.connection.get(`SELECT 1 FROM job WHERE ${stale} LIMIT 1`, ...fresh)) return 0;
    return this.connection.transaction('write', () => {
      const rows = this.connection.all(`SELECT entity, attempts FROM job WHERE ${stale}`, ...fresh);
      for (const { entity, attempts } of rows) this.takeBack(entity as number, attempts as number);
      return rows.length;
    });
  }

  hasJobs(): boolean {
    return this.connection.get('SELECT 1 FROM job LIMIT 1') !== undefined;
  }

  private hasReady(): boolean {
    return this.connection.get('SELECT 1 FROM job WHERE runner IS NULL AND waits = 0 LIMIT 1') !== undefined;
  }

  /** @returns undefined also when the oldest one had to fail or to wait instead */
  private claimOldest(runner: string): Job | undefined {
    const row = this.connection.get(
      `SELECT ${ENTITY_COLUMNS}, job.attempts, job.claims FROM job CROSS JOIN entity ON entity.sequence = job.entity
       WHERE job.runner IS NULL AND job.waits = 0 ORDER BY job.entity LIMIT 1`,
    );
    if (!row || !this.mayBegin(row)) return undefined;
    const now = Date.now();
    const [attempt, claim] = [(row.attempts as number) + 1, (row.claims as number) + 1];
    this.connection.run(
      'UPDATE job SET runner = ?, heartbeat_at = ?, attempts = ?, claims = ? WHERE entity = ?',
      ...[runner, now, attempt, claim, row.sequence],
    );
    const changed = { status: 'INPROGRESS', message: null, started_at: now, last_updated_at: now };
    this.connection.run(
      'UPDATE entity SET status = ?, message = ?, started_at = ?, last_updated_at = ? WHERE sequence = ?',
      ...Object.values(changed),
      row.sequence,
    );
    const entity = entityOf({ ...row, ...changed });
    return { kind: entity.kind, id: entity.id, runner, attempt, claim, entity };
  }

  /** Whether all it needs is COMPLETED; where not, it waits or fails. */
  private mayBegin(row: Row): boolean {
    const sequence = row.sequence as number;
    const request = JSON.parse(row.request as string) as Message;
    for (const dependency of dependenciesOf(row.kind as EntityKind, request)) {
      const needed = this.state(dependency);
      if (needed?.status === 'COMPLETED') continue;
      if (needed && isUnfinished(needed)) this.wait(sequence, needed.sequence as number);
      else this.markFailed(sequence, obstacle(dependency, needed));
      return false;
    }
    return true;
  }

  private wait(sequence: number, needed: number): void {
    const added = this.connection.run('INSERT OR IGNORE INTO need (needed, job) VALUES (?, ?)', needed, sequence);
    this.connection.run('UPDATE job SET waits = waits + ? WHERE entity = ?', added, sequence);
  }

  private state({ kind, id }: Dependency): Row | undefined {
    return this.connection.get('SELECT sequence, status, message FROM entity WHERE kind = ? AND id = ?', kind, id);
  }

  /** In a transaction, unless the claim has ended. */
  private whileClaimed({ kind, id, runner, claim }: Job, body: (sequence: number) => void): boolean {
    return this.connection.transaction('write', () => {
      const row = this.connection.get(
        `SELECT sequence FROM entity JOIN job ON job.entity = entity.sequence
         WHERE entity.kind = ? AND entity.id = ? AND job.runner = ? AND job.claims = ?`,
        ...[kind, id, runner, claim],
      );
      if (row) body(row.sequence as number);
      return row !== undefined;
    });
  }

  private takeBack(sequence: number, attempts: number): void {
    if (attempts < ATTEMPT_LIMIT) {
      this.putBack(sequence, `attempt ${attempts} of ${ATTEMPT_LIMIT} was cut off; waiting to be taken up again`);
      return;
    }
    const cause = `the work was begun ${attempts} times and cut off each time: its process was killed or ran out of memory`;
    this.markFailed(sequence, `${cause}. See runner.log in the store's folder; then create it again under another id.`);
  }

  private putBack(sequence: number, message: string | null): void {
    this.connection.run('UPDATE job SET runner = NULL, heartbeat_at = NULL WHERE entity = ?', sequence);
    this.connection.run(
      `UPDATE entity SET status = 'PENDING', message = ?, started_at = NULL, last_updated_at = ? WHERE sequence = ?`,
      ...[message, Date.now(), sequence],
    );
  }

  private markFailed(sequence: number, message: string): void {
    const now = Date.now();
    this.connection.run(
      `UPDATE entity SET status = 'FAILED', message = ?, started_at = ifnull(started_at, ?), finished_at = ?,
         last_updated_at = ? WHERE sequence = ?`,
      ...[storableMessage(message), now, now, now, sequence],
    );
    this.end(sequence);
  }
}

const isUnfinished = (row: Row): boolean => row.status === 'PENDING' || row.status === 'INPROGRESS';

/** Why the work cannot begin. */
function obstacle(dependency: Dependency, row: Row | undefined): string {
  const todo = 'Create this one again, under another id, from one that is COMPLETED.';
  const needs = `it needs ${nameOf(dependency.kind, dependency.id)}, which`;
  if (!row) return `${needs} does not exist. ${todo}`;
  if (row.status === 'DELETED') return `${needs} was deleted. ${todo}`;
  const cause = row.message ? `: ${(row.message as string).slice(0, QUOTED_LIMIT).replace(/\.$/, '')}` : '';
  return `${needs} failed${cause}. ${todo}`;
}
