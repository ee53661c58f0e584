import { PADDING_FEATURE } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelWeights } from '../kernel/weights.js';

/** Numbers that are added up for a weight: the gains, and the moves of the weight and of its mean, each times the gain. */
const NUMBERS = 3;

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
  /** Address of f64[sumCount][NUMBERS]. */
  readonly #merged: number;

  constructor(
    readonly kernel: Pick<Kernel, 'mergeShard'>,
    readonly base: KernelWeights,
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
        sums[at] += steps * (f32[w] + (gain === 0 ? 0 : f64[merged + 2] / gain));
        if (gain === 0) continue;
        f32[w] += f64[merged + 1] / gain;
        f32[w + base.toCurvature] += gain;
      }
    }
    this.#clear();
  }
}
