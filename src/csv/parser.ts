import type { ColumnBlock, ColumnPlan } from '../datasource/block.js';
import type { BlockArrays } from './arrays.js';
import { makeBlock } from './block.js';
import { type CsvOptions, CsvTokenizer } from './tokenizer.js';

export type { CsvOptions } from './tokenizer.js';

/**
 * Open a parser of CSV (RFC 4180, UTF-8) into column blocks.
 *
 * @param module the kernel
 * @param plan one entry per column of the file, in column order
 */
export function openParser(module: WebAssembly.Module, plan: readonly ColumnPlan[], options: CsvOptions): CsvParser {
  return new CsvParser(new CsvTokenizer(module, plan, options));
}

/** A tokenizer whose arrays are column blocks. */
export class CsvParser {
  /** Use `openParser`. */
  constructor(readonly tokenizer: CsvTokenizer) {}

  /** Begin a new pass, or another file: line 1, byte 0, a header if there is one. Codes stay. */
  reset(source?: string): void {
    this.tokenizer.reset(source);
  }

  /** Number of times that `reset` was called. */
  get pass(): number {
    return this.tokenizer.pass;
  }

  /** Each block may lie in the memory of the one before. */
  set reusesBuffer(reuses: boolean) {
    this.tokenizer.reusesBuffer = reuses;
  }

  /** Bytes of kernel memory; grows with dictionaries, not with the file. */
  get memoryBytes(): number {
    return this.tokenizer.memoryBytes;
  }

  /**
   * Take the next bytes of the file.
   *
   * @yields blocks that have become full
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *push(bytes: Uint8Array): Generator<ColumnBlock> {
    for (const arrays of this.tokenizer.push(bytes)) yield this.#makeBlock(arrays);
  }

  /**
   * Take the next bytes of the file from where they are stored: sooner than `push`, which copies them.
   *
   * @param read fills an array with what comes next; may be asked for the same bytes again
   * @yields blocks that have become full
   * @returns bytes taken; 0 where there are no more
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *pull(read: (into: Uint8Array) => number): Generator<ColumnBlock, number> {
    const pulled = this.tokenizer.pull(read);
    let step = pulled.next();
    for (; !step.done; step = pulled.next()) yield this.#makeBlock(step.value);
    return step.value;
  }

  /**
   * The file has ended.
   *
   * @yields the remaining blocks
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *end(): Generator<ColumnBlock> {
    for (const arrays of this.tokenizer.end()) yield this.#makeBlock(arrays);
  }

  #makeBlock(arrays: BlockArrays): ColumnBlock {
    const { dictionaries, source } = this.tokenizer;
    return makeBlock(arrays, dictionaries, source, this.tokenizer.homeOf(arrays));
  }

  /** @throws Error when `reset` was called since `pass` had this value: two readers share the parser */
  mustBeIn(pass: number): void {
    this.tokenizer.mustBeIn(pass);
  }
}
