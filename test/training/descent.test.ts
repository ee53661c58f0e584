import { describe, expect, it } from 'vitest';
import { BIAS_FEATURE, PADDING_FEATURE, type RowLayout } from '../../src/features/rows.js';
import { instantiateKernel } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory } from '../../src/kernel/memory.js';
import { KernelWeights } from '../../src/kernel/weights.js';
import { Descent } from '../../src/training/descent.js';

const LAYOUTS: readonly RowLayout[] = [
  { form: 'sparse', head: [] },
  { form: 'dense', width: 8 },
];
const ROWS = 1000;

describe('stage 1', () => {
  for (const layout of LAYOUTS) {
    for (const outputs of [1, 3]) {
      it(`begins with the rate that the prior calls for: ${layout.form}, ${outputs} outputs`, () => {
        const wasm = new WebAssembly.Memory({ initial: 1, maximum: 100, shared: true });
        const kernel = instantiateKernel(kernelModule(), wasm);
        const memory = new KernelMemory(wasm, kernel);
        const firstRates = (precision: number): number[] => {
          const mark = memory.mark();
          const descent = new Descent({
            kernel,
            memory,
            layout,
            outputs,
            featureCount: 4,
            rowsPerFeature: Float64Array.of(0, ROWS, 10, 500),
            rowCount: ROWS,
            bias: new Float64Array(outputs),
            l1: 0,
            l2: precision / ROWS,
            slots: 1,
            cut: false,
          });
          const { weights } = descent.state();
          memory.release(mark);
          const { toCurvature, ...places } = placesOf(memory, layout, outputs);
          return [PADDING_FEATURE, BIAS_FEATURE, 2, 3].map(
            (feature) => 1 / Math.sqrt(4 + weights[places.first + feature * places.stride + toCurvature]),
          );
        };
        // 1 / P up to P = 100, at most the 1/2 that the kernels begin with
        for (const [precision, rate] of [
          [0, 0.5],
          [1, 0.5],
          [10, 0.1],
          [100, 0.01],
          [1e5, 0.01],
        ]) {
          const [padding, bias, ...others] = firstRates(precision);
          expect(padding).toBeLessThan(1e-14);
          expect(bias).toBe(0.5);
          for (const other of others) expect(other).toBeCloseTo(rate, 6);
        }
      });
    }
  }
});

/** Where the weights of the last output stand in the state of a descent. */
function placesOf(memory: KernelMemory, layout: RowLayout, outputs: number) {
  const mark = memory.mark();
  const weights = new KernelWeights(memory, layout, 4, outputs);
  memory.release(mark);
  const { first, stride } = weights.places(outputs - 1);
  return { first: first - weights.address / 4, stride, toCurvature: weights.toCurvature };
}
