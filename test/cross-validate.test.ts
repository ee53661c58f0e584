import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldSplitter, splitter } from '../src/datasource/split.js';
import { type CrossValidationProgress, crossValidate, InvalidInput, trainModel } from '../src/node.js';
import { fixture } from './helpers/cli.js';

const iris = { data: fixture('iris.csv'), target: 'species', seed: 1 } as const;
const banking = { data: fixture('banking.csv.gz'), seed: 1, parameters: { 'sgd.maxPasses': 3 } } as const;

describe('folds', () => {
  const strategy = fc.constantFrom('sequential', 'random' as const);

  it('take every record once, and the complement of a fold takes all others', () => {
    fc.assert(
      fc.property(
        strategy,
        fc.integer({ min: 2, max: 30 }),
        fc.nat(200),
        fc.string(),
        (strategy, folds, total, seed) => {
          const counts = new Array(total).fill(0);
          let wrong = 0;
          for (let index = 0; index < folds; index++) {
            const test = (complement: boolean) => foldSplitter({ strategy, seed, index, folds, complement }, total);
            const [keep, rest] = [test(false), test(true)];
            for (let i = 0; i < total; i++) {
              counts[i] += Number(keep(i, 37 * i));
              wrong += Number(rest(i, 37 * i) === keep(i, 37 * i));
            }
          }
          expect(wrong).toBe(0);
          expect(counts).toEqual(new Array(total).fill(1));
        },
      ),
    );
  });

  it('are the splits of the service where percentages are whole numbers', () => {
    fc.assert(
      fc.property(strategy, fc.constantFrom(2, 4, 5, 10, 20), fc.string(), (strategy, folds, seed) => {
        for (let index = 0; index < folds; index++) {
          const [percentBegin, percentEnd] = [(index * 100) / folds, ((index + 1) * 100) / folds];
          const fold = foldSplitter({ strategy, seed, index, folds, complement: false }, 333);
          const split = splitter({ strategy, seed, percentBegin, percentEnd, complement: false }, 333);
          const taken = (keep: typeof fold) => Array.from({ length: 333 }, (_, i) => keep(i, 101 * i));
          expect(taken(fold)).toEqual(taken(split));
        }
      }),
    );
  });

  it('in file order differ by one record at most', () => {
    for (let folds = 2; folds <= 13; folds++) {
      const sizes = Array.from({ length: folds }, (_, index) => {
        const keep = foldSplitter({ strategy: 'sequential', seed: '', index, folds, complement: false }, 200);
        return Array.from({ length: 200 }, (_, i) => keep(i, 0)).filter(Boolean).length;
      });
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});

describe('crossValidate', () => {
  it('evaluates on each observation once, and gives mean and spread', async () => {
    const { folds, figures, observationCount, type } = await crossValidate({ ...iris, folds: 7 });
    expect(type).toBe('MULTICLASS');
    expect(observationCount).toBe(150);
    expect(folds.map(({ fold }) => fold)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const { trainingCount, evaluation } of folds) {
      expect(trainingCount + evaluation.observationCount).toBe(150);
    }
    const values = folds.map(({ evaluation }) => (evaluation as { accuracy: number }).accuracy);
    const mean = values.reduce((sum, value) => sum + value, 0) / 7;
    expect(figures.accuracy?.mean).toBeCloseTo(mean, 14);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
    expect(figures.accuracy?.standardDeviation).toBeCloseTo(Math.sqrt(variance), 14);
    expect(mean).toBeGreaterThan(0.85);
  });

  it('has in its last sequential fold what a sequential split of trainModel has', async () => {
    const { folds } = await crossValidate({ ...banking, strategy: 'sequential', folds: 5 });
    const model = await trainModel({ ...banking, split: { strategy: 'sequential', trainPercent: 80 } });
    expect(folds[4].evaluation).toEqual(model.evaluation);
    expect(folds[4].trainingCount).toBe(model.training.observationCount);
  });

  it('gives the same for the same seed, and other folds for another', async () => {
    const [a, b, c] = [
      await crossValidate(banking),
      await crossValidate(banking),
      await crossValidate({ ...banking, seed: 2 }),
    ];
    expect(b).toEqual(a);
    expect(c.folds[0].trainingCount).not.toBe(a.folds[0].trainingCount);
    expect(a.observationCount).toBe(10_297);
    expect(a.figures.auc?.mean).toBeGreaterThan(0.9);
  });

  it('reads a stream once, and tells its progress fold by fold', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i % 17},${(i % 17) * 2 + (i % 3)}`);
    let opened = 0;
    const data: AsyncIterable<Uint8Array> = {
      async *[Symbol.asyncIterator]() {
        opened++;
        yield new TextEncoder().encode(`x,y\n${lines.join('\n')}\n`);
      },
    };
    const events: CrossValidationProgress[] = [];
    const { figures } = await crossValidate({ data, target: 'y', folds: 3, onProgress: (event) => events.push(event) });
    expect(opened).toBe(1);
    expect(figures.rmse?.mean).toBeLessThan(2);
    const order = events.map(({ event }) => event).filter((event) => event !== 'read' && event !== 'share');
    // How many passes it takes differs from fold to fold.
    const fold = ['statistics', 'features', 'pass', 'fold'];
    const different = order.filter((event, i) => event !== order[i - 1]);
    expect(different).toEqual(['schema', ...fold, ...fold, ...fold]);
  });

  it('stops when its signal is aborted', async () => {
    const controller = new AbortController();
    const onProgress = ({ event }: CrossValidationProgress): void => {
      if (event === 'fold') controller.abort(new Error('enough'));
    };
    await expect(crossValidate({ ...banking, onProgress, signal: controller.signal })).rejects.toThrow('enough');
  });

  it('takes as many folds as there are observations, to leave one out', async () => {
    const data = Array.from({ length: 12 }, (_, i) => ({ x: i, y: 3 * i }));
    const { folds, figures } = await crossValidate({ data, target: 'y', folds: 12, strategy: 'sequential' });
    expect(folds.every(({ evaluation }) => evaluation.observationCount === 1)).toBe(true);
    expect(figures.r2).toBeUndefined();
  });

  it.each([
    [{ folds: 1 }, '1 folds are not possible'],
    [{ folds: 2.5 }, '2.5 folds are not possible'],
    [{ folds: 101 }, '101 folds are not possible'],
    [{ strategy: 'best' as never }, "fold strategy 'best' is not known"],
    [{ data: [{ x: 1, y: 1 }], target: 'y' }, 'records: 1 observations for 5 folds'],
    [{ data: fixture('iris.csv'), strategy: 'sequential', folds: 3, split: 1 as never, target: 'none' }, "'none'"],
  ])('refuses %j', async (change, message) => {
    const refused = crossValidate({ ...iris, ...change } as never);
    await expect(refused).rejects.toBeInstanceOf(InvalidInput);
    await expect(refused).rejects.toThrow(message as string);
  });

  it('names the fold that nothing can be learned for', async () => {
    const data = Array.from({ length: 40 }, (_, i) => ({ x: i, y: i < 20 ? 'ab'[i % 2] : null }));
    await expect(crossValidate({ data, target: 'y', folds: 2, strategy: 'sequential' })).rejects.toThrow(
      /^fold 1 of 2: records: no observation to learn from; 20 could not be used/,
    );
  });
});
