import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '../errors.js';
import { Connection } from './connection.js';
import { describe, type Query, type QueryPage } from './describe.js';
import { Entities } from './entities.js';
import type { Created, Entity, EntityKind, EntityStatus, Job, JobOutcome, Message, NewEntity, Tag } from './entity.js';
import { Jobs } from './jobs.js';
import { Lease } from './lease.js';
import { migrate } from './schema.js';
import { isBusy } from './sqlite.js';

export type { Comparator, Query, QueryPage } from './describe.js';
export type * from './entity.js';

/**
 * The objects of the service, their tags and jobs, in a database that several processes share. Methods that change something
 * are whole transactions; each is atomic and durable on its own.
 */
export interface Store {
  /** Insert it as PENDING with a job, in one transaction. */
  create(entity: NewEntity): Created;
  /** Deleted ones too. */
  get(kind: EntityKind, id: string): Entity | undefined;
  /** @returns false when there is no such object or it is deleted */
  rename(kind: EntityKind, id: string, name: string): boolean;
  /**
   * Lay facts over those the object has; `undefined` takes one away.
   * @param filters values of filter variables that change with them, such as RealtimeEndpointStatus
   * @returns false when there is no such object or it is deleted
   */
  setFacts(kind: EntityKind, id: string, facts: Message, filters?: Readonly<Record<string, string>>): boolean;
  /**
   * Mark it DELETED and cancel its job.
   * @returns false when there is no such object or it is deleted already
   */
  remove(kind: EntityKind, id: string): boolean;
  /**
   * A page of the objects of a kind, deleted ones too.
   * @throws InvalidInput for a variable the kind does not have, a value that is not a time where one is needed, or a token
   *   that is damaged or belongs to another query
   */
  describe(kind: EntityKind, query: Query): QueryPage;

  /** In the order in which their keys were first added. */
  tags(kind: EntityKind, id: string): Tag[];
  /** Add tags; one with a key that is there replaces its value. */
  putTags(kind: EntityKind, id: string, tags: readonly Tag[]): void;
  /** Keys that are not there are ignored. */
  removeTags(kind: EntityKind, id: string, keys: readonly string[]): void;

  /**
   * Take the oldest pending job for a runner; the object is INPROGRESS from now on. Jobs that wait for an object which is not
   * COMPLETED yet stay; those that wait for one which failed, was deleted or never existed are FAILED on the way.
   */
  claim(runner: string): Job | undefined;
  /**
   * Say that the job is alive, at least every 15 s, and how far it is.
   * @returns false when the claim has ended: stop working on it
   */
  heartbeat(job: Job, message?: string): boolean;
  /** COMPLETED, with its results, in one transaction. @returns false when the claim had ended: nothing was changed */
  finish(job: Job, outcome: JobOutcome): boolean;
  /** FAILED. @returns false when the claim had ended: nothing was changed */
  fail(job: Job, message: string): boolean;
  /** Back to PENDING without counting the attempt. @returns false when the claim had ended: nothing was changed */
  release(job: Job): boolean;
  /**
   * Put jobs whose last heartbeat is older than 15 s back to PENDING; after the third attempt, FAILED.
   * @param now milliseconds since 1970; default: the clock
   * @returns how many
   */
  recover(now?: number): number;
  /** Whether any job is not done. */
  hasJobs(): boolean;
  /** How many objects of each kind have each status. */
  objectCounts(): readonly { readonly kind: EntityKind; readonly status: EntityStatus; readonly count: number }[];

  /** Whether a runner that seems to be alive is at work on this store. */
  hasRunner(): boolean;
  /** Become the store's runner, or go on being it; say so at least every 15 s. @returns false when another one is alive */
  takeLease(runner: string): boolean;
  /**
   * Stop being the store's runner.
   * @param onlyIdle not while a job is left
   * @returns whether it was the runner and left
   */
  leaveLease(runner: string, onlyIdle: boolean): boolean;

  /** Runs `body` as one transaction that sees no other process's changes; nested ones join. Rolled back when it throws. */
  transaction<T>(body: () => T): T;
  /** A number that changes when another connection or process has changed the store. */
  dataVersion(): number;
  close(): void;
}

/**
 * Open the store of a home folder, `store.sqlite`; both are made where they are not there.
 * @throws InvalidInput when there is no SQLite, the folder cannot be written to, or the file is not a store of this version
 */
export async function openStore(home: string): Promise<Store> {
  try {
    await mkdir(home, { recursive: true });
  } catch (cause) {
    throw new InvalidInput(`${home}: the folder cannot be made: ${(cause as Error).message}`, {
      hint: 'choose another one with --home',
      cause,
    });
  }
  const path = join(home, 'store.sqlite');
  const connection = await Connection.open(path);
  try {
    await prepare(connection, path);
  } catch (error) {
    connection.close();
    throw error;
  }
  return storeOn(connection);
}

/** How long to try while other processes turn the same new file into a store, milliseconds. */
const PREPARE_LIMIT_MS = 15_000;

/** SQLite does not wait for a lock while it changes the journal mode: then try again. */
async function prepare(connection: Connection, path: string): Promise<void> {
  const began = Date.now();
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF');
      migrate(connection, path);
      return;
    } catch (cause) {
      if (cause instanceof InvalidInput) throw cause;
      if (!isBusy(cause) || Date.now() - began > PREPARE_LIMIT_MS) {
        const { cause: original = cause } = cause as Error;
        throw new InvalidInput(`${path}: cannot be used as a store: ${(original as Error).message}`, {
          hint: 'is it a store, on a local disk, and may you write to it? --home names another folder',
          cause,
        });
      }
      await sleep(10 + 40 * Math.random());
    }
  }
}

function storeOn(connection: Connection): Store {
  const jobs = new Jobs(connection);
  const entities = new Entities(connection, jobs);
  const lease = new Lease(connection);
  return {
    create: (entity) => entities.create(entity),
    get: (kind, id) => entities.get(kind, id),
    rename: (kind, id, name) => entities.rename(kind, id, name),
    setFacts: (kind, id, facts, filters) => entities.setFacts(kind, id, facts, filters),
    remove: (kind, id) => entities.remove(kind, id),
    describe: (kind, query) => describe(connection, kind, query),
    tags: (kind, id) => entities.tags(kind, id),
    putTags: (kind, id, tags) => entities.putTags(kind, id, tags),
    removeTags: (kind, id, keys) => entities.removeTags(kind, id, keys),
    claim: (runner) => jobs.claim(runner),
    heartbeat: (job, message) => jobs.heartbeat(job, message),
    finish: (job, outcome) => jobs.finish(job, outcome),
    fail: (job, message) => jobs.fail(job, message),
    release: (job) => jobs.release(job),
    recover: (now = Date.now()) => jobs.recover(now),
    hasJobs: () => jobs.hasJobs(),
    objectCounts: () =>
      connection.all(
        'SELECT kind, status, count(*) AS count FROM entity GROUP BY kind, status',
      ) as unknown as ReturnType<Store['objectCounts']>,
    hasRunner: () => lease.isHeld(),
    takeLease: (runner) => lease.acquire(runner),
    leaveLease: (runner, onlyIdle) => lease.leave(runner, onlyIdle),
    transaction: (body) => connection.transaction('write', body),
    dataVersion: () => connection.get('PRAGMA data_version')?.data_version as number,
    close: () => connection.close(),
  };
}
