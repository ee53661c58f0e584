import type { ColumnBlock } from '../datasource/block.js';
import { type Encoder, type LearnedFeatures, openEncoder } from '../features/encode.js';
import { FIRST_FEATURE, type RowLayout } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { TargetScale } from '../model/target.js';
import { binnedAttributes } from '../recipe/binned.js';
import type { CheckedRecipe } from '../recipe/check.js';
import { fitRecipe } from '../recipe/fit.js';
import type { FittedOutput, FittedRecipe } from '../recipe/fitted.js';
import type { DataStatistics, StatisticsCollector, TargetStatistics } from '../statistics/statistics.js';
import type { Crew } from '../threads/crew.js';
import { centresOf } from './corrections.js';
import type { Places } from './dataset.js';
import { openDense } from './provisional-dense.js';
import { SAMPLE_ROWS, sampleStatistics } from './provisional-scale.js';
import { openSparse } from './provisional-sparse.js';
import type { RowReduction } from './row-reducer.js';
import type { VisitingOrder } from './shuffle.js';

export interface ProvisionalInput {
  readonly recipe: CheckedRecipe;
  readonly target: string;
  /** Bytes of rows to hold in memory. */
  readonly limitBytes: number;
  /** Features that a model may have, or more. */
  readonly maxFeatures: number;
  /** Stored size of the data, when known. */
  readonly sizeInBytes: number | undefined;
  readonly module: WebAssembly.Module;
  /** Open the memory that rows will be in. */
  openKernel(): OpenedKernel;
}

export interface OpenedKernel {
  readonly kernel: Kernel;
  readonly memory: KernelMemory;
}

/** What is known when everything has been read. */
export interface Known {
  readonly recipe: FittedRecipe;
  /** Learns the recipe's features; nothing has been encoded yet. */
  readonly encoder: Encoder;
  /** Features that it may learn, and those of them that may be kept. */
  readonly maxFeatures: number;
  readonly mostKept: number;
  readonly statistics: DataStatistics;
  readonly order: VisitingOrder;
  readonly scale: TargetScale;
  readonly targetStatistics: TargetStatistics;
  /** Running threads to settle rows with; default: this one does. */
  readonly crew?: Crew;
  readonly module: WebAssembly.Module;
  readonly signal?: AbortSignal;
}

/** Rows in final form, and the memory that they are in. */
export interface SettledRows extends OpenedKernel {
  readonly places: Places;
  readonly layout: RowLayout;
  /** What was learned of them, whose final numbers they have; absent: the encoder that is known has counted them. */
  readonly learned?: LearnedFeatures;
}

/** How rows are encoded before means and deviations are known: as distances to centres. */
export interface Form {
  /** With centres for means. */
  readonly outputs: readonly FittedOutput[];
  /** Subtracted from targets. */
  readonly targetCentre: number;
  readonly layout: RowLayout;
}

/** Centres of numbers. */
export interface Centres {
  readonly attributes: ReadonlyMap<string, number>;
  readonly target: number;
}

/** What has been gathered of the rows to learn from, those of the present block included. */
export type Gathered = Pick<StatisticsCollector, 'lacks' | 'rowsByCode'>;

/** What is known of the rows of a block and of those before. */
export interface SoFar {
  readonly gathered: Gathered;
  /** Were all rows to learn from? */
  readonly isWhole: boolean;
}

/** Writes provisional records one behind the other. */
export interface ProvisionalEncoder {
  /**
   * @param rows to learn from, at least one
   * @returns false when all rows must be encoded later, for lack of room or because they are not as expected
   */
  add(block: ColumnBlock, rows: Uint32Array, soFar: SoFar): boolean;
  /**
   * What threads are to make of blocks so that `add` takes them; absent: it cannot.
   *
   * @param measured attributes to measure
   */
  reductionFor?(measured: readonly string[]): RowReduction;
  /** As `ProvisionalRows.settle`. */
  settle(known: Known): Promise<SettledRows | undefined>;
}

/**
 * Encodes rows while the statistics are still being gathered, where the recipe allows it: with centres from the first rows, to be
 * corrected when means and deviations are known.
 */
