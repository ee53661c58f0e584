import type { ColumnBlock } from '../datasource/block.js';
import { DenseEncoder, type DensePlan, denseWorkBytes } from '../features/dense-encoder.js';
import { type Encoder, openEncoder } from '../features/encode.js';
import { FIRST_FEATURE } from '../features/rows.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { TargetScale } from '../model/target.js';
import { binnedAttributes } from '../recipe/binned.js';
import type { CheckedRecipe } from '../recipe/check.js';
import { fitRecipe } from '../recipe/fit.js';
import type { FittedOutput, FittedRecipe } from '../recipe/fitted.js';
import type { TargetStatistics } from '../statistics/statistics.js';
import type { Crew } from '../threads/crew.js';
import type { Places } from './dataset.js';
import { SAMPLE_ROWS, sampleStatistics } from './provisional-scale.js';
import { centresOf, settleRows } from './settle-rows.js';
import { closeStride } from './shards.js';
import type { VisitingOrder } from './shuffle.js';

export interface ProvisionalInput {
  readonly recipe: CheckedRecipe;
  readonly target: string;
  /** Bytes of rows to hold in memory. */
  readonly limitBytes: number;
  /** Stored size of the data, when known. */
  readonly sizeInBytes: number | undefined;
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
  readonly order: VisitingOrder;
  readonly scale: TargetScale;
  readonly targetStatistics: TargetStatistics;
  /** A thread of them settles the rows; default: this one does. */
  readonly crew?: Crew;
  /** The shared build of the kernel module. */
  readonly module: WebAssembly.Module;
  readonly signal?: AbortSignal;
}

/** Rows in final form, and the memory that they are in. */
export interface SettledRows extends OpenedKernel {
  readonly places: Places;
}

/** How rows are encoded before means and deviations are known: as distances to centres, one number for each output. */
export interface Form {
  /** With centres for means. */
  readonly outputs: readonly FittedOutput[];
  /** Subtracted from targets. */
  readonly targetCentre: number;
  readonly width: number;
}

/** Centres of numbers. */
export interface Centres {
  readonly attributes: ReadonlyMap<string, number>;
  readonly target: number;
}

/** Encoded rows in the order of the data. */
export interface Encoded extends OpenedKernel, Form {
  readonly address: number;
  readonly rowCount: number;
}

/**
 * Encodes dense rows while the statistics are still being gathered, where the recipe allows it: with centres from the first rows,
 * to be corrected when means and deviations are known.
 */
export class ProvisionalRows {
  #form: Form | undefined;
  #encoder: ProvisionalEncoder | undefined;
  #centres: Centres | undefined;
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
  add(block: ColumnBlock, rows: Uint32Array): void {
    if (rows.length === 0) return;
    if (this.#state === 'waiting') {
      this.#form = formOf(this.input, block, rows);
      this.#encoder = this.#form && openProvisional(this.input, this.#form, block);
      this.#state = this.#encoder === undefined ? 'over' : 'encoding';
    }
    if (this.#encoder?.add(block, rows) === false) {
      this.#encoder = undefined;
      this.#state = 'over';
    }
  }

