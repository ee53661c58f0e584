import type { RowLayout } from '../features/rows.js';
import { PADDING_FEATURE } from '../features/rows.js';
import type { ModelType } from '../model/types.js';
import type { Kernel } from './kernel.js';
import type { KernelMemory } from './memory.js';

/** What a pass is to find: the loss only, its gradient too, or also the diagonal of its Hessian. */
export type GradientGoal = 'loss' | 'gradient' | 'curvature';

/** Arrays per weight, as the kernels number the goals. */
const ARRAYS: Readonly<Record<GradientGoal, 1 | 2 | 3>> = { loss: 1, gradient: 2, curvature: 3 };

/** Rows that a kernel looks at together; twin of assembly/gradient.ts. */
const BATCH_ROWS = 8;
/** Bytes before the margins of a batch: the running loss. */
const HEADER_BYTES = 16;

/** Outputs padded to whole vectors of two doubles. */
function pairedOutputs(outputs: number): number {
  return outputs === 1 ? 1 : (outputs + 1) & ~1;
}

/**
 * Weights, and the sums of losses, gradients and curvatures at them, of one shard of the rows, in kernel memory; layout in
 * `kernel.ts`.
 *
 * A pass: `load`, then `gradientPass` for the rows, in calls of any size (sums do not depend on where they are cut), then
 * `lossSum` and `addTo`.
 */
export class GradientState {
  readonly #records: number;
  readonly #scratch: number;
  #goal: GradientGoal = 'loss';

  /**
   * Allocates 24 bytes per weight (sparse, one output: 32), and room for a batch of rows. The rows' addresses are not part
   * of it.
   *
   * @param featureCount padding and bias included
   */
  constructor(
    readonly memory: KernelMemory,
    readonly layout: RowLayout,
    readonly featureCount: number,
    readonly outputs: number,
  ) {
    this.#records = memory.allocate(8 * this.#doubles('curvature'), 64);
    const batch = outputs === 1 ? 1 : 2 * pairedOutputs(outputs);
    const rows = layout.form === 'dense' && outputs > 1 ? 4 * layout.width : 0;
    this.#scratch = memory.allocate(HEADER_BYTES + 8 * (BATCH_ROWS * (batch + 2) + rows), 64);
  }

  /** Begin a pass: set the weights, f64[featureCount * outputs], feature major, and clear all sums. */
  load(weights: Float64Array, goal: GradientGoal): void {
    this.#goal = goal;
    const { f64 } = this.memory;
    const base = this.#records / 8;
    f64.fill(0, base, base + this.#doubles(goal));
    f64[this.#scratch / 8] = 0;
    f64[this.#scratch / 8 + 1] = 1;
    const place = this.#place(0);
    for (let feature = 0, at = 0; feature < this.featureCount; feature++) {
      if (feature === PADDING_FEATURE) at += this.outputs;
      else for (let k = 0; k < this.outputs; k++) f64[place(feature, k)] = weights[at++];
    }
  }

  /** Sum over the rows since `load` of weight * loss, nats or (m - t)^2 / 2. */
  lossSum(kernel: Kernel): number {
    return kernel.lossSum(this.#scratch);
  }

  /**
   * Add the sums over the rows since `load` to arrays like the weights; nothing is added for the padding feature.
   *
   * @param curvature when the goal was 'curvature': sums of weight * l'' x^2
   */
  addTo(gradient: Float64Array, curvature?: Float64Array): void {
    this.#add(1, gradient);
    if (curvature !== undefined) this.#add(2, curvature);
  }

  #add(array: 1 | 2, sums: Float64Array): void {
    if (array >= ARRAYS[this.#goal]) throw new Error(`the goal of the pass was '${this.#goal}'`);
    const { f64 } = this.memory;
    const place = this.#place(array);
    for (let feature = 0, at = 0; feature < this.featureCount; feature++) {
      if (feature === PADDING_FEATURE) at += this.outputs;
      else for (let k = 0; k < this.outputs; k++) sums[at++] += f64[place(feature, k)];
    }
  }

  /** Doubles per feature of a sparse state. */
  #stride(goal: GradientGoal): number {
    if (this.outputs === 1 && goal === 'curvature') return 4;
    return ARRAYS[goal] * pairedOutputs(this.outputs);
  }

  #doubles(goal: GradientGoal): number {
    if (this.layout.form === 'dense') return this.layout.width * this.outputs * ARRAYS[goal];
    return this.featureCount * this.#stride(goal);
  }

  /** Index into f64 of a feature and output: 0 the weight, 1 the gradient, 2 the curvature. */
  #place(array: 0 | 1 | 2): (feature: number, output: number) => number {
    const base = this.#records / 8;
    const { layout, outputs } = this;
    if (layout.form === 'dense') {
      const { width } = layout;
      const first = base + array * width * outputs;
      return (feature, output) => first + output * width + feature;
    }
    const stride = this.#stride(this.#goal);
    const first = base + array * pairedOutputs(outputs);
    return (feature, output) => first + feature * stride + output;
  }

  /** Where the kernels find it. */
  get addresses(): { readonly records: number; readonly scratch: number; readonly arrays: 1 | 2 | 3 } {
    return { records: this.#records, scratch: this.#scratch, arrays: ARRAYS[this.#goal] };
  }
}

/**
 * Add the losses of rows, and what else is the goal of the pass, to a state.
 *
 * @param rows address of u32[rowCount], addresses of row records
 */
export function gradientPass(
  kernel: Kernel,
  type: ModelType,
  rows: number,
  rowCount: number,
  state: Pick<GradientState, 'layout' | 'outputs' | 'addresses'>,
): void {
  const { layout, outputs } = state;
  const { records, scratch, arrays } = state.addresses;
  if (layout.form === 'dense') {
    const { width } = layout;
    if (type === 'MULTICLASS') {
      kernel.gradientSoftmaxDense(rows, rowCount, width, outputs, arrays, records, scratch);
    } else if (type === 'BINARY') kernel.gradientLogisticDense(rows, rowCount, width, arrays, records, scratch);
    else kernel.gradientSquaredDense(rows, rowCount, width, arrays, records, scratch);
    return;
  }
  const valued = layout.valued ? 1 : 0;
  if (type === 'MULTICLASS') {
    kernel.gradientSoftmaxSparse(rows, rowCount, valued, outputs, arrays, records, scratch);
  } else if (type === 'BINARY') kernel.gradientLogisticSparse(rows, rowCount, valued, arrays, records, scratch);
  else kernel.gradientSquaredSparse(rows, rowCount, valued, arrays, records, scratch);
}
