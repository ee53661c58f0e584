import type { ColumnBlock, ColumnPlan, Dictionary } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import { takeBlock } from './block.js';
import { ColumnDictionary } from './dictionary.js';
import { hasByteOrderMark, notUtf8, refuseUtf16 } from './encoding.js';
import * as layout from './layout.js';
import { BlockNotes } from './notes.js';
import { INPUT_BYTES, Workspace } from './workspace.js';

export interface CsvOptions {
  /** The first record of each file is a header: it is skipped, the caller checks it. */
  readonly header: boolean;
  /** Most rows in a block; 4096 unless given. */
  readonly blockSize?: number;
  /** File name, for messages. */
  readonly source: string;
}

const DEFAULT_BLOCK_SIZE = 4096;
/** A block of long records ends after about this much input, so that its size is bounded. */
const BLOCK_BYTES = 4 * 2 ** 20;

/**
 * Open a parser of CSV (RFC 4180, UTF-8) into column blocks.
 *
 * @param module the plain build of the kernel module
 * @param plan one entry per column of the file, in column order
 */
export function openParser(module: WebAssembly.Module, plan: readonly ColumnPlan[], options: CsvOptions): CsvParser {
  if (plan.length === 0) throw new RangeError('a plan needs at least one column');
  const names = plan.filter(({ kind }) => kind !== 'skip').map(({ name }) => name);
  if (new Set(names).size < names.length) throw new RangeError(`two columns of the same name: ${names.join(', ')}`);
  return new CsvParser(module, plan, options);
}

/**
 * Parses one file after another, or one file again and again: dictionaries and their codes live as long as the parser.
 *
 * Bytes may come in pieces of any size; blocks, lines and offsets do not depend on it.
 */
export class CsvParser {
  /** Number of times that `reset` was called. */
  pass = 0;
  readonly #work: Workspace;
  readonly #notes: BlockNotes;
  readonly #dictionaries: ReadonlyMap<string, Dictionary>;
  readonly #header: boolean;
  #source: string;
  /** Address behind the last byte of input. */
  #end = 0;
  /** Address up to which the input is known to be UTF-8. */
  #checked = 0;
  #atStart = true;
  /** Bytes of the file that lie before the present block. */
  #blockOffset = 0;

