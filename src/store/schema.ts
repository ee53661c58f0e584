import { randomUUID } from 'node:crypto';
import { InvalidInput } from '../errors.js';
import type { Connection } from './connection.js';

/**
 * The database, one step per released version of it; `PRAGMA user_version` counts the steps taken.
 *
 * entity   One row per object, in order of creation. `request` stands last: it may be long and lists do not need it.
 * filter   Values of an object's filter variables that have no column; one row per variable of its kind.
 * job      Work that is not done. Pending: runner is null. `waits` counts objects it needs that are not done; `claims` grows
 *          with every claim, so that an old claim of the same runner is known from a new one.
 * need     Which unfinished objects a job waits for.
 * lease    The one runner at work on this store.
 * store    A random id, so that page tokens of another store are not taken for this one's.
 */
const STEPS = [
  `
  CREATE TABLE store (id TEXT NOT NULL) STRICT;

  CREATE TABLE entity (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    name_or_empty TEXT NOT NULL AS (ifnull(name, '')) VIRTUAL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_updated_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    compute_time INTEGER,
    fingerprint TEXT NOT NULL,
    message TEXT,
    facts TEXT NOT NULL,
    request TEXT NOT NULL,
    UNIQUE (kind, id)
  ) STRICT;
  CREATE INDEX entity_created_at ON entity (kind, created_at);
  CREATE INDEX entity_last_updated_at ON entity (kind, last_updated_at);
  CREATE INDEX entity_name ON entity (kind, name_or_empty);
  CREATE INDEX entity_status ON entity (kind, status);

  CREATE TABLE filter (
    kind TEXT NOT NULL,
    variable TEXT NOT NULL,
    value TEXT NOT NULL,
    entity INTEGER NOT NULL REFERENCES entity,
    PRIMARY KEY (kind, variable, value, entity)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX filter_entity ON filter (entity, variable);

  CREATE TABLE tag (
    sequence INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL REFERENCES entity,
    key TEXT NOT NULL,
    value TEXT,
    UNIQUE (entity, key)
  ) STRICT;

  CREATE TABLE job (
    entity INTEGER PRIMARY KEY REFERENCES entity,
    runner TEXT,
    heartbeat_at INTEGER,
    attempts INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    waits INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX job_ready ON job (entity) WHERE runner IS NULL AND waits = 0;
  CREATE INDEX job_heartbeat ON job (heartbeat_at) WHERE runner IS NOT NULL;

  CREATE TABLE need (
    needed INTEGER NOT NULL REFERENCES entity,
    job INTEGER NOT NULL REFERENCES job,
    PRIMARY KEY (needed, job)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX need_job ON need (job);

  CREATE TABLE lease (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    runner TEXT NOT NULL,
    host TEXT NOT NULL,
    process INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL
  ) STRICT;
  `,
];

/** Bring the database up to this version's schema; several processes may do so at once. */
export function migrate(connection: Connection, path: string): void {
  if (version(connection) === STEPS.length) return;
  connection.transaction('write', () => {
    const done = version(connection);
    if (done > STEPS.length) {
      throw new InvalidInput(
        `${path}: made by a newer version of create-ml-model (schema ${done}; this one knows ${STEPS.length})`,
        { hint: 'update create-ml-model, or choose another folder with --home' },
      );
    }
    for (const step of STEPS.slice(done)) connection.exec(step);
    if (done === 0) connection.run('INSERT INTO store (id) VALUES (?)', randomUUID());
    connection.exec(`PRAGMA user_version = ${STEPS.length}`);
  });
}

function version(connection: Connection): number {
  return connection.get('PRAGMA user_version')?.user_version as number;
}
