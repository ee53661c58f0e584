import { headWords, PADDING_FEATURE, type RowLayout } from '../features/rows.js';
import type { ModelType } from '../model/types.js';
import { placeHead } from './head.js';
import type { Kernel } from './kernel.js';
import type { KernelMemory } from './memory.js';

/** What a pass is to find: the loss only, its gradient too, or also the diagonal of its Hessian. */
export type GradientGoal = 'loss' | 'gradient' | 'curvature';

/** Arrays per weight, as the kernels number the goals. */
const ARRAYS: Readonly<Record<GradientGoal, 1 | 2 | 3>> = { loss: 1, gradient: 2, curvature: 3 };

/** Rows that a kernel looks at together, at most; as in assembly/gradient-sparse.ts. */
const BATCH_ROWS = 8;
/** Bytes before the margins of a batch: the running loss. */
const HEADER_BYTES = 16;

/** Outputs padded to whole vectors of two doubles. */
function pairedOutputs(outputs: number): number {
  return outputs === 1 ? 1 : (outputs + 1) & ~1;
}

/** The first feature that has a weight. */
const FIRST = PADDING_FEATURE + 1;

/** Doubles per feature of a sparse state. */
function strideOf(arrays: 1 | 2 | 3, outputs: number): number {
  return outputs === 1 && arrays === 3 ? 4 : arrays * pairedOutputs(outputs);
}

/** Where a state is, for any thread that sees the memory. */
export interface GradientPlace {
  readonly layout: RowLayout;
  readonly featureCount: number;
  readonly outputs: number;
  readonly addresses: GradientState['addresses'];
}

function clearLoss(f64: Float64Array, scratch: number): void {
  f64[scratch / 8] = 0;
  f64[scratch / 8 + 1] = 1;
}

/**
 * Set the weights of a state, and clear all its sums.
 *
 * @param f64 the kernel memory
 * @param weights f64[featureCount * outputs], feature major
 */
export function loadGradient(
  f64: Float64Array,
  { layout, featureCount, outputs, addresses: { records, scratch, arrays } }: GradientPlace,
  weights: Float64Array,
): void {
  const base = records / 8;
  clearLoss(f64, scratch);
  if (layout.form === 'dense') {
    const { width } = layout;
    f64.fill(0, base, base + width * outputs * arrays);
    for (let k = 0; k < outputs; k++) {
      for (let feature = FIRST; feature < featureCount; feature++) {
        f64[base + k * width + feature] = weights[feature * outputs + k];
      }
    }
    return;
  }
  const stride = strideOf(arrays, outputs);
  f64.fill(0, base, base + featureCount * stride);
  if (stride === outputs) f64.set(weights.subarray(FIRST * outputs), base + FIRST * stride);
  else {
    for (let feature = FIRST, at = FIRST * outputs, to = base + FIRST * stride; feature < featureCount; feature++) {
      for (let k = 0; k < outputs; k++) f64[to + k] = weights[at++];
      to += stride;
    }
  }
}

/**
 * Weights, and the sums of losses, gradients and curvatures at them, of one shard of the rows, in kernel memory; layout in
 * `gradient-kernel.ts`.
 *
 * A pass: `load`, then `gradientPass` for the rows, in calls of any size (sums do not depend on where they are cut), then
 * `lossSum` and `addTo`; for each further shard `begin` instead of `load`.
 */
