import { GradientState, gradientPass } from '../kernel/gradient-state.js';
import type { ModelType } from '../model/types.js';
import type { Objective } from './objective.js';
import type { Sample, SampledRows } from './sampled-rows.js';

/** The loss over sampled rows. */
export class SampleObjective implements Objective {
  readonly outputs: number;
  readonly rowCount: number;
  readonly #state: GradientState;
  /** Address of f64[featureCount * outputs], the sums of the gradient and the curvature. */
  readonly #sums: readonly [number, number];

  /** Allocates in the memory of the rows. */
  constructor(
    readonly rows: SampledRows,
    readonly given: Sample,
    readonly type: ModelType,
    readonly featureCount: number,
  ) {
    const { memory, layout, outputs, count } = rows;
    this.outputs = outputs;
    this.rowCount = count;
    this.#state = new GradientState(memory, layout, featureCount, outputs);
    const allocate = (): number => memory.allocate(8 * featureCount * outputs, 64);
    this.#sums = [allocate(), allocate()];
  }

  async evaluate(weights: Float64Array, gradient: Float64Array, curvature?: Float64Array): Promise<number> {
    const { kernel, list, count, memory } = this.rows;
    const state = this.#state;
    const results = curvature === undefined ? [gradient] : [gradient, curvature];
    state.load(weights, curvature === undefined ? 'gradient' : 'curvature');
    gradientPass(kernel, this.type, list, count, state);
    for (const i of results.keys()) memory.f64.fill(0, this.#sums[i] / 8, this.#sums[i] / 8 + weights.length);
    state.addTo(kernel, this.#sums[0], curvature && this.#sums[1]);
    for (const [i, result] of results.entries()) {
      const sums = this.#sums[i];
      kernel.divideVector(sums, sums, count, weights.length);
      result.set(memory.f64.subarray(sums / 8, sums / 8 + weights.length));
    }
    return state.lossSum(kernel) / count;
  }

  /** All of them. */
  async sample(): Promise<Sample> {
    return this.given;
  }
}
