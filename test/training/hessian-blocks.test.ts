import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE } from '../../src/features/rows.js';
import { instantiateKernel, openMemory } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { hessianBlocks } from '../../src/training/hessian-blocks.js';
import { SampledRows } from '../../src/training/sampled-rows.js';
import { type GradientProblem, pass, randomWeights } from '../kernel/gradient-trial.js';
import { type Form, randomObservations, type Task } from '../kernel/observations.js';
import { reference, simd, Trial } from '../kernel/trial.js';

/** An abort is heeded within a second; on a busy machine of two cores, within some. */
const ABORTED_MS = 10_000;

const TYPES = { logistic: 'BINARY', squared: 'REGRESSION', softmax: 'MULTICLASS' } as const;

function problem(task: Task, form: Form, seed: number, present = 0.5, featureCount = 12): GradientProblem {
  const outputs = task === 'softmax' ? 3 : 1;
  const observations = randomObservations(task, form, {
    seed,
    rowCount: 30,
    featureCount,
    outputs,
    present,
    weighted: seed % 2 === 0,
  });
  return { task, form, outputs, featureCount, observations };
}

function sampled(implementation: typeof simd, given: GradientProblem): SampledRows {
  const { kernel, memory, layout, rows } = new Trial(implementation, given);
  const all = given.observations.map((_, i) => memory.u32[rows / 4 + i] / 4);
  const words = memory.u32.slice(all[0], rows / 4);
  const starts = Uint32Array.from(all, (start) => start - all[0]);
  return new SampledRows(kernel, memory, { words, starts }, layout, given.outputs);
}

function blocks(implementation: typeof simd, given: GradientProblem, weights: Float64Array, l2 = 0) {
  return hessianBlocks(sampled(implementation, given), TYPES[given.task], weights, l2);
}

for (const implementation of [reference, simd]) {
  describe(`blocks of the Hessian, ${implementation.name}`, () => {
    for (const task of ['logistic', 'squared', 'softmax'] as const) {
      for (const form of ['sparse', 'sparse ones', 'dense'] as const) {
        it(`are the differences of gradients, for rows with few features and with many: ${task}, ${form}`, async () => {
          for (const [seed, present] of [
            [1, 0.2],
            [2, 0.5],
            [3, 1],
          ]) {
            const given = problem(task, form, seed, present);
            const { outputs } = given;
            const weights = randomWeights(given, seed);
            const { features, matrices } = await blocks(implementation, given, weights);
            expect([...features]).toEqual(Array.from({ length: 11 }, (_, i) => i + BIAS_FEATURE));
            const step = 1e-4;
            features.forEach((feature, i) => {
              for (let k = 0; k < outputs; k++) {
                const at = feature * outputs + k;
                const [up, down] = [step, -step].map(
                  (move) => pass(simd, given, weights.with(at, weights[at] + move), 'gradient').gradient,
                );
                const distances = Array.from({ length: i + 1 }, (_, j) => {
                  const other = features[j] * outputs + k;
                  const expected = (up[other] - down[other]) / (2 * step * given.observations.length);
                  return Math.abs(matrices[k][i * features.length + j] - expected);
                });
                expect(Math.max(...distances)).toBeLessThan(1e-6);
              }
            });
          }
        });
      }
    }
  });
}

