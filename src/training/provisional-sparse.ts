import type { ColumnBlock } from '../datasource/block.js';
import { type Encoder, openEncoder } from '../features/encode.js';
import { headWords, type RowLayout, SPARSE_HEADER_WORDS } from '../features/rows.js';
import type { SparseEncoder } from '../features/sparse-encoder.js';
import { type RowMemory, type SparsePlan, tailSlots } from '../features/sparse-plan.js';
import type { KernelMemory } from '../kernel/memory.js';
import { LEAST_FILL } from './dataset.js';
import type {
  Form,
  Known,
  OpenedKernel,
  ProvisionalEncoder,
  ProvisionalInput,
  SettledRows,
} from './provisional-rows.js';
import { provisionalTargets } from './provisional-scale.js';
import { settleSparseRows } from './settle-sparse-rows.js';

/** Room for what encoding needs beside the rows, which lie in one piece; it takes memory only as far as it is used. */
const WORK_BYTES = 1 << 26;

type Lacks = (attribute: string) => boolean;

/**
 * An encoder of sparse rows that consist of cells. Features are learned and numbered as they are where rows are encoded later. Numbers
 * have a feature for a missing value from the first one on.
 *
 * @param fits whether rows of so many bytes seem to fit in memory
 * @returns undefined where they do not
 */
export function openSparse(
  input: ProvisionalInput,
  form: Form,
  lacks: Lacks,
  fits: (stride: number) => boolean,
): ProvisionalEncoder | undefined {
  const { maxFeatures, module } = input;
  const learner = openEncoder({ outputs: form.outputs }, { learn: true, maxFeatures, module });
  const stride = strideOf(learner, lacks);
  return fits(stride) ? new ProvisionalSparse(input, form, learner, stride) : undefined;
}

/** Bytes of a record, one more missing number than so far included. */
function strideOf(learner: Encoder, lacks: Lacks): number {
  const plan = planOf(learner, lacks);
  const mayLack = plan.columns.some((column) => column.kind === 'number' && column.missingFeature === 0);
  const words = 4 * Math.ceil((tailSlots(plan) + Number(mayLack)) / 4);
  return 4 * (SPARSE_HEADER_WORDS + headWords(sparseLayout(learner)) + words);
}

/** With features for the missing numbers of the attributes that have some. */
function planOf({ sparsePlan }: Encoder, lacks: Lacks): SparsePlan {
  const columns = sparsePlan!.columns.map((column) =>
    column.kind === 'number' && !lacks(column.attribute) ? { ...column, missingFeature: 0 } : column,
  );
  return { ...sparsePlan!, columns, keepsMissing: true };
}

function sparseLayout({ layout }: Encoder): RowLayout & { readonly form: 'sparse' } {
  if (layout.form !== 'sparse') throw new Error('rows are not sparse');
  return layout;
}

class ProvisionalSparse implements ProvisionalEncoder {
  readonly #opened: OpenedKernel;
  readonly #work: Arena;
  readonly #address: number;
  #sparse: SparseEncoder | undefined;
  /** Attributes whose missing numbers have a feature. */
  #lacking = '';
  #rowCount = 0;
  /** Of records, but for their headers and heads. */
  #tailBytes = 0;

  constructor(
    readonly input: ProvisionalInput,
    readonly form: Form,
    readonly learner: Encoder,
    readonly stride: number,
  ) {
    this.#opened = input.openKernel();
    const { memory } = this.#opened;
    this.#work = new Arena(memory, WORK_BYTES);
    this.#address = memory.allocate(0, 64);
  }

  add(block: ColumnBlock, rows: Uint32Array, lacks: Lacks): boolean {
    const { input, learner, stride } = this;
    const sparse = this.#encoderFor(lacks);
    if (sparse === undefined || (this.#rowCount + rows.length) * stride > input.limitBytes) return false;
    const first = this.#opened.memory.allocate(rows.length * stride);
    if (first !== this.#address + this.#rowCount * stride) return false;
    const places = new Uint32Array(rows.length);
    for (let i = 0; i < places.length; i++) places[i] = first + i * stride;
    const targets = provisionalTargets(block, rows, input.target, this.form.targetCentre);
    learner.encodeSparse(sparse, { block, rows, places, targets });
    this.#rowCount += rows.length;
    this.#tailBytes += sparse.takeBytes();
    return this.#isFilled && !learner.mayForget(input.maxFeatures);
  }

  /** Another one where an attribute lacks numbers for the first time; undefined where records have no room for their features. */
  #encoderFor(lacks: Lacks): SparseEncoder | undefined {
    const plan = planOf(this.learner, lacks);
    const lacking = plan.columns.flatMap((column) =>
      column.kind === 'number' && column.missingFeature !== 0 ? column.missingFeature : [],
    );
    if (this.#sparse !== undefined && lacking.join() === this.#lacking) return this.#sparse;
    if (this.#tailAt + 4 * tailSlots(plan) > this.stride) return undefined;
    this.#lacking = lacking.join();
    const { kernel } = this.#opened;
    return (this.#sparse = this.learner.openSparse(kernel, this.#work, plan));
  }

  /** From the beginning of a record to the features behind its head, bytes. */
  get #tailAt(): number {
    return 4 * (SPARSE_HEADER_WORDS + headWords(sparseLayout(this.learner)));
  }

  /** Would later rows stand where they belong, too? */
  get #isFilled(): boolean {
    return this.#rowCount * this.#tailAt + this.#tailBytes >= LEAST_FILL * this.#rowCount * this.stride;
  }

  settle(known: Known): Promise<SettledRows | undefined> {
    const { form, learner, stride } = this;
    const rows = { ...this.#opened, address: this.#address, rowCount: this.#rowCount, stride };
    return settleSparseRows({ ...rows, form, learner, tailBytes: this.#tailBytes }, known);
  }
}

/** Room in a kernel memory, and more where that is used up. */
class Arena implements RowMemory {
  readonly memory: WebAssembly.Memory;
  #next: number;
  readonly #end: number;

  constructor(
    private readonly kernelMemory: KernelMemory,
    bytes: number,
  ) {
    this.memory = kernelMemory.memory;
    this.#next = kernelMemory.allocate(bytes, 64);
    this.#end = this.#next + bytes;
  }

  allocate(bytes: number, alignment: number): number {
    const address = Math.ceil(this.#next / alignment) * alignment;
    if (address + bytes > this.#end) return this.kernelMemory.allocate(bytes, alignment);
    this.#next = address + bytes;
    return address;
  }
}
