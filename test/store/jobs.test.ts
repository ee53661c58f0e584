import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependenciesOf } from '../../src/store/dependencies.js';
import type { EntityKind, Job } from '../../src/store/entity.js';
import { openStore, type Store } from '../../src/store/store.js';
import { entity, withStore } from './helpers.js';

const OUTCOME = { facts: {}, computeTime: 1 };

/** Claim and finish. */
function complete(store: Store, id: string): void {
  const job = store.claim('test') as Job;
  expect(job.id).toBe(id);
  expect(store.finish(job, OUTCOME)).toBe(true);
}

describe('jobs', () => {
  it('are claimed oldest first, each by one runner, and their objects are INPROGRESS', () =>
    withStore((store) => {
      for (const id of ['b', 'a', 'c']) store.create(entity('DataSource', id));
      const jobs = ['r1', 'r2', 'r1', 'r2'].map((runner) => store.claim(runner));
      expect(jobs.map((job) => job?.id)).toEqual(['b', 'a', 'c', undefined]);
      expect(jobs[1]).toMatchObject({ kind: 'DataSource', runner: 'r2', attempt: 1 });
      expect(jobs[1]?.entity).toEqual(store.get('DataSource', 'a'));
      expect(store.get('DataSource', 'a')).toMatchObject({ status: 'INPROGRESS', startedAt: expect.any(Number) });
      expect(store.get('DataSource', 'a')?.finishedAt).toBeUndefined();
    }));

  it('end COMPLETED with results laid over the facts, all at once', () =>
    withStore((store) => {
      store.create(entity('MLModel', 'm', {}, { facts: { EndpointInfo: 1, SizeInBytes: 0 } }));
      const job = store.claim('r') as Job;
      expect(store.heartbeat(job, 'pass 3 of 10')).toBe(true);
      expect(store.get('MLModel', 'm')?.message).toBe('pass 3 of 10');
      expect(store.heartbeat(job)).toBe(true);
      expect(store.get('MLModel', 'm')?.message).toBe('pass 3 of 10');
      expect(store.finish(job, { facts: { SizeInBytes: 7 }, computeTime: 12.6 })).toBe(true);
      expect(store.get('MLModel', 'm')).toMatchObject({
        status: 'COMPLETED',
        message: undefined,
        facts: { EndpointInfo: 1, SizeInBytes: 7 },
        computeTime: 13,
        finishedAt: expect.any(Number),
      });
      expect(store.hasJobs()).toBe(false);
    }));

  it('end FAILED with a message of at most 10,240 characters', () =>
    withStore((store) => {
      store.create(entity('DataSource', 'd'));
      expect(store.fail(store.claim('r') as Job, `bad\0value ${'x'.repeat(20_000)}`)).toBe(true);
      const failed = store.get('DataSource', 'd');
      expect(failed).toMatchObject({ status: 'FAILED', finishedAt: expect.any(Number) });
      expect(failed?.message).toMatch(/^bad\ufffdvalue x+…$/);
      expect(failed?.message).toHaveLength(10_240);
      expect(failed?.computeTime).toBeUndefined();
    }));

  it('wait until all that they need is COMPLETED', () =>
    withStore((store) => {
      store.create(entity('BatchPrediction', 'early', { MLModelId: 'x', BatchPredictionDataSourceId: 'd' }));
      expect(store.claim('r')).toBeUndefined();
      expect(store.get('BatchPrediction', 'early')?.status).toBe('FAILED');

      store.create(entity('DataSource', 'd'));
      store.create(entity('MLModel', 'm', { TrainingDataSourceId: 'd' }));
      store.create(entity('Evaluation', 'e', { MLModelId: 'm', EvaluationDataSourceId: 'd2' }));
      store.create(entity('DataSource', 'd3'));
      complete(store, 'd');
      complete(store, 'm');
      complete(store, 'd3');
      expect(store.claim('r')).toBeUndefined();
      expect(store.get('Evaluation', 'e')?.message).toMatch(/data source 'd2', which does not exist/);

      store.create(entity('DataSource', 'd4'));
      store.create(entity('Evaluation', 'e2', { MLModelId: 'm', EvaluationDataSourceId: 'd4' }));
      const running = store.claim('r') as Job;
      expect(store.claim('r')).toBeUndefined();
      store.release(running);
      complete(store, 'd4');
      complete(store, 'e2');
    }));

  it('wait for an object that was created after them', () =>
    withStore((store) => {
      store.create(entity('MLModel', 'm', { TrainingDataSourceId: 'd' }));
      store.create(entity('DataSource', 'd'));
      complete(store, 'd');
      complete(store, 'm');
    }));

  it('fail, naming what they need, when it failed or was deleted', () =>
    withStore((store) => {
      for (const id of ['d1', 'd2']) {
        store.create(entity('DataSource', id));
        store.create(entity('MLModel', `m-${id}`, { TrainingDataSourceId: id }));
        store.create(entity('Evaluation', `e-${id}`, { MLModelId: `m-${id}`, EvaluationDataSourceId: id }));
      }
      store.fail(store.claim('r') as Job, 'line 7: no such file');
      store.remove('DataSource', 'd2');
      expect(store.claim('r')).toBeUndefined();
      expect(store.get('MLModel', 'm-d1')?.message).toMatch(
        /^it needs data source 'd1', which failed: line 7: no such/,
      );
      expect(store.get('MLModel', 'm-d2')?.message).toMatch(/^it needs data source 'd2', which was deleted/);
      expect(store.get('Evaluation', 'e-d1')?.message).toMatch(
        /^it needs ML model 'm-d1', which failed: it needs data/,
      );
      for (const id of ['e-d1', 'e-d2']) expect(store.get('Evaluation', id)?.status).toBe('FAILED');
      expect(store.hasJobs()).toBe(false);
    }));

  it('are handed back without counting the attempt, and an old claim does nothing more', () =>
    withStore((store) => {
      store.create(entity('DataSource', 'd'));
      const first = store.claim('r') as Job;
      store.heartbeat(first, 'half way');
      expect(store.release(first)).toBe(true);
      expect(store.get('DataSource', 'd')).toMatchObject({ status: 'PENDING', message: undefined });
      expect(store.get('DataSource', 'd')?.startedAt).toBeUndefined();
      const second = store.claim('r') as Job;
      expect(second.attempt).toBe(1);
      expect(store.heartbeat(first, 'ghost')).toBe(false);
      expect(store.finish(first, OUTCOME)).toBe(false);
      expect(store.fail(first, 'ghost')).toBe(false);
      expect(store.release(first)).toBe(false);
      expect(store.get('DataSource', 'd')).toEqual(second.entity);
      expect(store.finish(second, OUTCOME)).toBe(true);
    }));

  it('are cancelled when their object is deleted', () =>
    withStore((store) => {
      store.create(entity('DataSource', 'd'));
      const job = store.claim('r') as Job;
      store.remove('DataSource', 'd');
      expect(store.heartbeat(job)).toBe(false);
      expect(store.finish(job, OUTCOME)).toBe(false);
      expect(store.get('DataSource', 'd')?.status).toBe('DELETED');
      expect(store.hasJobs()).toBe(false);
    }));

  it('are taken from a runner after 15 s without a heartbeat, and fail after the third attempt', () =>
    withStore((store) => {
      store.create(entity('DataSource', 'd'));
      for (const attempt of [1, 2, 3]) {
        const job = store.claim(`r${attempt}`) as Job;
        expect(job.attempt).toBe(attempt);
        expect(store.recover(Date.now() + 14_000)).toBe(0);
        expect(store.recover(Date.now() + 15_100)).toBe(1);
        expect(store.heartbeat(job)).toBe(false);
        expect(store.get('DataSource', 'd')?.status).toBe(attempt < 3 ? 'PENDING' : 'FAILED');
      }
      expect(store.get('DataSource', 'd')?.message).toMatch(/begun 3 times and cut off each time.*runner\.log/);
      expect(store.hasJobs()).toBe(false);
      expect(store.recover()).toBe(0);
    }));

  it('are taken back too when the clock was set back under a dead runner', () =>
    withStore((store) => {
      store.create(entity('DataSource', 'd'));
      store.claim('r');
      expect(store.recover(Date.now() - 3_600_000)).toBe(1);
    }));
});

