import type { ColumnBlock } from '../datasource/block.js';
import { DenseEncoder, type DensePlan, denseWorkBytes } from '../features/dense-encoder.js';
import { FIRST_FEATURE, type RowLayout } from '../features/rows.js';
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

class ProvisionalDense implements ProvisionalEncoder {
  readonly #layout: RowLayout & { readonly form: 'dense' };
  readonly #stride: number;
  readonly #opened: OpenedKernel;
  readonly #encoder: DenseEncoder;
  #address = 0;
  #rowCount = 0;

  constructor(
    readonly input: ProvisionalInput,
    readonly form: Form,
  ) {
    const { outputs, layout } = form;
    if (layout.form !== 'dense') throw new Error('rows are not dense');
    const plan: DensePlan = { width: layout.width, keepsMissing: true, columns: outputs.map(provisionalColumn) };
    this.#layout = layout;
    this.#stride = closeStride(layout);
    this.#opened = input.openKernel();
    const { kernel, memory } = this.#opened;
    const work = memory.allocate(denseWorkBytes(plan), 64);
    this.#encoder = new DenseEncoder(plan, kernel, memory.memory, work);
    this.#address = memory.allocate(0, 64);
  }

  add(block: ColumnBlock, rows: Uint32Array): boolean {
    if ((this.#rowCount + rows.length) * this.#stride > this.input.limitBytes) return false;
    const first = this.#opened.memory.allocate(rows.length * this.#stride);
    const targets = provisionalTargets(block, rows, this.input.target, this.form.targetCentre);
    this.#encoder.encode(block, rows, first, targets);
    this.#rowCount += rows.length;
    return true;
  }

  settle(known: Known): Promise<SettledRows | undefined> {
    const rows = { ...this.#opened, address: this.#address, rowCount: this.#rowCount };
    return settleRows({ ...this.form, layout: this.#layout, ...rows }, known);
  }
}

function provisionalColumn(output: FittedOutput, i: number): DensePlan['columns'][number] {
  const features = { feature: FIRST_FEATURE + i, missingFeature: 0 };
  if (output.kind === 'binary') return { kind: 'binary', attribute: output.attribute, ...features };
  if (output.kind !== 'number') throw new Error(`an output of a dense row is no number: ${output.expression}`);
  return { kind: 'number', attribute: output.attribute, mean: output.mean, divisor: 1, ...features };
}