export class ProvisionalRows {
  #form: Form | undefined;
  #encoder: ProvisionalEncoder | undefined;
  #centres: Centres | undefined;
  #isWhole = true;
  #state: 'waiting' | 'encoding' | 'over' = 'waiting';

  constructor(readonly input: ProvisionalInput) {
    if (binnedAttributes(input.recipe).size > 0) this.#state = 'over';
  }

  /** Rows are being encoded, so that nobody needs their columns again if all goes well. */
  get isEncoding(): boolean {
    return this.#state === 'encoding';
  }

  /** Nothing will be encoded any more. */
  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** @param rows to learn from */
  add(block: ColumnBlock, rows: Uint32Array, gathered: Gathered): void {
    if (rows.length < block.rowCount) this.#isWhole = false;
    if (rows.length === 0) return;
    const soFar = { gathered, isWhole: this.#isWhole };
    if (this.#state === 'waiting') {
      this.#form = formOf(this.input, block, rows);
      this.#encoder = this.#form && openProvisional(this.input, this.#form, block, soFar);
      this.#state = this.#encoder === undefined ? 'over' : 'encoding';
    }
    if (this.#encoder?.add(block, rows, soFar) === false) {
      this.#encoder = undefined;
      this.#state = 'over';
    }
  }

  /** As `ProvisionalEncoder.reductionFor`; undefined: nothing. */
  reductionFor(measured: readonly string[]): RowReduction | undefined {
    return this.#encoder?.reductionFor?.(measured);
  }

  /**
   * Bring the rows to their final form and order, and count their features.
   *
   * @returns undefined when the rows have to be encoded anew; nothing is left of them then
   */
  async settle(known: Known): Promise<SettledRows | undefined> {
    const encoder = this.#encoder;
    this.#encoder = undefined;
    this.#state = 'over';
    const settled = await encoder?.settle(known);
    if (settled === undefined && this.#form !== undefined) this.#centres = centresOf(this.#form, known);
    return settled;
  }

  /**
   * Of rows that were not settled, for lack of memory perhaps: encoded with them, they become what they would have been. Known once
   * they should have been settled.
   */
  get centres(): Centres | undefined {
    return this.#centres;
  }
}

/** @returns undefined where rows are not of a form that can be corrected, or too few to tell */
function formOf({ recipe, target }: ProvisionalInput, block: ColumnBlock, rows: Uint32Array): Form | undefined {
  if (rows.length < SAMPLE_ROWS) return undefined;
  const sample = rows.subarray(0, SAMPLE_ROWS);
  const statistics = sampleStatistics(block, sample, block.columns.keys());
  if (statistics === undefined) return undefined;
  const { outputs } = fitRecipe(recipe, statistics);
  const targetCentre = block.columns.get(target) instanceof Float64Array ? statistics.numeric(target).mean : 0;
  const { layout } = openEncoder({ outputs }, { learn: true });
  if (layout.form === 'dense') {
    return FIRST_FEATURE + outputs.length > layout.width ? undefined : { outputs, targetCentre, layout };
  }
  if (!outputs.every(({ kind }) => kind === 'number' || kind === 'binary' || kind === 'categories')) return undefined;
  const numbers = outputs.filter((output) => output.kind === 'number');
  // Rows without a number that varies have no head.
  if (numbers.length > 0 && numbers.every(({ standardDeviation }) => standardDeviation === 0)) return undefined;
  return { outputs, targetCentre, layout };
}

/** @returns undefined where there seem to be too many rows for the memory */
function openProvisional(
  input: ProvisionalInput,
  form: Form,
  block: ColumnBlock,
  soFar: SoFar,
): ProvisionalEncoder | undefined {
  const fits = (stride: number): boolean => expectedRows(block, input.sizeInBytes) * stride <= input.limitBytes;
  return form.layout.form === 'dense' ? openDense(input, form, fits) : openSparse(input, form, soFar, fits);
}

/** 0 when it cannot be told. */
function expectedRows({ rowCount, byteOffsets }: ColumnBlock, sizeInBytes = 0): number {
  const bytes = byteOffsets[rowCount - 1] - byteOffsets[0];
  return bytes > 0 ? (sizeInBytes / bytes) * (rowCount - 1) : 0;
}
