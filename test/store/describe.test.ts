import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Entity, EntityKind } from '../../src/store/entity.js';
import { openStore, type Query, type Store } from '../../src/store/store.js';
import { entity, withStore } from './helpers.js';

/** Texts that sort otherwise by UTF-16 code units than by code points, and prefixes at the ends of ranges. */
const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'abc',
  'b',
  'é',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  '😀a',
  '\u{10ffff}',
  '\u{10ffff}\u{10ffff}',
] as const;
const text = fc.constantFrom(...TEXTS);
const status = fc.constantFrom('PENDING', 'FAILED', 'DELETED');
const VARIABLES: Readonly<Record<EntityKind, readonly string[]>> = {
  DataSource: ['IAMUser', 'DataLocationS3'],
  MLModel: ['IAMUser', 'TrainingDataSourceId', 'RealtimeEndpointStatus', 'MLModelType', 'Algorithm', 'TrainingDataURI'],
  Evaluation: ['IAMUser', 'MLModelId', 'DataSourceId', 'DataURI'],
  BatchPrediction: ['IAMUser', 'MLModelId', 'DataSourceId', 'DataURI'],
};
const TIMES = ['CreatedAt', 'LastUpdatedAt'];
const COMPARATORS = ['EQ', 'GT', 'LT', 'GE', 'LE', 'NE', 'Prefix'] as const;

interface Made {
  readonly name: string | undefined;
  readonly at: number;
  readonly status: string;
  readonly values: readonly string[];
}

const made: fc.Arbitrary<Made> = fc.record({
  name: fc.option(text, { nil: undefined }),
  at: fc.integer({ min: 1_500_000_000_000, max: 1_500_000_000_004 }),
  status,
  values: fc.array(text, { minLength: 6, maxLength: 6 }),
});

/** Create one object and bring it to its status. */
function make(store: Store, kind: EntityKind, id: string, { name, at, status, values }: Made): void {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(at);
  try {
    const filters = Object.fromEntries(VARIABLES[kind].map((variable, i) => [variable, values[i]]));
    store.create(entity(kind, id, {}, { name, filters }));
    if (status === 'FAILED') store.fail(store.claim('test') as never, 'no');
    clock.mockReturnValue(at + 2);
    if (status === 'DELETED') store.remove(kind, id);
  } finally {
    clock.mockRestore();
  }
}

const codePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

interface Listed {
  readonly entity: Entity;
  readonly values: Readonly<Record<string, string | number>>;
}

/** The list by plain sorting, of objects in order of creation. */
function expected(listed: readonly Listed[], query: Query): string[] {
  const variable = query.filterVariable ?? 'CreatedAt';
  const isTime = TIMES.includes(variable);
  const order = (a: string | number, b: string | number): number =>
    isTime ? Number(a) - Number(b) : codePoints(String(a), String(b));
  const passes = (value: string | number): boolean => {
    const wanted = isTime ? Number(query.value) * 1000 : String(query.value);
    const sign = order(value, isTime ? Math.round(Number(wanted)) : wanted);
    switch (query.comparator) {
      case undefined:
        return true;
      case 'EQ':
        return sign === 0;
      case 'NE':
        return sign !== 0;
      case 'GT':
        return sign > 0;
      case 'GE':
        return sign >= 0;
      case 'LT':
        return sign < 0;
      case 'LE':
        return sign <= 0;
      case 'Prefix':
        return String(value).startsWith(String(wanted));
    }
  };
  const present = listed.filter(({ entity }) => !query.withoutDeleted || entity.status !== 'DELETED');
  const kept = present.filter(({ values }) => passes(values[variable]));
  const sorted = kept.toSorted((a, b) => order(a.values[variable], b.values[variable]));
  if (query.sortOrder === 'dsc') sorted.reverse();
  return sorted.map(({ entity }) => entity.id);
}

/** All pages, and their tokens. */
function pages(store: Store, kind: EntityKind, query: Query): { ids: string[]; tokens: string[]; sizes: number[] } {
  const [ids, tokens, sizes]: [string[], string[], number[]] = [[], [], []];
  let token: string | undefined;
  do {
    const page = store.describe(kind, { ...query, token });
    ids.push(...page.entities.map(({ id }) => id));
    sizes.push(page.entities.length);
    token = page.nextToken;
    if (token !== undefined) tokens.push(token);
  } while (token !== undefined && tokens.length < 1000);
  return { ids, tokens, sizes };
}

