import { PADDING_FEATURE } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelWeights } from '../kernel/weights.js';

/** Numbers that are added up for a weight: the gains, and the moves of the weight and of its mean, each times P + gain. */
const NUMBERS = 3;

/**
 * Weights that shards of the rows were trained to from common ones (w0, S0), made one again:
 *
 *     w = w0 + sum (P + dS_p) (w_p - w0) / (P + sum dS_p)    S = S0 + sum dS_p    dS_p = S_p - S0
 *
 * and likewise the means of the weights over the steps of each shard. A shard that has not seen a feature does not count. P is the
 * precision of the prior, which all shards share: where it outweighs what they have seen, as of rare features, moves add up;
 * where they have seen much, it is the mean of the moves that counts.
 * Sums are in double precision, in the order in which shards are added.
 *
 * Products of Gaussian posteriors divided by the prior that they share (Tresp, A Bayesian Committee Machine, 2000), with averages
 * weighed as in
 * Agarwal, Chapelle, Dudík, Langford, A Reliable Effective Terascale Linear Learning System (2014)
 */
export class Merge {
  /** Address of f64[sumCount][NUMBERS]. */
  readonly #merged: number;

  /** @param precision P, of the prior on each weight, >= 0; in units of S */
  constructor(
    readonly kernel: Pick<Kernel, 'mergeShard'>,
    readonly base: KernelWeights,
    readonly precision = 0,
  ) {
    this.#merged = base.memory.allocate(this.#length * 8, 64);
    this.#clear();
  }

  get #length(): number {
    return NUMBERS * this.base.sumCount;
  }

  #clear(): void {
    this.base.memory.f64.fill(0, this.#merged / 8, this.#merged / 8 + this.#length);
  }

  /** @param steps of the shard, over which its sums were taken */
  add(shard: KernelWeights, steps: number): void {
    const { base, kernel } = this;
    const first = PADDING_FEATURE + 1;
    for (let output = 0; output < base.outputs; output++) {
      const { stride } = base.places(output);
      const [from, trained] = [base, shard].map((weights) => 4 * (weights.places(output).first + first * stride));
      const places = base.sumPlaces(output);
      const at = places.first + first * places.stride;
      kernel.mergeShard(
        from,
        trained,
        4 * stride,
        4 * base.toCurvature,
        base.featureCount - first,
        shard.sums + 8 * at,
        8 * places.stride,
        steps,
        this.precision,
        this.#merged + 8 * NUMBERS * at,
      );
    }
  }

  /**
   * Move the common weights, and begin anew.
   *
   * @param sums added to: `steps` times the merged means
   */
  finish(sums: Float64Array, steps: number): void {
    const { base } = this;
    const { f32, f64 } = base.memory;
    for (let output = 0; output < base.outputs; output++) {
      const { first, stride } = base.places(output);
      const places = base.sumPlaces(output);
      for (let feature = PADDING_FEATURE + 1; feature < base.featureCount; feature++) {
        const w = first + feature * stride;
        const at = places.first + feature * places.stride;
        const merged = this.#merged / 8 + NUMBERS * at;
        const gain = f64[merged];
        const precision = this.precision + gain;
        sums[at] += steps * (f32[w] + (gain === 0 ? 0 : f64[merged + 2] / precision));
        if (gain === 0) continue;
        f32[w] += f64[merged + 1] / precision;
        f32[w + base.toCurvature] += gain;
      }
    }
    this.#clear();
  }
}