export class GradientState {
  readonly #records: number;
  readonly #scratch: number;
  readonly #head: number;
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
    this.#records = memory.allocate(8 * this.#doubles(), 64);
    const batch = outputs === 1 ? 1 : 2 * pairedOutputs(outputs);
    this.#scratch = memory.allocate(HEADER_BYTES + 8 * (BATCH_ROWS * (batch + 2) + this.#rowDoubles()), 64);
    this.#head = placeHead(memory, layout);
  }

  /** Begin a pass: set the weights, f64[featureCount * outputs], feature major, and clear all sums. */
  load(weights: Float64Array, goal: GradientGoal): void {
    this.begin(goal);
    loadGradient(this.memory.f64, this.place, weights);
  }

  /**
   * Begin with the rows of a shard. Before the first shard of a pass the weights are set by `loadGradient` at `place`, in any
   * thread; before others the sums of the last one have been taken by `addTo`.
   */
  begin(goal: GradientGoal): void {
    this.#goal = goal;
    clearLoss(this.memory.f64, this.#scratch);
  }

  /** Sum over the rows since `load` or `begin` of weight * loss, nats or (m - t)^2 / 2. */
  lossSum(kernel: Kernel): number {
    return kernel.lossSum(this.#scratch);
  }

  /**
   * Add the sums over the rows to arrays like the weights, in the same memory, and clear them; nothing is added for the padding
   * feature.
   *
   * @param gradient address of f64[featureCount * outputs]
   * @param curvature likewise, when the goal was 'curvature': sums of weight * l'' x^2
   */
  addTo(kernel: Pick<Kernel, 'takeSums'>, gradient: number, curvature?: number): void {
    this.#add(kernel, 1, gradient);
    if (curvature !== undefined) this.#add(kernel, 2, curvature);
  }

  #add(kernel: Pick<Kernel, 'takeSums'>, array: 1 | 2, sums: number): void {
    const arrays = ARRAYS[this.#goal];
    if (array >= arrays) throw new Error(`the goal of the pass was '${this.#goal}'`);
    const { layout, featureCount, outputs } = this;
    const dense = layout.form === 'dense';
    const stride = dense ? 1 : strideOf(arrays, outputs);
    for (let k = 0; k < outputs; k++) {
      const first = dense ? (array * outputs + k) * layout.width : array * pairedOutputs(outputs) + k;
      const from = this.#records + 8 * (first + FIRST * stride);
      kernel.takeSums(from, 8 * stride, sums + 8 * (FIRST * outputs + k), 8 * outputs, featureCount - FIRST);
    }
  }

  /** Doubles of scratch memory that depend on the rows: a head's records, or what dense rows share. */
  #rowDoubles(): number {
    const { layout, outputs } = this;
    if (layout.form === 'sparse') return outputs === 1 ? 3 * headWords(layout) : 0;
    return outputs === 1 ? 0 : 4 * layout.width + layout.width / 8;
  }

  /** Doubles of the records at most. */
  #doubles(): number {
    if (this.layout.form === 'dense') return this.layout.width * this.outputs * ARRAYS.curvature;
    return this.featureCount * strideOf(ARRAYS.curvature, this.outputs);
  }

  /** Where it is; plain data. */
  get place(): GradientPlace {
    const { layout, featureCount, outputs } = this;
    return { layout, featureCount, outputs, addresses: this.addresses };
  }

  /** Where the kernels find it. */
  get addresses(): {
    readonly records: number;
    readonly scratch: number;
    readonly arrays: 1 | 2 | 3;
    readonly head: number;
  } {
    return { records: this.#records, scratch: this.#scratch, arrays: ARRAYS[this.#goal], head: this.#head };
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
  const { records, scratch, arrays, head } = state.addresses;
  if (layout.form === 'dense') {
    const { width } = layout;
    if (type === 'MULTICLASS') {
      kernel.gradientSoftmaxDense(rows, rowCount, width, outputs, arrays, records, scratch);
    } else if (type === 'BINARY') kernel.gradientLogisticDense(rows, rowCount, width, arrays, records, scratch);
    else kernel.gradientSquaredDense(rows, rowCount, width, arrays, records, scratch);
    return;
  }
  if (type === 'MULTICLASS') {
    kernel.gradientSoftmaxSparse(rows, rowCount, head, outputs, arrays, records, scratch);
  } else if (type === 'BINARY') kernel.gradientLogisticSparse(rows, rowCount, head, arrays, records, scratch);
  else kernel.gradientSquaredSparse(rows, rowCount, head, arrays, records, scratch);
}
