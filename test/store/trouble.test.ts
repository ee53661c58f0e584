import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asServiceError } from '../../src/operations/errors.js';
import { Connection } from '../../src/store/connection.js';
import { StoreError } from '../../src/store/sqlite.js';
import { withStore } from './helpers.js';

/** What a body throws. */
function errorOf(body: () => void): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a store that cannot be used', () => {
  it('says that there is no room, and nothing of what was to be written is there', () =>
    withStore(async (_, home) => {
      const connection = await Connection.open(join(home, 'store.sqlite'));
      const { page_count: pages } = connection.get('PRAGMA page_count')!;
      connection.exec(`PRAGMA max_page_count = ${pages}`);
      const insert = (): number => connection.insert('INSERT INTO store (id) VALUES (?)', 'x'.repeat(100_000));
      const error = errorOf(() => connection.transaction('write', insert)) as StoreError;
      expect(error).toBeInstanceOf(StoreError);
      expect(error.passes).toBe(true);
      expect(asServiceError(error)).toMatchObject({
        code: 'InternalServerException',
        status: 500,
        message: 'the store cannot be used: database or disk is full. Hint: free some space on the disk',
      });
      expect(connection.get('SELECT count(*) AS count FROM store')).toEqual({ count: 1 });
      connection.close();
    }));

  it('says that it is locked, or may not be written to', () =>
    withStore(async (_, home) => {
      const [one, two] = [
        await Connection.open(join(home, 'store.sqlite')),
        await Connection.open(join(home, 'store.sqlite')),
      ];
      two.exec('PRAGMA busy_timeout = 10');
      const locked = one.transaction('write', () => errorOf(() => two.transaction('write', () => {})));
      expect(locked).toMatchObject({ name: 'StoreError', passes: true });
      two.exec('PRAGMA query_only = ON');
      const readOnly = errorOf(() => two.run("DELETE FROM lease WHERE runner = 'r'"));
      expect(readOnly).toMatchObject({ name: 'StoreError', passes: false });
      one.close();
      two.close();
    }));

  it('leaves errors in statements as they are', () =>
    withStore(async (_, home) => {
      const connection = await Connection.open(join(home, 'store.sqlite'));
      const error = errorOf(() => connection.run("INSERT INTO full_table VALUES ('locked')"));
      expect(error).not.toBeInstanceOf(StoreError);
      expect(asServiceError(error)).toBe(error);
      connection.close();
    }));
});