  /**
   * Bring the rows to their final form and order, and count their features.
   *
   * @returns undefined when the rows have to be encoded anew; nothing is left of them then
   */
  async settle(known: Known): Promise<SettledRows | undefined> {
    const encoded = this.#encoder?.encoded;
    this.#encoder = undefined;
    this.#state = 'over';
    if (encoded !== undefined) return settleRows(encoded, known);
    if (this.#form !== undefined) this.#centres = centresOf(this.#form, known);
    return undefined;
  }

  /**
   * Of rows that did not fit in memory: encoded with them, they become what they would have been if they had. Known once they
   * should have been settled.
   */
  get centres(): Centres | undefined {
    return this.#centres;
  }
}

/** @returns undefined where rows are not dense, or too few to tell */
function formOf({ recipe, target }: ProvisionalInput, block: ColumnBlock, rows: Uint32Array): Form | undefined {
  if (rows.length < SAMPLE_ROWS) return undefined;
  const sample = rows.subarray(0, SAMPLE_ROWS);
  const statistics = sampleStatistics(block, sample, block.columns.keys());
  if (statistics === undefined) return undefined;
  const { outputs } = fitRecipe(recipe, statistics);
  const { layout } = openEncoder({ outputs }, { learn: true });
  if (layout.form !== 'dense' || FIRST_FEATURE + outputs.length > layout.width) return undefined;
  const targetCentre = block.columns.get(target) instanceof Float64Array ? statistics.numeric(target).mean : 0;
  return { outputs, targetCentre, width: layout.width };
}

/** @returns undefined where there seem to be too many rows for the memory */
function openProvisional(input: ProvisionalInput, form: Form, block: ColumnBlock): ProvisionalEncoder | undefined {
  const stride = closeStride({ form: 'dense', width: form.width });
  if (expectedRows(block, input.sizeInBytes) * stride > input.limitBytes) return undefined;
  return new ProvisionalEncoder(input, form);
}

/** 0 when it cannot be told. */
function expectedRows({ rowCount, byteOffsets }: ColumnBlock, sizeInBytes = 0): number {
  const bytes = byteOffsets[rowCount - 1] - byteOffsets[0];
  return bytes > 0 ? (sizeInBytes / bytes) * (rowCount - 1) : 0;
}

/** Writes records one behind the other. */
class ProvisionalEncoder {
  readonly #plan: DensePlan;
  readonly #stride: number;
  readonly #opened: OpenedKernel;
  readonly #encoder: DenseEncoder;
  #address = 0;
  #rowCount = 0;

  constructor(
    readonly input: ProvisionalInput,
    readonly form: Form,
  ) {
    const { outputs, width } = form;
    this.#plan = { width, keepsMissing: true, columns: outputs.map(provisionalColumn) };
    this.#stride = closeStride({ form: 'dense', width });
    this.#opened = input.openKernel();
    const { kernel, memory } = this.#opened;
    const work = memory.allocate(denseWorkBytes(this.#plan), 64);
    this.#encoder = new DenseEncoder(this.#plan, kernel, memory.memory, work);
    this.#address = memory.allocate(0, 64);
  }

  /** @returns false when the rows do not fit in memory */
  add(block: ColumnBlock, rows: Uint32Array): boolean {
    if ((this.#rowCount + rows.length) * this.#stride > this.input.limitBytes) return false;
    const first = this.#opened.memory.allocate(rows.length * this.#stride);
    this.#encoder.encode(block, rows, first, this.#targets(block, rows));
    this.#rowCount += rows.length;
    return true;
  }

  /** Classes by their codes. */
  #targets(block: ColumnBlock, rows: Uint32Array): Float32Array {
    const column = block.columns.get(this.input.target) as Float64Array | Uint8Array | Uint32Array;
    const targets = new Float32Array(rows.length);
    if (column instanceof Uint8Array) {
      for (let i = 0; i < rows.length; i++) targets[i] = column[rows[i]] === 1 ? 1 : -1;
    } else {
      for (let i = 0; i < rows.length; i++) targets[i] = column[rows[i]] - this.form.targetCentre;
    }
    return targets;
  }

  get encoded(): Encoded {
    return { ...this.#opened, ...this.form, address: this.#address, rowCount: this.#rowCount };
  }
}

function provisionalColumn(output: FittedOutput, i: number): DensePlan['columns'][number] {
  const features = { feature: FIRST_FEATURE + i, missingFeature: 0 };
  if (output.kind === 'binary') return { kind: 'binary', attribute: output.attribute, ...features };
  if (output.kind !== 'number') throw new Error(`an output of a dense row is no number: ${output.expression}`);
  return { kind: 'number', attribute: output.attribute, mean: output.mean, divisor: 1, ...features };
}
