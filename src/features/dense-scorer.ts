import type { ColumnBlock } from '../datasource/block.js';
import { instantiateExports, openMemory } from '../kernel/instantiate.js';
import { ColumnWindow, type DenseColumn, type DensePlan, windowBytes, windowRows } from './column-window.js';
import type { MarginKernel } from './dense-kernel.js';

const PAGE_BYTES = 65_536;
const ALIGNMENT = 64;

/** Adds what columns of numbers and binary values contribute to margins, in kernel memory of its own. */
export class DenseScorer {
  /** Features of the model, in the order of the numbers of rows. */
  readonly #features: readonly number[];
  readonly #kernel: MarginKernel;
  readonly #window: ColumnWindow;
  // Byte addresses.
  readonly #weights: number;
  readonly #margins: number;
  /** Whose weights are in kernel memory. */
  #placed: Float64Array | undefined;

  /**
   * @param columns with features of the model
   * @param module the kernel
   */
  constructor(
    columns: readonly DenseColumn[],
    private readonly outputs: number,
    module: WebAssembly.Module,
  ) {
    const { plan, features } = scoringPlan(columns);
    const weightBytes = 8 * outputs * features.length;
    const bytes = windowBytes(plan) + weightBytes + 8 * outputs * windowRows(plan);
    const memory = openMemory();
    const kernel = instantiateExports<MarginKernel>(module, memory);
    const work = Math.ceil(kernel.__heap_base.value / ALIGNMENT) * ALIGNMENT;
    memory.grow(Math.ceil((work + bytes) / PAGE_BYTES));
    this.#features = features;
    this.#kernel = kernel;
    this.#window = new ColumnWindow(plan, memory, work);
    this.#weights = work + windowBytes(plan);
    this.#margins = this.#weights + weightBytes;
  }

  /**
   * Add to the margins of rows, column after column.
   *
   * @param weights f64[features * outputs], feature major; as long as it is the same array, its contents are
   * @param margins f64[rows * outputs], row major
   * @throws InvalidInput when the block lacks an attribute
   */
  add(block: ColumnBlock, rows: Uint32Array, weights: Float64Array, margins: Float64Array): void {
    if (this.#placed !== weights) this.#place(weights);
    const { outputs } = this;
    const { f64, slots, columns, plan } = this.#window;
    const place = this.#margins / 8;
    this.#window.forEach(block, rows, ({ first, end, list }) => {
      const part = margins.subarray(first * outputs, end * outputs);
      f64.set(part, place);
      this.#kernel.addMargins(
        columns,
        plan.columns.length,
        list,
        end - first,
        slots,
        plan.width,
        this.#weights,
        outputs,
        this.#margins,
      );
      part.set(f64.subarray(place, place + part.length));
    });
  }

  #place(weights: Float64Array): void {
    const { outputs } = this;
    const { f64 } = this.#window;
    for (const [i, feature] of this.#features.entries()) {
      f64.set(weights.subarray(feature * outputs, (feature + 1) * outputs), this.#weights / 8 + i * outputs);
    }
    this.#placed = weights;
  }
}

/** Columns that have features, with a number of the row for each feature, from 1 on: 0 stands for none. */
function scoringPlan(columns: readonly DenseColumn[]): { plan: DensePlan; features: number[] } {
  const features = [0];
  const number = (feature: number): number => (feature === 0 ? 0 : features.push(feature) - 1);
  const used = columns.filter(({ feature, missingFeature }) => feature > 0 || missingFeature > 0);
  const numbered = used.map((column) => ({
    ...column,
    feature: number(column.feature),
    missingFeature: number(column.missingFeature),
  }));
  return { plan: { width: features.length, columns: numbered }, features };
}
