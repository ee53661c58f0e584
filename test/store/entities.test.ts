import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Connection } from '../../src/store/connection.js';
import { openStore } from '../../src/store/store.js';
import { entity, withStore } from './helpers.js';

describe('objects', () => {
  it('come back as they were created, PENDING', () =>
    withStore((store) => {
      const before = Date.now();
      const request = { Parameters: { 'sgd.maxPasses': '10' }, Recipe: 'tab\t\u0000 😀 "quoted"' };
      expect(store.create(entity('MLModel', 'ml-1', request, { name: 'ein Näme 😀', facts: { A: 1 } }))).toBe(
        'created',
      );
      const found = store.get('MLModel', 'ml-1');
      expect(found).toEqual({
        kind: 'MLModel',
        id: 'ml-1',
        name: 'ein Näme 😀',
        status: 'PENDING',
        message: undefined,
        request,
        facts: { A: 1 },
        createdAt: found?.lastUpdatedAt,
        lastUpdatedAt: expect.any(Number),
      });
      expect(found?.createdAt).toBeGreaterThanOrEqual(before);
      expect(found?.createdAt).toBeLessThanOrEqual(Date.now());
      expect(store.get('DataSource', 'ml-1')).toBeUndefined();
      expect(store.get('MLModel', 'ml-2')).toBeUndefined();
    }));

  it('tell an empty name from none', () =>
    withStore((store) => {
      store.create(entity('DataSource', 'a', {}, { name: '' }));
      store.create(entity('DataSource', 'b'));
      expect(store.get('DataSource', 'a')?.name).toBe('');
      expect(store.get('DataSource', 'b')?.name).toBeUndefined();
    }));

  it('are created once: an equal call is the same, another is different, per kind', () =>
    withStore((store) => {
      const first = entity('DataSource', 'x', { a: 1 }, { fingerprint: 'one' });
      expect(store.create(first)).toBe('created');
      const created = store.get('DataSource', 'x');
      expect(store.create(first)).toBe('same');
      expect(store.create({ ...first, fingerprint: 'two', request: { a: 2 } })).toBe('different');
      expect(store.get('DataSource', 'x')).toEqual(created);
      expect(store.create({ ...first, kind: 'Evaluation' })).toBe('created');
      store.rename('DataSource', 'x', 'another name');
      expect(store.create(first)).toBe('same');
    }));

  it('keep their id when deleted, are still there, and change no more', () =>
    withStore((store) => {
      const model = entity('MLModel', 'm', { a: 1 }, { name: 'n', facts: { SizeInBytes: 5 } });
      store.create(model);
      expect(store.remove('MLModel', 'm')).toBe(true);
      expect(store.get('MLModel', 'm')).toMatchObject({ status: 'DELETED', name: 'n', facts: { SizeInBytes: 5 } });
      expect(store.create(model)).toBe('different');
      expect(store.remove('MLModel', 'm')).toBe(false);
      expect(store.rename('MLModel', 'm', 'other')).toBe(false);
      expect(store.setFacts('MLModel', 'm', { SizeInBytes: 6 })).toBe(false);
      expect(store.get('MLModel', 'm')).toMatchObject({ status: 'DELETED', name: 'n', facts: { SizeInBytes: 5 } });
      expect(store.remove('MLModel', 'never')).toBe(false);
    }));

  it('take new names and facts, and say when', () =>
    withStore((store) => {
      const clock = vi.spyOn(Date, 'now').mockReturnValue(1_000);
      try {
        store.create(
          entity('MLModel', 'm', {}, { facts: { A: 1, B: 2 }, filters: { RealtimeEndpointStatus: 'NONE' } }),
        );
        clock.mockReturnValue(2_000);
        expect(store.rename('MLModel', 'm', 'new')).toBe(true);
        expect(store.get('MLModel', 'm')).toMatchObject({ name: 'new', createdAt: 1_000, lastUpdatedAt: 2_000 });
        clock.mockReturnValue(3_000);
        expect(store.setFacts('MLModel', 'm', { B: undefined, C: 3 }, { RealtimeEndpointStatus: 'READY' })).toBe(true);
        expect(store.get('MLModel', 'm')).toMatchObject({ facts: { A: 1, C: 3 }, lastUpdatedAt: 3_000 });
        expect(store.get('MLModel', 'm')?.facts).not.toHaveProperty('B');
      } finally {
        clock.mockRestore();
      }
      const ready = { filterVariable: 'RealtimeEndpointStatus', comparator: 'EQ', value: 'READY', limit: 9 } as const;
      expect(store.describe('MLModel', ready).entities).toHaveLength(1);
      expect(store.describe('MLModel', { ...ready, value: 'NONE' }).entities).toHaveLength(0);
    }));

  it.each([
    ['a NUL character', 'a\0b', /name "a\\u0000b" holds a NUL character/],
    ['half of a surrogate pair', 'a\ud800b', /name "a\\ud800b" holds half of a surrogate pair/],
  ])('refuse names with %s, which would not come back', (_, name, message) =>
    withStore((store) => {
      expect(() => store.create(entity('DataSource', 'd', {}, { name }))).toThrow(message);
      store.create(entity('DataSource', 'd'));
      expect(() => store.rename('DataSource', 'd', name)).toThrow(message);
    }),
  );
});

