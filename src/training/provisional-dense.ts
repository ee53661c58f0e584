import type { ColumnBlock } from '../datasource/block.js';
import { DenseEncoder, type DensePlan, denseWorkBytes } from '../features/dense-encoder.js';
import { FIRST_FEATURE, type RowLayout } from '../features/rows.js';
import { ROOM_STATE_BYTES, SharedRoom } from '../kernel/shared-room.js';
import type { FittedOutput } from '../recipe/fitted.js';
import type {
  Form,
  Known,
  OpenedKernel,
  ProvisionalEncoder,
  ProvisionalInput,
  SettledRows,
} from './provisional-rows.js';
import { provisionalTargets } from './provisional-scale.js';
import type { ReducedRows, RowReduction } from './row-reducer.js';
import { RowRuns } from './row-runs.js';
import { settleRows } from './settle-rows.js';
import { closeStride } from './shards.js';

/**
 * An encoder of dense rows, one number for each output.
 *
 * @param fits whether rows of so many bytes seem to fit in memory
 * @returns undefined where they do not
 */
export function openDense(
  input: ProvisionalInput,
  form: Form,
  fits: (stride: number) => boolean,
): ProvisionalEncoder | undefined {
  return fits(closeStride(form.layout)) ? new ProvisionalDense(input, form) : undefined;
}

/** What may be taken, in units of what rows may take. */
const SPARE_SHARE = 1.1;
/** The last page of a memory stays unused. */
const MOST_BYTES = 2 ** 32 - 2 ** 17;

class ProvisionalDense implements ProvisionalEncoder {
  readonly #layout: RowLayout & { readonly form: 'dense' };
  readonly #stride: number;
  readonly #opened: OpenedKernel;
  readonly #encoder: DenseEncoder;
  readonly #plan: DensePlan;
  readonly #runs: RowRuns;
  /** That threads take from, too. */
  #room: SharedRoom | undefined;
  #reduction: RowReduction | undefined;

  constructor(
    readonly input: ProvisionalInput,
    readonly form: Form,
  ) {
    const { outputs, layout } = form;
    if (layout.form !== 'dense') throw new Error('rows are not dense');
    const plan: DensePlan = { width: layout.width, keepsMissing: true, columns: outputs.map(provisionalColumn) };
    this.#plan = plan;
    this.#layout = layout;
    this.#stride = closeStride(layout);
    this.#runs = new RowRuns(this.#stride);
    this.#opened = input.openKernel();
    const { kernel, memory } = this.#opened;
    const work = memory.allocate(denseWorkBytes(plan), 64);
    this.#encoder = new DenseEncoder(plan, kernel, memory.memory, work);
    // Rows begin with a cache line.
    memory.allocate(0, 64);
  }

  add(block: ColumnBlock, rows: Uint32Array): boolean {
    if ((this.#runs.rowCount + rows.length) * this.#stride > this.input.limitBytes) return false;
    const targets = provisionalTargets(block, rows, this.input.target, this.form.targetCentre);
    if (block.reduced !== undefined) {
      this.#adopt(block, block.reduced as ReducedRows, targets);
      return true;
    }
    const bytes = rows.length * this.#stride;
    const first = this.#room === undefined ? this.#opened.memory.allocate(bytes) : this.#room.take(bytes);
    if (first === undefined) return false;
    this.#encoder.encode(block, rows, first, targets);
    this.#runs.add(first, rows.length);
    return true;
  }

  /** Rows that a thread has encoded, whose classes may have other codes here. */
  #adopt({ columns, rowCount }: ColumnBlock, { address }: ReducedRows, targets: Float32Array): void {
    this.#runs.add(address, rowCount);
    if (!(columns.get(this.input.target) instanceof Uint32Array)) return;
    const { f32 } = this.#opened.memory;
    for (let row = 0, at = address / 4; row < rowCount; row++, at += this.#stride / 4) f32[at] = targets[row];
  }

  reductionFor(measured: readonly string[]): RowReduction {
    if (this.#reduction !== undefined) return this.#reduction;
    const { module, limitBytes, target } = this.input;
    const { memory } = this.#opened;
    const room = { state: memory.allocate(ROOM_STATE_BYTES) };
    const begin = memory.allocate(0, 64);
    // Threads have work areas of their own, and rows of theirs may have to be parsed again.
    this.#room = SharedRoom.open(memory.memory, room, begin, Math.min(begin + SPARE_SHARE * limitBytes, MOST_BYTES));
    const { targetCentre } = this.form;
    return (this.#reduction = {
      module,
      memory: memory.memory,
      room,
      plan: this.#plan,
      target,
      targetCentre,
      measured,
    });
  }

  settle(known: Known): Promise<SettledRows | undefined> {
    const { memory } = this.#opened;
    if (this.#room !== undefined) memory.allocate(this.#room.end - memory.mark());
    return settleRows({ ...this.form, ...this.#opened, layout: this.#layout, runs: this.#runs.all }, known);
  }
}

function provisionalColumn(output: FittedOutput, i: number): DensePlan['columns'][number] {
  const features = { feature: FIRST_FEATURE + i, missingFeature: 0 };
  if (output.kind === 'binary') return { kind: 'binary', attribute: output.attribute, ...features };
  if (output.kind !== 'number') throw new Error(`an output of a dense row is no number: ${output.expression}`);
  return { kind: 'number', attribute: output.attribute, mean: output.mean, divisor: 1, ...features };
}
