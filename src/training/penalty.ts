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

  /** @param weights finite */
  value(weights: Float64Array): number {
    const { l1, l2 } = this;
    let squares = 0;
    let sizes = 0;
    for (const [begin, end] of [
      [0, this.#biasStart],
      [this.#biasEnd, weights.length],
    ]) {
      for (let i = begin; i < end; i++) squares += weights[i] * weights[i];
      if (l1 > 0) for (let i = begin; i < end; i++) sizes += Math.abs(weights[i]);
    }
    return (l2 / 2) * squares + l1 * sizes;
  }

  /** Whether the weight is not penalised. */
  isFree(i: number): boolean {
    return i >= this.#biasStart && i < this.#biasEnd;
  }

  /** The diagonal of the Hessian with the L2 penalty. */
  diagonal(curvature: Float64Array): Float64Array {
    const result = curvature.slice();
    for (let i = 0; i < result.length; i++) if (!this.isFree(i)) result[i] += this.l2;
    return result;
  }

  /** gradient + L2 w */
  smoothGradient(weights: Float64Array, gradient: Float64Array): Float64Array {
    const result = new Float64Array(weights.length);
    this.renew(result, weights, gradient);
    return result;
  }

  /**
   * Replace a smooth gradient by that at other weights.
   *
   * @returns by how much it changed
   */
  change(smooth: Float64Array, weights: Float64Array, gradient: Float64Array): Float64Array {
    const change = smooth.slice();
    this.renew(smooth, weights, gradient);
    for (let i = 0; i < change.length; i++) change[i] = smooth[i] - change[i];
    return change;
  }

  private renew(smooth: Float64Array, weights: Float64Array, gradient: Float64Array): void {
    const { l2 } = this;
    for (let i = 0; i < weights.length; i++) smooth[i] = gradient[i] + l2 * weights[i];
    for (let i = this.#biasStart; i < this.#biasEnd; i++) smooth[i] = gradient[i];
  }
}
