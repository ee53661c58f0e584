import { InvalidInput } from '../errors.js';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** The part of `DatabaseSync` that `node:sqlite` and `@photostructure/sqlite` share and the store uses. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface Statement {
  run(...parameters: SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...parameters: SqlValue[]): Row | undefined;
  all(...parameters: SqlValue[]): Row[];
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: { readonly timeout?: number }) => Database;
}

/** Releases before this one can lose a commit when two processes reset the write-ahead log at once. */
const SOUND_SQLITE = [3, 51, 3];
/** How long a statement waits for another process's transaction, milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

let loading: Promise<SqliteModule> | undefined;

/** @throws InvalidInput when there is no SQLite for this Node, or the file cannot be opened */
export async function openDatabase(path: string): Promise<Database> {
  loading ??= loadSqlite();
  const { DatabaseSync } = await loading;
  try {
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return database;
  } catch (error) {
    throw new InvalidInput(`${path}: the store cannot be opened: ${(error as Error).message}`, {
      hint: 'is the folder there, on a local disk, and may you write to it?',
      cause: error,
    });
  }
}

/** The database cannot be used, and not because of what was asked of it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  /** @param passes it may be over when the same is tried again */
  constructor(
    message: string,
    readonly hint: string,
    readonly passes: boolean,
    options: { readonly cause: unknown },
  ) {
    super(message, options);
  }
}

/** By text of SQLite's error (sqlite.org, "Result and Error Codes"): what to do, and whether it may pass. */
const TROUBLES: readonly (readonly [pattern: RegExp, hint: string, passes: boolean])[] = [
  [/\b(locked|busy)\b/i, 'another process has it locked: try again', true],
  [/\bfull\b/i, 'free some space on the disk', true],
  [/read-?only/i, 'give this user the right to write to it and its folder', false],
  [/disk I\/O error/i, 'check the disk', false],
  [/unable to open/i, 'is its folder still there, and may this user write to it?', false],
  [/malformed|not a database/i, 'it is damaged: put a copy in its place', false],
];

/** An error of SQLite as a StoreError where it is about the database, not about the statement. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error;
  const { message } = error;
  const trouble = TROUBLES.find(([pattern]) => pattern.test(message));
  if (trouble === undefined || !isOfSqlite(error)) return error;
  return new StoreError(`the store cannot be used: ${message}`, trouble[1], trouble[2], { cause: error });
}

/** `node:sqlite` and `@photostructure/sqlite` mark their errors in ways of their own. */
function isOfSqlite(error: Error): boolean {
  const { code, sqliteCode } = error as { code?: unknown; sqliteCode?: unknown };
  return code === 'ERR_SQLITE_ERROR' || typeof sqliteCode === 'number';
}

/** Whether an error of SQLite says that another connection holds a lock. */
export function isBusy(error: unknown): boolean {
  return /\b(locked|busy)\b/i.test((error as Error).message);
}

/** Node's own SQLite where it is recent enough, else the package's, else Node's own whatever its version. */
async function loadSqlite(): Promise<SqliteModule> {
  const own = ownSqlite();
  if (own && isSound(process.versions.sqlite)) return own;
  try {
    return (await import('@photostructure/sqlite')) as SqliteModule;
  } catch (cause) {
    if (own) return own;
    throw new InvalidInput(`Node ${process.versions.node} has no SQLite, and @photostructure/sqlite is not installed`, {
      hint: 'npm install @photostructure/sqlite, or use Node 22.13 or later',
      cause,
    });
  }
}

function isSound(version: string | undefined): boolean {
  const parts = (version ?? '0').split('.').map(Number);
  const i = SOUND_SQLITE.findIndex((part, j) => (parts[j] ?? 0) !== part);
  return i < 0 || (parts[i] ?? 0) > SOUND_SQLITE[i];
}

/** Node 22 warns that the module is experimental, on the user's terminal: that one warning is kept from it. */
function ownSqlite(): SqliteModule | undefined {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!/SQLite is an experimental feature/.test(String(warning))) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule?.('node:sqlite') as SqliteModule | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
