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