  /** Use `openParser`. */
  constructor(module: WebAssembly.Module, plan: readonly ColumnPlan[], options: CsvOptions) {
    this.#work = new Workspace(module, plan, options.blockSize ?? DEFAULT_BLOCK_SIZE);
    this.#notes = new BlockNotes(this.#work, plan.length);
    const withValues = this.#work.columns.filter(({ kind }) => kind === 'categorical' || kind === 'text');
    this.#dictionaries = new Map(
      withValues.map(({ name, address }) => [name, new ColumnDictionary(this.#work.regions, address)]),
    );
    this.#header = options.header;
    this.#source = options.source;
    this.reset();
  }

  /** Begin a new pass, or another file: line 1, byte 0, a header if there is one. Codes stay. */
  reset(source: string = this.#source): void {
    const { state, input } = this.#work;
    this.pass++;
    this.#source = source;
    this.#end = this.#checked = input;
    this.#atStart = true;
    this.#blockOffset = 0;
    this.#work.setWord(state, layout.POSITION, input);
    this.#work.setWord(state, layout.ROW, 0);
    this.#work.setWord(state, layout.PASSING, 0);
    this.#work.setWord(state, layout.HEADER, this.#header ? 1 : 0);
    this.#work.setDouble(layout.LINE, 1);
    this.#work.setDouble(layout.BASE, -input);
    this.#notes.clear();
  }

  /**
   * Take the next bytes of the file.
   *
   * @yields blocks that have become full
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *push(bytes: Uint8Array): Generator<ColumnBlock> {
    const limit = this.#work.input + INPUT_BYTES;
    for (let taken = 0; taken < bytes.length; ) {
      const part = bytes.subarray(taken, taken + limit - this.#end);
      this.#work.regions.u8.set(part, this.#end);
      this.#end += part.length;
      taken += part.length;
      if (this.#end === limit) yield* this.#parse(false);
    }
  }

  /**
   * The file has ended.
   *
   * @yields the remaining blocks
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *end(): Generator<ColumnBlock> {
    yield* this.#parse(true);
    if (this.#rowCount > 0) yield* this.#giveBlock(this.pass);
  }

  /** Bytes of kernel memory; grows with dictionaries, not with the file. */
  get memoryBytes(): number {
    return this.#work.regions.memory.buffer.byteLength;
  }

  get #rowCount(): number {
    return this.#work.word(this.#work.state, layout.ROW);
  }

  *#parse(final: boolean): Generator<ColumnBlock> {
    const { kernel, state } = this.#work;
    const { pass } = this;
    if (this.#atStart) this.#begin();
    this.#checkEncoding(final);
    this.#work.endInput(this.#end);
    for (;;) {
      const status = kernel.csvParse(state, final ? 1 : 0);
      this.#notes.take();
      if (status === layout.NEED_INPUT) break;
      if (status === layout.BLOCK_FULL) yield* this.#giveBlock(pass);
      else if (status !== layout.NOTES_FULL) this.#grow(status);
    }
    this.#keepTail();
    if (this.#rowCount > 0 && this.#offset() - this.#blockOffset >= BLOCK_BYTES) yield* this.#giveBlock(pass);
  }

  #begin(): void {
    const { regions, input, state } = this.#work;
    this.#atStart = false;
    const bytes = regions.u8.subarray(input, this.#end);
    refuseUtf16(bytes, this.#source);
    if (hasByteOrderMark(bytes)) this.#work.setWord(state, layout.POSITION, input + 3);
  }

  #checkEncoding(final: boolean): void {
    const { kernel, state, regions } = this.#work;
    const found = kernel.csvFindInvalid(state, this.#checked, this.#end) >>> 0;
    const cut = this.#work.word(state, layout.CUT) === 1;
    this.#checked = found;
    if (found === this.#end || (cut && !final)) return;
    const position = this.#work.word(state, layout.POSITION);
    throw notUtf8(regions.u8.subarray(position, this.#end), found - position, {
      source: this.#source,
      line: this.#work.double(layout.LINE),
      byteOffset: this.#work.double(layout.BASE) + position,
      isLineStart: this.#work.word(state, layout.PASSING) === 0,
    });
  }

  /** Move what was not parsed to the beginning of the input. */
  #keepTail(): void {
    const { regions, state, input } = this.#work;
    const position = this.#work.word(state, layout.POSITION);
    const consumed = position - input;
    regions.u8.copyWithin(input, position, this.#end);
    this.#end -= consumed;
    this.#checked -= consumed;
    this.#work.setDouble(layout.BASE, this.#work.double(layout.BASE) + consumed);
    this.#work.setWord(state, layout.POSITION, input);
  }

  /** Byte of the file at which the next record begins. */
  #offset(): number {
    return this.#work.double(layout.BASE) + this.#work.word(this.#work.state, layout.POSITION);
  }

  *#giveBlock(pass: number): Generator<ColumnBlock> {
    this.#blockOffset = this.#offset();
    yield takeBlock(this.#work, this.#notes, this.#dictionaries, this.#source);
    this.mustBeIn(pass);
  }

  /** @throws Error when `reset` was called since `pass` had this value: two readers share the parser */
  mustBeIn(pass: number): void {
    if (this.pass !== pass) throw new Error('the CSV parser was reset during a pass: use one parser per reader');
  }

  #grow(lack: number): void {
    const address = this.#work.word(this.#work.state, layout.FULL_COLUMN);
    try {
      this.#work.grow(address, lack);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      const name = this.#work.columns.find((column) => column.address === address)?.name;
      throw new InvalidInput(`${this.#source}: the distinct values of '${name}' do not fit in memory (at most 4 GiB)`, {
        hint: `an attribute that differs in almost every record teaches nothing: add '${name}' to excludedAttributeNames`,
        cause,
      });
    }
  }
}
