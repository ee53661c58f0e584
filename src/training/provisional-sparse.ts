import type { ColumnBlock } from '../datasource/block.js';
import { featureLimit } from '../features/pruning.js';
import { BIAS_FEATURE, FIRST_FEATURE, headWords, SPARSE_HEADER_WORDS } from '../features/rows.js';
import { SparseEncoder } from '../features/sparse-encoder.js';
import { type RowMemory, type SparseColumn, type SparsePlan, tailSlots } from '../features/sparse-plan.js';
import type { KernelMemory } from '../kernel/memory.js';
import { listWord, MOST_IN_LIST, MOST_LISTS } from '../kernel/settle-kernel.js';
import type { FittedOutput } from '../recipe/fitted.js';
import { CodeOrder } from './code-order.js';
import { LEAST_FILL } from './dataset.js';
import type {
  Form,
  Gathered,
  Known,
  OpenedKernel,
  ProvisionalEncoder,
  ProvisionalInput,
  SettledRows,
  SoFar,
} from './provisional-rows.js';
import { provisionalTargets } from './provisional-scale.js';
import { settleSparseRows } from './settle-sparse-rows.js';

/** Room for what encoding needs beside the rows, which lie in one piece; it takes memory only as far as it is used. */
const WORK_BYTES = 1 << 24;

/**
 * An encoder of sparse rows of numbers, binary values and categories. In the place of features stand codes; numbers have one for a
 * missing value from the first one on.
 *
 * @param fits whether rows of so many bytes seem to fit in memory
 * @returns undefined where they do not
 */
export function openSparse(
  input: ProvisionalInput,
  form: Form,
  soFar: SoFar,
  fits: (stride: number) => boolean,
): ProvisionalEncoder | undefined {
  if (form.outputs.length >= MOST_LISTS) return undefined;
  const stride = strideOf(planOf(form.outputs, soFar.gathered));
  return fits(stride) ? new ProvisionalSparse(input, form, stride) : undefined;
}

/** Bytes of a record, one more missing number than so far included. */
function strideOf(plan: SparsePlan): number {
  const mayLack = plan.columns.some((column) => column.kind === 'number' && column.missingFeature === 0);
  return tailAt(plan) + 16 * Math.ceil((tailSlots(plan) + Number(mayLack)) / 4);
}

/** From the beginning of a record to what is behind its head, bytes. */
function tailAt({ head }: SparsePlan): number {
  return 4 * (SPARSE_HEADER_WORDS + headWords({ form: 'sparse', head }));
}

/** Outputs have a list of features each, the first of them the second list. */
function planOf(outputs: readonly FittedOutput[], gathered: Pick<Gathered, 'lacks'>): SparsePlan {
  const numbers = outputs.flatMap(({ kind }, i) => (kind === 'number' ? FIRST_FEATURE + i : []));
  const head = numbers.length > 0 ? [BIAS_FEATURE, ...numbers] : [];
  return { head, columns: outputs.map((output, i) => columnOf(output, i, gathered)), keepsMissing: true };
}

function columnOf(output: FittedOutput, i: number, gathered: Pick<Gathered, 'lacks'>): SparseColumn {
  const first = listWord(i + 1, 0);
  if (output.kind === 'categories') return { kind: 'codes', attribute: output.attribute, base: first };
  if (output.kind === 'binary') {
    return { kind: 'binary', attribute: output.attribute, feature: first, missingFeature: first + 1 };
  }
  if (output.kind !== 'number') throw new Error(`an output of a row of cells is of another kind: ${output.expression}`);
  const { attribute, mean } = output;
  const missingFeature = gathered.lacks(attribute) ? first + 1 : 0;
  return { kind: 'number', attribute, mean, divisor: 1, feature: FIRST_FEATURE + i, missingFeature };
}

class ProvisionalSparse implements ProvisionalEncoder {
  readonly #opened: OpenedKernel;
  readonly #work: Arena;
  readonly #address: number;
  /** By categorical attribute. */
  readonly #orders: ReadonlyMap<string, CodeOrder>;
  #sparse: SparseEncoder | undefined;
  #plan: SparsePlan;
  /** Numbers that were missing, by output, but for those that the present encoder has counted. */
  #missing: readonly number[];
  #rowCount = 0;
  /** Of records, but for their headers and heads. */
  #tailBytes = 0;