const kindOf = fc.constantFrom<EntityKind>('DataSource', 'MLModel', 'Evaluation', 'BatchPrediction');

const query = (kind: EntityKind): fc.Arbitrary<Query> =>
  fc
    .record({
      filterVariable: fc.constantFrom(undefined, ...TIMES, 'Status', 'Name', ...VARIABLES[kind]),
      comparator: fc.constantFrom(undefined, ...COMPARATORS),
      sortOrder: fc.constantFrom(undefined, 'asc' as const, 'dsc' as const),
      withoutDeleted: fc.constantFrom(undefined, true),
      limit: fc.integer({ min: 1, max: 7 }),
      text: fc.oneof(text, status, fc.constant('P')),
      time: fc.integer({ min: 1_499_999_999_999, max: 1_500_000_000_007 }),
    })
    .map(({ text, time, comparator, ...rest }) => {
      const isTime = TIMES.includes(rest.filterVariable ?? 'CreatedAt');
      if (comparator === undefined) return rest;
      const fitting = isTime && comparator === 'Prefix' ? 'GE' : comparator;
      return { ...rest, comparator: fitting, value: isTime ? (time / 1000).toFixed(3) : text };
    });

describe('describe', () => {
  it('lists what a plain sort and filter of all objects lists, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        kindOf.chain((kind) =>
          fc.tuple(
            fc.constant(kind),
            fc.array(made, { maxLength: 25 }),
            fc.array(query(kind), { minLength: 25, maxLength: 25 }),
          ),
        ),
        ([kind, all, queries]) =>
          withStore((store) => {
            store.transaction(() => {
              for (const [i, one] of all.entries()) make(store, kind, `e${i}`, one);
              store.create(entity(kind === 'MLModel' ? 'DataSource' : 'MLModel', 'other kind'));
            });
            const listed = all.map((one, i) => {
              const found = store.get(kind, `e${i}`) as Entity;
              const texts = Object.fromEntries(VARIABLES[kind].map((variable, j) => [variable, one.values[j]]));
              const { createdAt: CreatedAt, lastUpdatedAt: LastUpdatedAt, status: Status } = found;
              return { entity: found, values: { ...texts, CreatedAt, LastUpdatedAt, Status, Name: one.name ?? '' } };
            });
            for (const one of queries) {
              const { ids, tokens, sizes } = pages(store, kind, one);
              const wanted = expected(listed, one);
              expect(ids, JSON.stringify(one)).toEqual(wanted);
              expect(new Set(tokens).size).toBe(tokens.length);
              expect(tokens).toHaveLength(Math.max(0, Math.ceil(wanted.length / one.limit) - 1));
              expect(sizes.slice(0, -1).every((size) => size === one.limit)).toBe(true);
            }
          }),
      ),
      { numRuns: 30 },
    );
  }, 60_000);

  it('finds every prefix of every text, at the edges of the code points too', () =>
    withStore((store) => {
      for (const [i, name] of TEXTS.entries()) store.create(entity('MLModel', `e${i}`, {}, { name }));
      for (const prefix of TEXTS) {
        const query = { filterVariable: 'Name', comparator: 'Prefix', value: prefix, limit: 100 } as const;
        const names = store.describe('MLModel', query).entities.map(({ name }) => name);
        const wanted = TEXTS.filter((name) => name.startsWith(prefix)).toSorted(codePoints);
        expect(names, JSON.stringify(prefix)).toEqual(wanted);
      }
    }));

  it('gives every object of the start once while others are created between its pages', () =>
    withStore((store) => {
      for (let i = 0; i < 30; i++) store.create(entity('DataSource', `old${i}`, {}, { name: `n${i % 3}` }));
      for (const sortOrder of ['asc', 'dsc'] as const) {
        const seen: string[] = [];
        let token: string | undefined;
        let page = 0;
        do {
          const found = store.describe('DataSource', { filterVariable: 'Name', sortOrder, limit: 4, token });
          seen.push(...found.entities.map(({ id }) => id));
          token = found.nextToken;
          for (let i = 0; i < 3; i++) {
            store.create(entity('DataSource', `new-${sortOrder}-${page}-${i}`, {}, { name: `n${i}` }));
          }
        } while (token !== undefined && ++page < 60);
        expect(page).toBeLessThan(60);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((id) => id.startsWith('old')).toSorted()).toEqual(
          Array.from({ length: 30 }, (_, i) => `old${i}`).toSorted(),
        );
      }
    }));

  it('takes times as seconds, as milliseconds and as ISO 8601', () =>
    withStore((store) => {
      for (const [i, at] of [1486834110482, 1486834110483, 1486834110484].entries()) {
        make(store, 'DataSource', `e${i}`, { name: undefined, at, status: 'PENDING', values: ['', ''] });
      }
      const values = ['1486834110.483', '1486834110483', '2017-02-11T17:28:30.483Z', '2017-02-11 17:28:30.483'];
      for (const value of [...values, '2017-02-11T18:28:30.483+01:00', '2017-02-11T17:28:30.483000+00:00']) {
        const found = store.describe('DataSource', { filterVariable: 'CreatedAt', comparator: 'EQ', value, limit: 9 });
        expect(
          found.entities.map(({ id }) => id),
          value,
        ).toEqual(['e1']);
      }
      const since = { filterVariable: 'CreatedAt', comparator: 'GE', value: '2017-02-11', limit: 9 } as const;
      expect(store.describe('DataSource', since).entities).toHaveLength(3);
      expect(store.describe('DataSource', { ...since, value: '2017-02-12' }).entities).toHaveLength(0);
    }));

  it.each([
    [{ filterVariable: 'CreatedAt', comparator: 'EQ', value: 'yesterday' }, /CreatedAt: not a time: "yesterday"/],
    [{ filterVariable: 'CreatedAt', comparator: 'LT', value: '' }, /CreatedAt: not a time: ""/],
    [
      { filterVariable: 'LastUpdatedAt', comparator: 'LT', value: '2017-13-45' },
      /LastUpdatedAt: not a time: "2017-13-45"/,
    ],
    [{ filterVariable: 'CreatedAt', comparator: 'Prefix', value: '14' }, /Prefix: CreatedAt is a time/],
    [{ filterVariable: 'MLModelType' }, /FilterVariable: no such variable: "MLModelType"/],
    [{ filterVariable: 'toString' }, /FilterVariable: no such variable: "toString"/],
    [{ filterVariable: 'Name', comparator: 'EQ', value: 'a\0' }, /Name "a\\u0000" holds a NUL character/],
  ] as const)('refuses %j', (query, message) =>
    withStore((store) => {
      expect(() => store.describe('DataSource', { ...query, limit: 9 })).toThrow(message);
    }),
  );
});

