import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE, PADDING_FEATURE, type RowLayout } from '../../src/features/rows.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { KernelWeights } from '../../src/kernel/weights.js';
import { Merge } from '../../src/training/merge.js';

const LAYOUTS: readonly RowLayout[] = [
  { form: 'sparse', head: [] },
  { form: 'dense', width: 16 },
];
const FEATURES = 5;

for (const layout of LAYOUTS) {
  for (const outputs of [1, 3]) {
    describe(`Merge, ${layout.form}, ${outputs} outputs`, () => {
      const memory = new KernelMemory(new WebAssembly.Memory({ initial: 1, maximum: 100 }), {
        __heap_base: { value: 64 },
      });
      const open = (): KernelWeights => {
        const weights = new KernelWeights(memory, layout, FEATURES, outputs);
        weights.initialise(new Float64Array(FEATURES).fill(2), BIAS_FEATURE, new Float64Array(outputs).fill(0.5));
        return weights;
      };
      const set = (
        weights: KernelWeights,
        feature: number,
        output: number,
        w: number,
        S: number,
        sum: number,
      ): void => {
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
        const merge = new Merge(base);
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

      it('takes the mean where single precision swallowed the gains', () => {
        const [base, a, b] = [open(), open(), open()];
        for (const [weights, w] of [
          [base, 0],
          [a, 1],
          [b, 2],
        ] as const) {
          set(weights, 2, 0, w, 2 ** 24, 0);
        }
        const merge = new Merge(base);
        merge.add(a, 1);
        merge.add(b, 1);
        merge.finish(new Float64Array(base.sumCount), 2);
        expect(base.read()[2 * outputs]).toBe(1.5);
      });
    });
  }
}
