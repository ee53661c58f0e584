import { type Database, openDatabase, type Row, type SqlValue, type Statement, storeError } from './sqlite.js';

/** One connection: statements prepared once, and transactions that nest. Methods throw StoreError. */
export class Connection {
  private readonly statements = new Map<string, Statement>();
  private depth = 0;

  private constructor(private readonly database: Database) {}

  static async open(path: string): Promise<Connection> {
    return new Connection(await openDatabase(path));
  }

  exec(sql: string): void {
    explained(() => this.database.exec(sql));
  }

  /** @returns how many rows it changed */
  run(sql: string, ...parameters: SqlValue[]): number {
    return Number(explained(() => this.prepare(sql).run(...parameters)).changes);
  }

  /** @returns the rowid that it inserted */
  insert(sql: string, ...parameters: SqlValue[]): number {
    return Number(explained(() => this.prepare(sql).run(...parameters)).lastInsertRowid);
  }

  get(sql: string, ...parameters: SqlValue[]): Row | undefined {
    return explained(() => this.prepare(sql).get(...parameters));
  }

  all(sql: string, ...parameters: SqlValue[]): Row[] {
    return explained(() => this.prepare(sql).all(...parameters));
  }

  /** `write` takes the write lock at the start, so that what was read in it cannot have changed; `read` sees one state. */
  transaction<T>(mode: 'read' | 'write', body: () => T): T {
    if (this.depth > 0) return body();
    this.exec(mode === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    this.depth++;
    try {
      const result = body();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    } finally {
      this.depth--;
    }
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  /** SQLite itself rolls back after some errors, such as a full disk: then there is nothing left to do. */
  private rollBack(): void {
    try {
      this.database.exec('ROLLBACK');
    } catch {}
  }

  private prepare(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

/** @throws StoreError in place of SQLite's errors about the database */
function explained<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw storeError(error);
  }
}
