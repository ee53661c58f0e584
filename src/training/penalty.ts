import { BIAS_FEATURE } from '../features/rows.js';
import type { Vectors } from './vectors.js';

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

  /**
   * @param weights finite
   * @param squares the sum of the squares of them all, if that is known
   */
  value(weights: Float64Array, squares = sumOf(weights, (w) => w * w)): number {
    const { l1, l2 } = this;
    const free = weights.subarray(this.#biasStart, this.#biasEnd);
    const size = l1 > 0 ? sumOf(weights, Math.abs) - sumOf(free, Math.abs) : 0;
    return (l2 / 2) * (squares - sumOf(free, (w) => w * w)) + l1 * size;
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

  /** gradient + L2 w, written to the result and returned. */
  smoothGradient(vectors: Vectors, weights: Float64Array, gradient: Float64Array, result: Float64Array): Float64Array {
    vectors.addScaled(result, gradient, this.l2, weights);
    for (let i = this.#biasStart; i < this.#biasEnd; i++) result[i] = gradient[i];
    return result;
  }
}

function sumOf(values: Float64Array, term: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(values[i]);
  return sum;
}
