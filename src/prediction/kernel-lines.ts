import { instantiateExports, openMemory } from '../kernel/instantiate.js';
import { POWERS } from './format.js';

/** assembly/lines.ts */
interface LineKernel {
  writeLines(
    scores: number,
    count: number,
    outputs: number,
    labels: number,
    answers: number,
    cutOff: number,
    powers: number,
    to: number,
    done: number,
  ): number;
}

const PAGE_BYTES = 65_536;
/** Lines written at a time. */
const ROWS = 1024;
const FIELD_BYTES = 16;

/** Writes lines of batch predictions whose labels are 0 and 1, in kernel memory of its own: what `LineWriter` would write. */
export class KernelLines {
  readonly #kernel: LineKernel;
  readonly #f64: Float64Array;
  readonly #u32: Uint32Array;
  readonly #u8: Uint8Array;
  // Byte addresses.
  readonly #powers: number;
  readonly #scores: number;
  readonly #labels: number;
  readonly #done: number;
  readonly #lines: number;

  /** @param module the kernel */
  constructor(
    private readonly outputs: number,
    module: WebAssembly.Module,
  ) {
    const memory = openMemory();
    const kernel = instantiateExports<LineKernel>(module, memory);
    this.#powers = Math.ceil(kernel.__heap_base.value / 8) * 8;
    this.#scores = this.#powers + 8 * POWERS.length;
    this.#labels = this.#scores + 8 * ROWS * outputs;
    this.#done = this.#labels + ROWS;
    this.#lines = this.#done + 4;
    memory.grow(Math.ceil((this.#lines + ROWS * FIELD_BYTES * (outputs + 1)) / PAGE_BYTES));
    this.#kernel = kernel;
    this.#f64 = new Float64Array(memory.buffer);
    this.#u32 = new Uint32Array(memory.buffer);
    this.#u8 = new Uint8Array(memory.buffer);
    this.#f64.set(POWERS, this.#powers / 8);
  }

  /**
   * Write a line per row.
   *
   * @param scores f64[rows * outputs], row major
   * @param labels of the rows, 0, 1 or 2 for none; undefined: no such field
   * @param cutOff score from which on the answer is 1; undefined: no answers
   * @param take is given the bytes of whole lines, which are soon overwritten
   * @param writeRow writes the line of a row that the kernel leaves out, behind those taken so far
   */
  write(
    scores: Float64Array,
    labels: Uint8Array | undefined,
    cutOff: number | undefined,
    take: (lines: Uint8Array) => void,
    writeRow: (row: number) => void,
  ): void {
    const { outputs } = this;
    const rowCount = scores.length / outputs;
    for (let first = 0; first < rowCount; first += ROWS) {
      const count = Math.min(ROWS, rowCount - first);
      this.#f64.set(scores.subarray(first * outputs, (first + count) * outputs), this.#scores / 8);
      if (labels !== undefined) this.#u8.set(labels.subarray(first, first + count), this.#labels);
      for (let row = 0; row < count; row++) {
        row += this.#writeLines(row, count - row, labels !== undefined, cutOff, take);
        if (row < count) writeRow(first + row);
      }
    }
  }

  /** @returns how many of the rows that are in kernel memory */
  #writeLines(
    row: number,
    count: number,
    labelled: boolean,
    cutOff: number | undefined,
    take: (lines: Uint8Array) => void,
  ): number {
    const end = this.#kernel.writeLines(
      this.#scores + 8 * row * this.outputs,
      count,
      this.outputs,
      labelled ? this.#labels + row : 0,
      cutOff === undefined ? 0 : 1,
      cutOff ?? 0,
      this.#powers,
      this.#lines,
      this.#done,
    );
    take(this.#u8.subarray(this.#lines, end));
    return this.#u32[this.#done / 4];
  }
}
