import { PADDING_FEATURE } from '../features/rows.js';
import type { KernelWeights } from '../kernel/weights.js';

/** Gain in curvature, relative to the curvature, that single precision may have swallowed. */
const SWALLOWED = 2 ** -24;

/**
 * Weights that shards of the rows were trained to from common ones (w0, S0), made one again:
 *
 *     w = w0 + sum dS_p (w_p - w0) / sum dS_p    S = S0 + sum dS_p    dS_p = S_p - S0
 *
 * and likewise the means of the weights over the steps of each shard. A shard that has not seen a feature does not count.
 * Sums are in double precision, in the order in which shards are added.
 *
 * Agarwal, Chapelle, Dudík, Langford, A Reliable Effective Terascale Linear Learning System (2014)
 */
export class Merge {
  readonly #gains: Float64Array;
  readonly #moves: Float64Array;
  readonly #meanMoves: Float64Array;

  constructor(readonly base: KernelWeights) {
    const { sumCount } = base;
    this.#gains = new Float64Array(sumCount);
    this.#moves = new Float64Array(sumCount);
    this.#meanMoves = new Float64Array(sumCount);
  }

  /** @param steps of the shard, over which its sums were taken */
  add(shard: KernelWeights, steps: number): void {
    const { base } = this;
    const { f32, f64 } = base.memory;
    const { toCurvature, featureCount } = base;
    const gains = this.#gains;
    const moves = this.#moves;
    const meanMoves = this.#meanMoves;
    const sums = shard.sums / 8;
    for (let output = 0; output < base.outputs; output++) {
      const { first, stride } = base.places(output);
      const distance = shard.places(output).first - first;
      const places = base.sumPlaces(output);
      for (let feature = PADDING_FEATURE + 1; feature < featureCount; feature++) {
        const w = first + feature * stride;
        const S = w + toCurvature;
        const move = f32[w + distance] - f32[w];
        let gain = f32[S + distance] - f32[S];
        if (gain === 0 && move !== 0) gain = f32[S] * SWALLOWED;
        if (gain === 0) continue;
        const at = places.first + feature * places.stride;
        gains[at] += gain;
        moves[at] += gain * move;
        meanMoves[at] += gain * (f64[sums + at] / steps - f32[w]);
      }
    }
  }

  /**
   * Move the common weights, and begin anew.
   *
   * @param sums added to: `steps` times the merged means
   */
  finish(sums: Float64Array, steps: number): void {
    const { base } = this;
    const { f32 } = base.memory;
    for (let output = 0; output < base.outputs; output++) {
      const { first, stride } = base.places(output);
      const places = base.sumPlaces(output);
      for (let feature = PADDING_FEATURE + 1; feature < base.featureCount; feature++) {
        const w = first + feature * stride;
        const at = places.first + feature * places.stride;
        const gain = this.#gains[at];
        sums[at] += steps * (f32[w] + (gain === 0 ? 0 : this.#meanMoves[at] / gain));
        if (gain === 0) continue;
        f32[w] += this.#moves[at] / gain;
        f32[w + base.toCurvature] += gain;
      }
    }
    for (const array of [this.#gains, this.#moves, this.#meanMoves]) array.fill(0);
  }
}
