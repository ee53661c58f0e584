import { BIAS_FEATURE } from '../features/rows.js';

/**
 * The penalties of the objective: L2 / 2 sum w^2 + L1 sum |w|, over all weights but the bias.
 *
 * Weights are f64[featureCount * outputs], feature major; the padding's are 0.
 */
export class Penalty {
  readonly #biasStart: number;
  readonly #biasEnd: number;

  constructor(
    readonly l1: number,
    readonly l2: number,
    outputs: number,
  ) {
    this.#biasStart = BIAS_FEATURE * outputs;
    this.#biasEnd = this.#biasStart + outputs;
  }

  value(weights: Float64Array): number {
    const { l1, l2 } = this;
    let squares = 0;
    let sizes = 0;
    const biasStart = this.#biasStart;
    const biasEnd = this.#biasEnd;
    for (let i = 0; i < weights.length; i++) {
      const w = i < biasStart || i >= biasEnd ? weights[i] : 0;
      squares += w * w;
      sizes += Math.abs(w);
    }
    return (l2 / 2) * squares + l1 * sizes;
  }

  /** Whether the weight is not penalised. */
  isFree(i: number): boolean {
    return i >= this.#biasStart && i < this.#biasEnd;
  }

  /** gradient + L2 w */
  smoothGradient(weights: Float64Array, gradient: Float64Array): Float64Array {
    const { l2 } = this;
    const result = new Float64Array(weights.length);
    for (let i = 0; i < weights.length; i++) result[i] = gradient[i] + l2 * weights[i];
    for (let i = this.#biasStart; i < this.#biasEnd; i++) result[i] = gradient[i];
    return result;
  }
}