describe('blocks of the Hessian', () => {
  it('have L2 on the diagonal, but not for the bias', async () => {
    const given = problem('squared', 'dense', 1);
    const weights = randomWeights(given, 1);
    const [without] = (await blocks(simd, given, weights)).matrices;
    const [[penalised], size] = [(await blocks(simd, given, weights, 0.5)).matrices, 11];
    for (let i = 0; i < size; i++) {
      expect(penalised[i * size + i] - without[i * size + i]).toBeCloseTo(i === 0 ? 0 : 0.5, 7);
    }
  });

  it('hold the 256 features in the most rows', async () => {
    const given = problem('logistic', 'sparse', 1, 0.4, 400);
    const counts = Array.from({ length: 400 }, (_, j) =>
      j === BIAS_FEATURE ? 30 : given.observations.filter(({ values }) => values.has(j)).length,
    );
    const { features } = await blocks(simd, given, randomWeights(given, 1));
    expect(features.length).toBe(256);
    expect(features.includes(BIAS_FEATURE)).toBe(true);
    const least = Math.min(...[...features].map((feature) => counts[feature]));
    counts.forEach((count, feature) => {
      if (count > least) expect(features.includes(feature)).toBe(true);
    });
  });

  it('are the same in the SIMD kernel and the reference', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom<Task>('logistic', 'squared', 'softmax'),
        fc.constantFrom<Form>('sparse', 'sparse ones', 'dense'),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.integer({ min: 3, max: 60 }),
        async (seed, task, form, present, featureCount) => {
          const given = problem(task, form, seed, present, featureCount);
          const weights = randomWeights(given, seed);
          const expected = await blocks(reference, given, weights);
          const actual = await blocks(simd, given, weights);
          expect(actual.features).toEqual(expected.features);
          actual.matrices.forEach((matrix, k) => {
            const distances = matrix.map((element, i) => Math.abs(element - expected.matrices[k][i]));
            expect(Math.max(...distances)).toBeLessThan(1e-12);
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('sampled rows', () => {
  for (const implementation of [reference, simd]) {
    it(`count the rows with each feature, and tell their mean loss: ${implementation.name}`, () => {
      for (const form of ['sparse', 'sparse ones', 'dense'] as const) {
        const given = problem('softmax', form, 2, 0.3);
        const rows = sampled(implementation, given);
        const counts = rows.counts(given.featureCount);
        for (let feature = BIAS_FEATURE; feature < given.featureCount; feature++) {
          const expected = given.observations.filter(
            ({ values }) => feature === BIAS_FEATURE || (values.get(feature) ?? 0) !== 0,
          );
          expect(counts[feature]).toBe(expected.length);
        }
        const weights = [randomWeights(given, 1), randomWeights(given, 2)];
        rows.losses('MULTICLASS', weights).forEach((loss, i) => {
          expect(loss).toBeCloseTo(pass(simd, given, weights[i], 'loss').loss / given.observations.length, 10);
        });
      }
    });
  }
});

describe('curvature along a direction', () => {
  for (const task of ['logistic', 'squared', 'softmax'] as const) {
    for (const form of ['sparse', 'sparse ones', 'dense'] as const) {
      it(`is the change of the slope: ${task}, ${form}`, async () => {
        const given = problem(task, form, 2);
        const weights = randomWeights(given, 3);
        const direction = randomWeights(given, 4);
        const step = 1e-4;
        const [up, down] = [step, -step].map((length) => {
          const { gradient } = pass(
            simd,
            given,
            weights.map((w, i) => w + length * direction[i]),
            'gradient',
          );
          return gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
        });
        const expected = (up - down) / (2 * step * given.observations.length);
        const [actual, plain] = await Promise.all(
          [simd, reference].map((kernel) => sampled(kernel, given).curvatureAlong(TYPES[task], weights, direction)),
        );
        expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-5);
        expect(Math.abs(actual / plain - 1)).toBeLessThan(1e-12);
      });
    }
  }
});

describe('a large sample of rows for many classes', () => {
  const [rowCount, width, outputs] = [20_000, 128, 100];
  const words = new Uint32Array(rowCount * (4 + width));
  const values = new Float32Array(words.buffer);
  const starts = Uint32Array.from({ length: rowCount }, (_, row) => row * (4 + width));
  for (const start of starts) {
    values[start + 1] = 1;
    for (let j = 1; j < width; j++) values[start + 4 + j] = ((start * 31 + j * 17) % 1009) / 1009;
  }

  it('lets timers run, and is left within a second of an abort', async () => {
    const wasm = openMemory(16);
    const kernel = instantiateKernel(kernelModule(), wasm);
    const controller = new AbortController();
    const memory = new KernelMemory(wasm, kernel);
    const layout = { form: 'dense', width } as const;
    const rows = new SampledRows(kernel, memory, { words, starts }, layout, outputs, controller.signal);
    let abortedAt = 0;
    setTimeout(() => {
      abortedAt = performance.now();
      controller.abort(new Error('enough'));
    }, 100);
    const work = hessianBlocks(rows, 'MULTICLASS', new Float64Array(width * outputs), 1e-6);
    await expect(work).rejects.toThrow('enough');
    expect(performance.now() - abortedAt).toBeLessThan(ABORTED_MS);
  });
});
