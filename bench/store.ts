/**
 * Lists of a store with many objects: time of a page of 100, filtered and sorted, for every filter variable of every kind,
 * from the first page and from the middle of the list.
 *
 *     npm run bench:store [-- objects [kind]]
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityKind } from '../src/store/entity.js';
import { TEXT_VARIABLES } from '../src/store/filters.js';
import { type Comparator, openStore, type Query, type Store } from '../src/store/store.js';
import { randomIntegers } from '../src/training/shuffle.js';

const ALL_KINDS: readonly EntityKind[] = ['DataSource', 'MLModel', 'Evaluation', 'BatchPrediction'];
const KINDS = ALL_KINDS.filter((kind) => (process.argv[3] ?? kind) === kind);
const COMPARATORS: readonly (Comparator | undefined)[] = [undefined, 'EQ', 'GT', 'LT', 'GE', 'LE', 'NE', 'Prefix'];
const REPETITIONS = 5;
const LIMIT = 100;
const RECIPE = JSON.stringify({ outputs: Array.from({ length: 40 }, (_, i) => `quantile_bin(x${i},'50')`) });

const integers = randomIntegers(1);

/** A value of a filter variable: few different ones for words of the service, many for ids and addresses. */
function sampleOf(variable: string): string {
  if (variable === 'RealtimeEndpointStatus') return ['NONE', 'NONE', 'NONE', 'READY'][integers(4)];
  if (variable === 'MLModelType') return ['BINARY', 'MULTICLASS', 'REGRESSION'][integers(3)];
  if (variable === 'Algorithm') return 'sgd';
  if (variable === 'IAMUser') return `arn:aws:iam::123456789012:user/user${integers(5)}`;
  return variable.endsWith('Id')
    ? `id-${integers(5000)}`
    : `s3://bucket/folder${integers(50)}/data-${integers(5000)}.csv`;
}

function fill(store: Store, count: number): void {
  store.transaction(() => {
    for (let i = 0; i < count; i++) {
      const kind = KINDS[i % KINDS.length];
      const filters = Object.fromEntries(TEXT_VARIABLES[kind].map((variable) => [variable, sampleOf(variable)]));
      const name = `name ${integers(2000)}`;
      const request = kind === 'MLModel' ? { Recipe: RECIPE, MLModelType: filters.MLModelType } : { filters };
      store.create({ kind, id: `id-${i}`, name, request, fingerprint: String(i), filters });
      if (i % 100 === 99) endSome(store);
    }
  });
}

/** Most objects of a store that has been used for long are COMPLETED. */
function endSome(store: Store): void {
  for (let job = store.claim('bench'); job; job = store.claim('bench')) {
    if (integers(10) === 0) store.fail(job, 'no such file');
    else store.finish(job, { facts: { SizeInBytes: 1000 }, computeTime: 10 });
    if (integers(20) === 0) store.remove(job.kind, job.id);
  }
}

/** A token that leads into the middle of a list of at most `count` objects. */
function middle(store: Store, kind: EntityKind, query: Query, count: number): string | undefined {
  let token: string | undefined;
  const pages = Math.floor(count / 2 / 5000);
  for (let i = 0; i < pages; i++) {
    const { nextToken } = store.describe(kind, { ...query, limit: 5000, token });
    if (nextToken === undefined) break;
    token = nextToken;
  }
  return token;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function timePage(store: Store, kind: EntityKind, query: Query): number {
  const times = Array.from({ length: REPETITIONS }, () => {
    const began = performance.now();
    store.describe(kind, query);
    return performance.now() - began;
  });
  return median(times);
}

const count = Number(process.argv[2] ?? 100_000);
const folder = await mkdtemp(join(tmpdir(), 'bench-store-'));
try {
  const store = await openStore(folder);
  const began = performance.now();
  fill(store, count);
  const seconds = (performance.now() - began) / 1000;
  const megabytes = (await stat(join(folder, 'store.sqlite'))).size / 1e6;
  console.log(
    `${cpus()[0].model.trim()}, Node ${process.version}, ${count} objects of ${KINDS.join(', ')} in ${seconds.toFixed(0)} s`,
  );
  console.log(`${megabytes.toFixed(0)} MB\n`);
  const listed = store.describe('MLModel', {
    filterVariable: 'Name',
    comparator: 'Prefix',
    value: 'name 1',
    limit: 1e6,
  });
  if (!listed.entities.every(({ name }) => name?.startsWith('name 1')) || listed.entities.length < count / 20) {
    throw new Error('wrong list');
  }

  console.log('page of 100, ms, median of 5: median over comparators and orders, and the slowest of them');
  let slowest = 0;
  for (const kind of KINDS) {
    for (const variable of ['CreatedAt', 'LastUpdatedAt', 'Status', 'Name', ...TEXT_VARIABLES[kind]]) {
      const isTime = variable.endsWith('At');
      const times: { ms: number; what: string }[] = [];
      for (const comparator of COMPARATORS) {
        if (isTime && comparator === 'Prefix') continue;
        const sample = variable === 'Status' ? 'COMPLETED' : variable === 'Name' ? 'name 1234' : sampleOf(variable);
        const text = comparator === 'Prefix' ? sample.slice(0, 6) : sample;
        const value = comparator && (isTime ? String((Date.now() - 500 * seconds) / 1000) : text);
        for (const sortOrder of ['asc', 'dsc'] as const) {
          const query = { filterVariable: variable, comparator, value, sortOrder, limit: LIMIT };
          times.push({ ms: timePage(store, kind, query), what: `${comparator ?? 'all'} ${sortOrder}` });
          const token = middle(store, kind, query, count / KINDS.length);
          if (token) {
            const ms = timePage(store, kind, { ...query, token });
            times.push({ ms, what: `${comparator ?? 'all'} ${sortOrder}, from the middle` });
          }
        }
      }
      const worst = times.reduce((a, b) => (a.ms > b.ms ? a : b));
      slowest = Math.max(slowest, worst.ms);
      const typical = median(times.map(({ ms }) => ms)).toFixed(2);
      console.log(
        `${kind.padEnd(16)} ${variable.padEnd(23)} ${typical.padStart(6)} ${worst.ms.toFixed(2).padStart(6)}  ${worst.what}`,
      );
    }
  }
  console.log(`\nslowest ${slowest.toFixed(2)} ms`);
  store.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
