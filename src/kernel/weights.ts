import { PADDING_FEATURE, type RowLayout } from '../features/rows.js';
import type { KernelMemory } from './memory.js';

/** Curvature of the padding feature: so large that its weight cannot move. */
const FROZEN = 1e30;

/** Outputs padded to whole SIMD vectors. */
export function paddedOutputs(outputs: number): number {
  return outputs === 1 ? 1 : (outputs + 3) & ~3;
}

/** The numbers of one output: that of feature j stands at index `first + j * stride`. */
export interface Places {
  readonly first: number;
  readonly stride: number;
}

/**
 * The weights of a model in training and their optimizer state, and sums of the weights over steps, in kernel memory; layout
 * in `kernel.ts`.
 */
export class KernelWeights {
  readonly address: number;
  /** Number of f32 from `address` on. */
  readonly floats: number;
  /** Address of f64[sumCount], the sums that `foldAverages` adds to. */
  readonly sums: number;
  readonly sumCount: number;
  /** Distance from w to S, and from S to D, of the same weight, floats. */
  readonly toCurvature: number;
  readonly #recordFloats: number;

  /** @param featureCount padding and bias included */
  constructor(
    readonly memory: KernelMemory,
    readonly layout: RowLayout,
    readonly featureCount: number,
    readonly outputs: number,
  ) {
    const dense = layout.form === 'dense';
    const width = dense ? layout.width : featureCount;
    const padded = paddedOutputs(outputs);
    this.#recordFloats = outputs === 1 ? 4 : 4 + 3 * padded;
    this.toCurvature = dense ? width : padded;
    this.floats = dense ? width * (1 + 3 * outputs) : featureCount * this.#recordFloats;
    this.sumCount = width * outputs;
    this.address = memory.allocate(this.floats * 4, 64);
    this.sums = memory.allocate(this.sumCount * 8, 64);
  }

  /** Where the weights w of an output stand in f32. */
  places(output: number): Places {
    const base = this.address >>> 2;
    const { layout, outputs } = this;
    if (layout.form === 'dense') return { first: base + layout.width * (1 + 3 * output), stride: 1 };
    return { first: base + (outputs === 1 ? 0 : 4 + output), stride: this.#recordFloats };
  }

  /** Where the sums of an output stand among the sums, from index 0 on. */
  sumPlaces(output: number): Places {
    if (this.layout.form === 'dense') return { first: output * this.layout.width, stride: 1 };
    return { first: output, stride: this.outputs };
  }

  /** Where c stands in f32. */
  #penaltyPlaces(): Places {
    const first = this.address >>> 2;
    if (this.layout.form === 'dense') return { first, stride: 1 };
    return { first: first + (this.outputs === 1 ? 3 : 0), stride: this.#recordFloats };
  }

  /**
   * @param inverseShares rows / rows containing the feature, per feature; 0 = not regularised
   * @param curvature S of all features but the bias, to begin with
   * @param biasFeature its starting weights are `bias`, one per output; all others start at 0
   */
  initialise(inverseShares: Float64Array, curvature: number, biasFeature: number, bias: Float64Array): void {
    const { f32 } = this.memory;
    const base = this.address >>> 2;
    f32.fill(0, base, base + this.floats);
    const penalties = this.#penaltyPlaces();
    for (let feature = 0; feature < this.featureCount; feature++) {
      f32[penalties.first + feature * penalties.stride] = inverseShares[feature];
    }
    for (let output = 0; output < this.outputs; output++) {
      const { first, stride } = this.places(output);
      for (let feature = 0; feature < this.featureCount; feature++) {
        f32[first + feature * stride + this.toCurvature] = curvature;
      }
      f32[first + biasFeature * stride] = bias[output];
      f32[first + biasFeature * stride + this.toCurvature] = 0;
      f32[first + PADDING_FEATURE * stride + this.toCurvature] = FROZEN;
    }
  }

  /** The present weights, f64[featureCount * outputs], feature major; 0 for padding. */
  read(): Float64Array {
    const { f32 } = this.memory;
    return this.#collect((output) => this.places(output), f32, 1);
  }

  /** Means from sums over steps, laid out as those in kernel memory; otherwise as `read`. */
  means(sums: Float64Array, steps: number): Float64Array {
    return this.#collect((output) => this.sumPlaces(output), sums, steps);
  }

  #collect(places: (output: number) => Places, from: Float32Array | Float64Array, divisor: number): Float64Array {
    const { featureCount, outputs } = this;
    const weights = new Float64Array(featureCount * outputs);
    for (let output = 0; output < outputs; output++) {
      const { first, stride } = places(output);
      for (let feature = 0; feature < featureCount; feature++) {
        if (feature === PADDING_FEATURE) continue;
        weights[feature * outputs + output] = from[first + feature * stride] / divisor;
      }
    }
    return weights;
  }
}
