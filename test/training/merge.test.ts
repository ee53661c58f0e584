import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE, PADDING_FEATURE, type RowLayout } from '../../src/features/rows.js';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { referenceKernel } from '../../src/kernel/reference.js';
import { KernelWeights } from '../../src/kernel/weights.js';
import { Merge } from '../../src/training/merge.js';

const LAYOUTS: readonly RowLayout[] = [
  { form: 'sparse', head: [] },
  { form: 'dense', width: 16 },
];
const FEATURES = 5;

/** [layout, outputs, name of the kernel, how to open it] */
const CASES = LAYOUTS.flatMap((layout) =>
  [1, 3].flatMap((outputs) =>
    (
      [
        ['reference', referenceKernel],
        ['WebAssembly', (memory) => instantiateKernel(kernelModule(), memory)],
      ] as const satisfies readonly (readonly [string, (memory: WebAssembly.Memory) => Kernel])[]
    ).map(([name, openKernel]) => ({ layout, outputs, name, openKernel })),
  ),
);

for (const { layout, outputs, name, openKernel } of CASES) {
  describe(`Merge, ${layout.form}, ${outputs} outputs, ${name}`, () => {
    const wasm = new WebAssembly.Memory({ initial: 1, maximum: 100, shared: true });
    const kernel = openKernel(wasm);
    const memory = new KernelMemory(wasm, kernel);
    const open = (): KernelWeights => {
      const weights = new KernelWeights(memory, layout, FEATURES, outputs);
      weights.initialise(new Float64Array(FEATURES).fill(2), 0, BIAS_FEATURE, new Float64Array(outputs).fill(0.5));
      return weights;
    };
    const set = (weights: KernelWeights, feature: number, output: number, w: number, S: number, sum: number): void => {
      const { first, stride } = weights.places(output);
      memory.f32[first + feature * stride] = w;
      memory.f32[first + feature * stride + weights.toCurvature] = S;
      const places = weights.sumPlaces(output);
      memory.f64[weights.sums / 8 + places.first + feature * places.stride] = sum;
    };
    const curvature = (weights: KernelWeights, feature: number, output: number): number => {
      const { first, stride } = weights.places(output);
      return memory.f32[first + feature * stride + weights.toCurvature];
    };

    it('weighs shards by what they gained in curvature', () => {
      const [base, a, b] = [open(), open(), open()];
      const output = outputs - 1;
      set(base, 2, output, 1, 8, 0);
      // 10 and 20 steps with means 1.5 and 2; gains 3 and 1.
      set(a, 2, output, 2, 11, 15);
      set(b, 2, output, 4, 9, 40);
      // Only the second has seen feature 3; neither has seen feature 4.
      set(b, 3, output, -1, 6, -10);
      const merge = new Merge(kernel, base);
      merge.add(a, 10);
      merge.add(b, 20);
      const sums = new Float64Array(base.sumCount);
      merge.finish(sums, 30);
      const weights = base.read();
      const means = base.means(sums, 30);
      const at = (feature: number): number => feature * outputs + output;
      expect(weights[at(2)]).toBe((3 * 2 + 1 * 4) / 4);
      expect(curvature(base, 2, output)).toBe(12);
      expect(means[at(2)]).toBeCloseTo((3 * 1.5 + 1 * 2) / 4, 12);
      expect(weights[at(3)]).toBe(-1);
      expect(means[at(3)]).toBeCloseTo(-0.5, 12);
      expect(weights[at(4)]).toBe(0);
      expect(weights[at(BIAS_FEATURE)]).toBe(0.5);
      expect(means[at(BIAS_FEATURE)]).toBeCloseTo(0.5, 12);
      expect(weights[at(PADDING_FEATURE)]).toBe(0);
      expect(curvature(base, PADDING_FEATURE, output)).toBe(Math.fround(1e30));
    });

    it('adds up moves that the prior outweighs, and takes the mean of others', () => {
      const [base, a, b] = [open(), open(), open()];
      for (const [weights, rare, frequent] of [
        [base, 0, 0],
        [a, 0.5, 1e6],
        [b, 0.5, 1e6],
      ] as const) {
        set(weights, 2, 0, rare && 1, rare, 0);
        set(weights, 3, 0, frequent && 1, frequent, 0);
      }
      const merge = new Merge(kernel, base, 100);
      merge.add(a, 1);
      merge.add(b, 1);
      merge.finish(new Float64Array(base.sumCount), 2);
      const weights = base.read();
      // (100.5 + 100.5) / (100 + 0.5 + 0.5), and (1000100 + 1000100) / (100 + 1000000 + 1000000)
      expect(weights[2 * outputs]).toBeCloseTo(1.99, 2);
      expect(weights[3 * outputs]).toBeCloseTo(1.00005, 5);
    });

    it('takes the mean where single precision swallowed the gains', () => {
      const [base, a, b] = [open(), open(), open()];
      for (const [weights, w] of [
        [base, 0],
        [a, 1],
        [b, 2],
      ] as const) {
        set(weights, 2, 0, w, 2 ** 24, 0);
      }
      const merge = new Merge(kernel, base);
      merge.add(a, 1);
      merge.add(b, 1);
      merge.finish(new Float64Array(base.sumCount), 2);
      expect(base.read()[2 * outputs]).toBe(1.5);
    });
  });
}

describe('mergeShard', () => {
  it('adds the same bits in both kernels', () => {
    const [reference, simd] = [
      referenceKernel,
      (memory: WebAssembly.Memory) => instantiateKernel(kernelModule(), memory),
    ].map((openKernel) => {
      const wasm = new WebAssembly.Memory({ initial: 1, maximum: 100, shared: true });
      return { wasm, kernel: openKernel(wasm) };
    });
    const number = fc.oneof(fc.constant(0), fc.constant(2 ** 24), fc.float({ noNaN: true, noDefaultInfinity: true }));
    const feature = fc.record({ base: fc.tuple(number, number), shard: fc.tuple(number, number), sum: number });
    fc.assert(
      fc.property(
        fc.array(feature, { maxLength: 9 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(0, 0.3, 100),
        (features, steps, precision) => {
          const merged = [reference, simd].map(({ wasm, kernel }) => {
            const memory = new KernelMemory(wasm, kernel);
            const count = features.length;
            const weights = memory.allocate(64 * count, 64);
            const sums = memory.allocate(8 * count, 8);
            const into = memory.allocate(24 * count, 8);
            memory.f64.fill(1, into / 8, into / 8 + 3 * count);
            for (const [i, { base, shard, sum }] of features.entries()) {
              memory.f32.set([...base, ...shard], weights / 4 + 4 * i);
              memory.f64[sums / 8 + i] = sum;
            }
            kernel.mergeShard(weights, weights + 8, 16, 4, count, sums, 8, steps, precision, into);
            return Array.from(memory.f64.subarray(into / 8, into / 8 + 3 * count));
          });
          expect(merged[1]).toEqual(merged[0]);
        },
      ),
    );
  });
});