describe('tags', () => {
  it('are added, replaced and removed, in the order of their first addition', () =>
    withStore((store) => {
      store.create(entity('MLModel', 'm'));
      store.putTags('MLModel', 'm', [
        { key: 'b', value: '1' },
        { key: 'a', value: null },
      ]);
      store.putTags('MLModel', 'm', [
        { key: 'c', value: '' },
        { key: 'b', value: '2' },
      ]);
      expect(store.tags('MLModel', 'm')).toStrictEqual([
        { key: 'b', value: '2' },
        { key: 'a', value: null },
        { key: 'c', value: '' },
      ]);
      store.removeTags('MLModel', 'm', ['a', 'never']);
      expect(store.tags('MLModel', 'm').map(({ key }) => key)).toEqual(['b', 'c']);
      expect(store.tags('DataSource', 'm')).toEqual([]);
    }));
});

describe('a store', () => {
  it('keeps everything when it is closed and opened again', () =>
    withStore(async (store, home) => {
      store.create(entity('DataSource', 'd', { a: 1 }, { name: 'n' }));
      store.putTags('DataSource', 'd', [{ key: 'k', value: 'v' }]);
      const again = await openStore(home);
      expect(again.get('DataSource', 'd')).toEqual(store.get('DataSource', 'd'));
      expect(again.tags('DataSource', 'd')).toEqual([{ key: 'k', value: 'v' }]);
      expect(again.hasJobs()).toBe(true);
      again.close();
    }));

  it('takes back a transaction that throws', () =>
    withStore((store) => {
      store.create(entity('DataSource', 'old', {}, { name: 'before' }));
      const attempt = () =>
        store.transaction(() => {
          store.create(entity('DataSource', 'new'));
          store.rename('DataSource', 'old', 'after');
          throw new Error('no');
        });
      expect(attempt).toThrow('no');
      expect(store.get('DataSource', 'new')).toBeUndefined();
      expect(store.get('DataSource', 'old')?.name).toBe('before');
      expect(store.create(entity('DataSource', 'new'))).toBe('created');
    }));

  it('shows by its data version that another connection changed it', () =>
    withStore(async (store, home) => {
      const other = await openStore(home);
      const before = store.dataVersion();
      expect(store.dataVersion()).toBe(before);
      other.create(entity('DataSource', 'd'));
      expect(store.dataVersion()).not.toBe(before);
      other.close();
    }));

  it('refuses a file that is no database, naming it', () =>
    withStore(async (_, home) => {
      const other = join(home, 'other');
      mkdirSync(other);
      writeFileSync(join(other, 'store.sqlite'), 'this is not a database, and it is long enough to tell'.repeat(40));
      await expect(openStore(other)).rejects.toThrow(
        /other\/store\.sqlite: cannot be used as a store: .*not a database/,
      );
    }));

  it('refuses a store of a newer version', () =>
    withStore(async (_, home) => {
      const other = join(home, 'other');
      (await openStore(other)).close();
      const connection = await Connection.open(join(other, 'store.sqlite'));
      connection.exec('PRAGMA user_version = 99');
      connection.close();
      await expect(openStore(other)).rejects.toThrow(/made by a newer version of create-ml-model \(schema 99/);
    }));

  it('refuses a home that is a file', () =>
    withStore(async (_, home) => {
      await expect(openStore(join(home, 'store.sqlite'))).rejects.toThrow(/store\.sqlite: the folder cannot be made/);
    }));
});