  constructor(
    readonly input: ProvisionalInput,
    readonly form: Form,
    readonly stride: number,
  ) {
    const { outputs } = form;
    this.#opened = input.openKernel();
    const { memory } = this.#opened;
    this.#work = new Arena(memory, WORK_BYTES);
    this.#address = memory.allocate(0, 64);
    this.#plan = planOf(outputs, { lacks: () => false });
    this.#missing = outputs.map(() => 0);
    this.#orders = new Map(
      outputs.flatMap((output) => (output.kind === 'categories' ? [[output.attribute, new CodeOrder()]] : [])),
    );
  }

  add(block: ColumnBlock, rows: Uint32Array, soFar: SoFar): boolean {
    const { input, stride } = this;
    const sparse = this.#encoderFor(soFar.gathered);
    if (sparse === undefined || (this.#rowCount + rows.length) * stride > input.limitBytes) return false;
    if (!this.#addCodes(block, rows, soFar)) return false;
    const first = this.#opened.memory.allocate(rows.length * stride);
    if (first !== this.#address + this.#rowCount * stride) return false;
    const places = placesFrom(first, rows.length, stride);
    const targets = provisionalTargets(block, rows, input.target, this.form.targetCentre);
    sparse.bind(block);
    sparse.encode({ block, rows, places, targets }, 0, rows.length);
    this.#rowCount += rows.length;
    this.#tailBytes += sparse.takeBytes();
    return this.#isFilled;
  }

  /** Another one where an attribute lacks numbers for the first time; undefined where records have no room for their features. */
  #encoderFor(gathered: Gathered): SparseEncoder | undefined {
    const plan = planOf(this.form.outputs, gathered);
    if (this.#sparse !== undefined && tailSlots(plan) === tailSlots(this.#plan)) return this.#sparse;
    if (tailAt(plan) + 4 * tailSlots(plan) > this.stride) return undefined;
    this.#missing = this.#missingCounts;
    this.#plan = plan;
    this.#work.clear();
    return (this.#sparse = new SparseEncoder(plan, [], this.#opened.kernel, this.#work));
  }

  get #missingCounts(): number[] {
    const counts = this.#sparse?.missingCounts() ?? [];
    return this.#missing.map((count, i) => count + (counts[i] ?? 0));
  }

  /** @returns false when there are too many categories */
  #addCodes({ columns, dictionaries }: ColumnBlock, rows: Uint32Array, { gathered, isWhole }: SoFar): boolean {
    let codes = 0;
    for (const [attribute, order] of this.#orders) {
      const { size } = dictionaries.get(attribute)!;
      if (size > MOST_IN_LIST) return false;
      const rowsByCode = (): Float64Array => gathered.rowsByCode(attribute);
      const lacks = gathered.lacks(attribute);
      order.add(columns.get(attribute) as Uint32Array, rows, { size, lacks, isWhole, rowsByCode });
      codes += size;
    }
    return codes <= featureLimit(this.input.maxFeatures);
  }

  /** Would later rows stand where they belong, too? */
  get #isFilled(): boolean {
    return this.#rowCount * tailAt(this.#plan) + this.#tailBytes >= LEAST_FILL * this.#rowCount * this.stride;
  }

  settle(known: Known): Promise<SettledRows | undefined> {
    const rows = { ...this.#opened, address: this.#address, rowCount: this.#rowCount, stride: this.stride };
    return settleSparseRows(
      {
        ...rows,
        form: this.form,
        head: this.#plan.head,
        orders: this.#orders,
        missingCounts: this.#missingCounts,
        tailBytes: this.#tailBytes,
      },
      known,
    );
  }
}

/** Addresses at equal distances. */
function placesFrom(first: number, count: number, stride: number): Uint32Array {
  const places = new Uint32Array(count);
  for (let i = 0; i < count; i++) places[i] = first + i * stride;
  return places;
}

/** Room in a kernel memory, and more where that is used up. */
class Arena implements RowMemory {
  readonly memory: WebAssembly.Memory;
  readonly #begin: number;
  readonly #end: number;
  #next: number;

  constructor(
    private readonly kernelMemory: KernelMemory,
    bytes: number,
  ) {
    this.memory = kernelMemory.memory;
    this.#begin = kernelMemory.allocate(bytes, 64);
    this.#next = this.#begin;
    this.#end = this.#begin + bytes;
  }

  allocate(bytes: number, alignment: number): number {
    const address = Math.ceil(this.#next / alignment) * alignment;
    if (address + bytes > this.#end) return this.kernelMemory.allocate(bytes, alignment);
    this.#next = address + bytes;
    return address;
  }

  /** Nothing of it is needed any more. */
  clear(): void {
    this.#next = this.#begin;
  }
}
