import type { ColumnBlock } from '../datasource/block.js';
import { everyRecord } from '../datasource/select.js';
import { instantiateKernel, openMemory } from '../kernel/instantiate.js';
import { KernelMemory } from '../kernel/memory.js';
import type { CheckedRecipe } from '../recipe/check.js';
import type { HeldOutSample } from './held-out-sample.js';
import {
  type Centres,
  type Gathered,
  type Known,
  type OpenedKernel,
  ProvisionalRows,
  type SettledRows,
} from './provisional-rows.js';
import { openHeldOut } from './read-rows.js';
import { columnLimit, rowLimit, weightLimit } from './resources.js';
import type { RowReduction } from './row-reducer.js';
import type { TrainInput } from './train.js';

/** Threads that room is left for, whatever their number, so that models do not depend on it. */
const MOST_THREADS = 8;

/** The kernel and the memory that it and its threads work in. */
export function openKernel(module: WebAssembly.Module): OpenedKernel {
  const memory = openMemory(16);
  const kernel = instantiateKernel(module, memory);
  return { kernel, memory: new KernelMemory(memory, kernel) };
}

/** What the reading for the statistics does beside: encode the rows and sample the held-out ones, so that it is the only one. */
export class FirstReading {
  readonly #rows: ProvisionalRows | undefined;
  readonly #sample: HeldOutSample | undefined;
  readonly #mayReduce: boolean = false;
  readonly #module: WebAssembly.Module;
  #opened: (OpenedKernel & { readonly mark: number }) | undefined;

  /** @param recipe undefined: not known before the statistics; rows are to be encoded later then */
  constructor(input: TrainInput, recipe: CheckedRecipe | undefined) {
    const { schema, source, module, options, resources } = input;
    this.#module = module;
    if (recipe === undefined) return;
    // Columns are kept for whoever reads the source next.
    const columnBytes = input.isLast ? 0 : columnLimit(resources);
    const limitBytes = rowLimit(resources.memoryBytes - columnBytes, MOST_THREADS, weightLimit(options));
    const isWeighted = schema.rowWeight !== null;
    this.#rows = new ProvisionalRows({
      recipe,
      target: schema.targetAttributeName!,
      // Weights are known last: such rows are encoded later, to the same numbers.
      limitBytes: isWeighted ? 0 : limitBytes,
      maxFeatures: weightLimit(options),
      sizeInBytes: source.sizeInBytes,
      module,
      openKernel: () => this.emptyKernel(),
    });
    if (input.heldOut?.keep && !isWeighted) this.#sample = openHeldOut(input);
    // Whoever keeps columns, or picks rows, needs them.
    this.#mayReduce = input.isLast === true && input.keep === everyRecord && this.#sample === undefined;
  }

  /**
   * What threads that parse are to make of blocks from now on; undefined: nothing.
   *
   * @param measured attributes to measure beside; undefined: there are others that cannot be
   */
  reductionFor(measured: readonly string[] | undefined): RowReduction | undefined {
    if (!this.#mayReduce || measured === undefined || !this.isEncoding) return undefined;
    return this.#rows?.reductionFor(measured);
  }

  /** Rows are being encoded, so that there will be no other reading if all goes well. */
  get isEncoding(): boolean {
    return this.#rows?.isEncoding ?? false;
  }

  /**
   * Every block, in order.
   *
   * @param rows to learn from
   */
  add(block: ColumnBlock, rows: Uint32Array, gathered: Gathered): void {
    if (this.#rows?.isOver !== false) return;
    this.#rows.add(block, rows, gathered);
    this.#sample?.add(block);
  }

  /** The kernel and its memory, which are opened once: what rows took that could not be settled is there for others. */
  emptyKernel(): OpenedKernel {
    if (this.#opened === undefined) {
      const opened = openKernel(this.#module);
      this.#opened = { ...opened, mark: opened.memory.mark() };
    }
    this.#opened.memory.release(this.#opened.mark);
    return this.#opened;
  }

  /** What rows that did not fit must be encoded with, for the same rows; undefined: nothing. Known once they should be settled. */
  get centres(): Centres | undefined {
    return this.#rows?.centres;
  }

  /** @returns undefined when the data must be read again */
  async settle(known: Known): Promise<(SettledRows & { readonly sample: HeldOutSample | undefined }) | undefined> {
    const settled = await this.#rows?.settle(known);
    return settled && { ...settled, sample: this.#sample };
  }
}