const KINDS: readonly EntityKind[] = ['DataSource', 'MLModel', 'Evaluation', 'BatchPrediction'];
const id = fc.constantFrom('1', '2', '3');
const step = fc.oneof(
  fc.record({ do: fc.constant('create' as const), kind: fc.constantFrom(...KINDS), id, model: id, data: id }),
  fc.record({ do: fc.constant('remove' as const), kind: fc.constantFrom(...KINDS), id }),
  fc.record({
    do: fc.constantFrom('claim', 'claim', 'finish', 'finish', 'fail', 'release', 'recover', 'beat' as const),
    pick: fc.nat(3),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const requestOf = (kind: EntityKind, model: string, data: string) =>
  ({
    DataSource: {},
    MLModel: { TrainingDataSourceId: data },
    Evaluation: { MLModelId: model, EvaluationDataSourceId: data },
    BatchPrediction: { MLModelId: model, BatchPredictionDataSourceId: data },
  })[kind];

/** Jobs in memory: who holds which claim. */
class Claims {
  readonly held: Job[] = [];
  readonly ended: Job[] = [];

  constructor(private readonly store: Store) {}

  take(step: Step): void {
    const { store, held } = this;
    if (step.do === 'create') {
      store.create(entity(step.kind, step.id, requestOf(step.kind, step.model, step.data)));
    } else if (step.do === 'remove') {
      store.remove(step.kind, step.id);
      this.end(held.filter((job) => job.kind === step.kind && job.id === step.id));
    } else if (step.do === 'claim') this.claim();
    else if (step.do === 'recover') {
      expect(store.recover(Date.now() + 60_000)).toBe(held.length);
      this.end([...held]);
    } else if (held.length > 0) this.use(step.do, held[step.pick % held.length]);
    for (const job of this.ended) expect(store.heartbeat(job)).toBe(false);
  }

  claim(): Job | undefined {
    const job = this.store.claim('runner');
    if (!job) return undefined;
    expect(this.held.some(({ kind, id }) => kind === job.kind && id === job.id)).toBe(false);
    for (const { kind, id } of dependenciesOf(job.kind, job.entity.request)) {
      expect(this.store.get(kind, id)?.status).toBe('COMPLETED');
    }
    this.held.push(job);
    return job;
  }

  private use(what: string, job: Job): void {
    const { store } = this;
    if (what === 'beat') expect(store.heartbeat(job, 'alive')).toBe(true);
    else {
      if (what === 'finish') expect(store.finish(job, OUTCOME)).toBe(true);
      else expect(what === 'fail' ? store.fail(job, 'no') : store.release(job)).toBe(true);
      this.end([job]);
    }
  }

  private end(jobs: readonly Job[]): void {
    for (const job of jobs) this.held.splice(this.held.indexOf(job), 1);
    this.ended.push(...jobs);
  }
}

describe('any course of events', () => {
  it('leaves no job stuck: those not held can be claimed until none is left, and every object ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) =>
        withStore((store) => {
          const claims = new Claims(store);
          for (const one of steps) claims.take(one);
          for (const job of claims.held) store.finish(job, OUTCOME);
          claims.held.length = 0;
          for (let job = claims.claim(); job; job = claims.claim()) store.finish(job, OUTCOME);
          expect(store.hasJobs()).toBe(false);
          for (const kind of KINDS) {
            for (const { status, message } of store.describe(kind, { limit: 100 }).entities) {
              expect(['COMPLETED', 'FAILED', 'DELETED']).toContain(status);
              if (status === 'FAILED') expect(message).toBeTruthy();
            }
          }
        }),
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('the lease', () => {
  it('belongs to one runner, and is left only when no job is left', () =>
    withStore(async (store, home) => {
      const other = await openStore(home);
      expect(store.hasRunner()).toBe(false);
      expect(store.takeLease('r1')).toBe(true);
      expect(store.takeLease('r1')).toBe(true);
      expect(other.takeLease('r2')).toBe(false);
      expect(other.hasRunner()).toBe(true);
      store.create(entity('DataSource', 'd'));
      expect(store.leaveLease('r1', true)).toBe(false);
      complete(store, 'd');
      expect(other.leaveLease('r2', true)).toBe(false);
      expect(store.leaveLease('r1', true)).toBe(true);
      expect(other.hasRunner()).toBe(false);
      expect(other.takeLease('r2')).toBe(true);
      other.close();
    }));
});
