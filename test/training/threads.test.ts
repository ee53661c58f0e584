import { describe, expect, it } from 'vitest';
import { openThreads } from '../../src/threads/pool.js';
import { trainModelIn } from '../../src/train-model.js';
import type { Parameters } from '../../src/training/options.js';
import type { ThreadsInput } from '../../src/training/pool.js';
import type { Shard } from '../../src/training/shards.js';
import { eager, environmentWith, makeRows, modelFile, RECIPES, schemaOf, TARGETS, type Target } from './helpers.js';

/** An abort is heeded within a second; on a busy machine of two cores, within some. */
const ABORTED_MS = 10_000;

const rows = makeRows(20_500);

describe('threads', { timeout: 60_000 }, () => {
  let shuffled = false;
  for (const target of Object.keys(TARGETS) as Target[]) {
    for (const [form, recipe] of Object.entries(RECIPES)) {
      // Each type of model and form of rows with one of the shuffle types, and with row weights or not.
      shuffled = !shuffled;
      const shuffleType = shuffled ? 'auto' : 'none';
      const rowWeight = form === 'valued' ? null : 'w';
      it(`change no byte of the model: ${TARGETS[target]} target, ${form}, ${shuffleType}, ${rowWeight}`, async () => {
        const parameters = { 'sgd.maxPasses': 5, 'sgd.shuffleType': shuffleType };
        const options = { data: rows, schema: schemaOf(target, rowWeight), recipe, parameters };
        const expected = await modelFile({ ...options, threads: 1 });
        for (const threads of [2, 3, 8]) {
          let started = 0;
          const counting = environmentWith({
            leastThreadedBytes: 0,
            openThreads(input) {
              started = input.workspaces.length;
              return openThreads(input);
            },
          });
          expect((await modelFile({ ...options, threads }, counting)).equals(expected)).toBe(true);
          expect(started).toBe(threads);
        }
      });
    }
  }

  it('change no byte of a model whose features were pruned, or that has L1', async () => {
    const recipe = { outputs: ['colour', 'ngram(text,2)'] };
    const cases: Parameters[] = [
      { 'sgd.maxMLModelSizeInBytes': 100_000, 'sgd.maxPasses': 5 },
      { 'sgd.l1RegularizationAmount': 1e-4, 'sgd.maxPasses': 5 },
    ];
    for (const parameters of cases) {
      const options = { data: rows, schema: schemaOf('sold', null), recipe, parameters };
      const expected = await modelFile({ ...options, threads: 1 });
      expect((await modelFile({ ...options, threads: 3 })).equals(expected)).toBe(true);
    }
  });

  it('that fail, or die, are an error', async () => {
    const options = { data: rows, schema: schemaOf('sold', null), recipe: RECIPES.dense, threads: 2 };
    const failing = (change: (input: ThreadsInput) => ThreadsInput) =>
      trainModelIn(
        environmentWith({ leastThreadedBytes: 0, openThreads: (input) => openThreads(change(input)) }),
        options,
      );
    const nowhere = (shard: Shard): Shard => ({
      ...shard,
      segments: [{ rowCount: shard.rowCount, address: 2 ** 32 - 2 ** 21, offset: 0, stride: 0, bytes: 2 ** 20 }],
    });
    await expect(
      failing((input) => ({ ...input, plan: { ...input.plan, shards: input.plan.shards.map(nowhere) } })),
    ).rejects.toThrow(/out of bounds/);
    await expect(failing((input) => ({ ...input, memory: {} as WebAssembly.Memory }))).rejects.toThrow(/memory/i);
  });

  it('change no byte of a model of a single pass, which is one descent through all rows', async () => {
    const parameters = { 'sgd.maxPasses': 1 };
    const options = { data: makeRows(21_000), schema: schemaOf('kind', 'w'), recipe: RECIPES.valued, parameters };
    const expected = await modelFile({ ...options, threads: 1 });
    for (const threads of [2, 8]) expect((await modelFile({ ...options, threads })).equals(expected)).toBe(true);
    expect((await modelFile({ ...options, threads: 2, memory: '1M' })).equals(expected)).toBe(true);
  });

  it('stop within a second of an abort, at any pass', async () => {
    for (const stage of [1, 2]) {
      const controller = new AbortController();
      let abortedAt = 0;
      const training = trainModelIn(eager, {
        data: rows,
        schema: schemaOf('kind', null),
        recipe: RECIPES.valued,
        parameters: { 'sgd.maxPasses': 1000 },
        threads: 2,
        signal: controller.signal,
        onProgress(progress) {
          if (progress.event !== 'pass' || progress.stage !== stage || controller.signal.aborted) return;
          setTimeout(() => {
            abortedAt = performance.now();
            controller.abort(new Error('enough'));
          }, 5);
        },
      });
      await expect(training).rejects.toThrow('enough');
      expect(performance.now() - abortedAt).toBeLessThan(ABORTED_MS);
    }
  });

  it('that are not a whole number from 1 are refused', async () => {
    for (const threads of [0, 1.5, -1, Number.NaN]) {
      const training = trainModelIn(eager, { data: rows.slice(0, 50), schema: schemaOf('sold', null), threads });
      await expect(training).rejects.toThrow(`threads: '${threads}' is not possible`);
    }
  });
});
