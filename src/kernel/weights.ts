import { PADDING_FEATURE, type RowLayout } from '../features/rows.js';
import type { Kernel } from './kernel.js';
import type { KernelMemory } from './memory.js';

/** Curvature of the padding feature: so large that its weight cannot move. */
const FROZEN = 1e30;

/** Outputs padded to whole SIMD vectors. */
export function paddedOutputs(outputs: number): number {
  return outputs === 1 ? 1 : (outputs + 3) & ~3;
}

/** The weights of a model in training and their optimizer state, in kernel memory; layout in `kernel.ts`. */
export class KernelWeights {
  readonly address: number;
  readonly #sums: number;
  #summedSteps = 0;

  constructor(
    readonly memory: KernelMemory,
    readonly layout: RowLayout,
    /** Padding and bias included. */
    readonly featureCount: number,
    readonly outputs: number,
  ) {
    const width = layout.form === 'dense' ? layout.width : featureCount;
    const floats = layout.form === 'dense' ? width * (1 + 3 * outputs) : featureCount * this.#recordFloats;
    this.address = memory.allocate(floats * 4);
    this.#sums = memory.allocate(width * outputs * 8);
    memory.f32.fill(0, this.address >>> 2, (this.address >>> 2) + floats);
    this.clearAverages();
  }

  get #recordFloats(): number {
    return this.outputs === 1 ? 4 : 4 + 3 * paddedOutputs(this.outputs);
  }

  /** Index into f32 of weight w of a feature and output. */
  #index(feature: number, output: number): number {
    const base = this.address >>> 2;
    if (this.layout.form === 'dense') return base + this.layout.width * (1 + 3 * output) + feature;
    const record = base + feature * this.#recordFloats;
    return this.outputs === 1 ? record : record + 4 + output;
  }

  /** Distance from w to S of the same weight, floats. */
  get #toCurvature(): number {
    if (this.layout.form === 'dense') return this.layout.width;
    return this.outputs === 1 ? 1 : paddedOutputs(this.outputs);
  }

  #penaltyIndex(feature: number): number {
    const base = this.address >>> 2;
    if (this.layout.form === 'dense') return base + feature;
    return base + feature * this.#recordFloats + (this.outputs === 1 ? 3 : 0);
  }

  /**
   * @param inverseShares rows / rows containing the feature, per feature; 0 = not regularised
   * @param bias starting weight of `biasFeature`, per output
   */
  initialise(inverseShares: Float64Array, biasFeature: number, bias: Float64Array): void {
    const { f32 } = this.memory;
    for (let feature = 0; feature < this.featureCount; feature++) {
      f32[this.#penaltyIndex(feature)] = inverseShares[feature];
    }
    for (let output = 0; output < this.outputs; output++) {
      f32[this.#index(biasFeature, output)] = bias[output];
      f32[this.#index(PADDING_FEATURE, output) + this.#toCurvature] = FROZEN;
    }
  }

  /** Add the weights after each of the last `steps` steps to the running sums. */
  foldAverages(kernel: Kernel, steps: number): void {
    if (this.layout.form === 'dense') {
      kernel.foldAveragesDense(this.address, this.layout.width, this.outputs, steps, this.#sums);
    } else {
      kernel.foldAveragesSparse(this.address, this.featureCount, this.outputs, steps, this.#sums);
    }
    this.#summedSteps += steps;
  }

  /** Begin the average anew. */
  clearAverages(): void {
    const width = this.layout.form === 'dense' ? this.layout.width : this.featureCount;
    this.memory.f64.fill(0, this.#sums / 8, this.#sums / 8 + width * this.outputs);
    this.#summedSteps = 0;
  }

  /** The averaged weights, f64[featureCount * outputs], feature major; 0 for padding. */
  averages(): Float64Array {
    const averages = new Float64Array(this.featureCount * this.outputs);
    const sums = this.memory.f64;
    for (let feature = 0; feature < this.featureCount; feature++) {
      if (feature === PADDING_FEATURE) continue;
      for (let output = 0; output < this.outputs; output++) {
        const from =
          this.layout.form === 'dense' ? output * this.layout.width + feature : feature * this.outputs + output;
        averages[feature * this.outputs + output] = sums[this.#sums / 8 + from] / this.#summedSteps;
      }
    }
    return averages;
  }
}