describe('page tokens', () => {
  const first = { filterVariable: 'Name', comparator: 'GE', value: 'a', sortOrder: 'asc', limit: 2 } as const;
  const filled = (store: Store): string => {
    for (let i = 0; i < 9; i++) {
      for (const kind of ['DataSource', 'MLModel'] as const) store.create(entity(kind, `e${i}`, {}, { name: `n${i}` }));
    }
    return store.describe('DataSource', first).nextToken as string;
  };

  it('go on with another page size', () =>
    withStore((store) => {
      const token = filled(store);
      const rest = store.describe('DataSource', { ...first, limit: 100, token }).entities.map(({ id }) => id);
      expect(rest).toEqual(['e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8']);
    }));

  it('are refused by every other query', () =>
    withStore((store) => {
      const token = filled(store);
      const others = [
        { value: 'b' },
        { comparator: 'GT' },
        { sortOrder: 'dsc' },
        { filterVariable: 'Status' },
      ] as const;
      for (const other of others) {
        expect(() => store.describe('DataSource', { ...first, ...other, token })).toThrow(/comes from another query/);
      }
      expect(() => store.describe('MLModel', { ...first, token })).toThrow(/comes from another query/);
    }));

  it('are refused by every other store', () =>
    withStore((store, home) => {
      const token = filled(store);
      return openStore(`${home}/other`).then((other) => {
        filled(other);
        expect(() => other.describe('DataSource', { ...first, token })).toThrow(/comes from another query/);
        other.close();
      });
    }));

  it('are refused when any character was changed, left out or added', () =>
    withStore((store) => {
      const token = filled(store);
      const damaged = ['', 'x', `${token}A`, `${token}=`, ` ${token}`, token.slice(1)];
      for (let i = 0; i < token.length; i++) {
        damaged.push(token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1), token.slice(0, i));
      }
      for (const one of damaged) {
        expect(() => store.describe('DataSource', { ...first, token: one }), one).toThrow(/token is damaged/);
      }
    }));
});
