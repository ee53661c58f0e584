import type { ColumnHome, ColumnPlan, Dictionary } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import { type BlockArrays, takeArrays } from './arrays.js';
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
  /** Least bytes of a segment; 4 MiB unless given. */
  readonly segmentBytes?: number;
  /** File name, for messages. */
  readonly source: string;
}

const DEFAULT_BLOCK_SIZE = 4096;
/** Bytes that are read at a time: few enough to be parsed while they are in the second-level cache. */
const READ_BYTES = 128 * 1024;
/** Bytes in which the end of a line is looked for where a segment may end. */
export const LOOK_BYTES = 1 << 12;
/**
 * A file is cut into segments, each ending with the first record that ends after so many bytes, and so does a block: a
 * segment gives the same blocks whether it is parsed behind the others or by itself.
 */
export const SEGMENT_BYTES = 4 * 2 ** 20;
const LINE_FEED = 10;

/** Where a segment begins. */
export interface SegmentStart {
  /** It begins the file: a byte order mark and the header come first. */
  readonly isFirst: boolean;
  /** From 1. */
  readonly line: number;
  readonly byteOffset: number;
}

/**
 * Turns CSV (RFC 4180, UTF-8) into typed arrays: one file after another, or one file again and again. Dictionaries and their
 * codes live as long as the tokenizer.
 *
 * Bytes may come in pieces of any size; blocks, lines and offsets do not depend on it.
 */
export class CsvTokenizer {
  /** Number of times that `reset` was called. */
  pass = 0;
  /** Blocks stay where they were parsed: each is valid until the next one is asked for. */
  reusesBuffer = false;
  /** Buffers for blocks; those that are large enough are used instead of new ones. */
  readonly spareBuffers: ArrayBufferLike[] = [];
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
  readonly #segmentBytes: number;
  /** Bytes of the present segment so far. */
  #segmentFilled = 0;
  #segmentCount = 0;

  /**
   * @param module the kernel
   * @param plan one entry per column of the file, in column order
   */
  constructor(module: WebAssembly.Module, plan: readonly ColumnPlan[], options: CsvOptions) {
    if (plan.length === 0) throw new RangeError('a plan needs at least one column');
    const names = plan.filter(({ kind }) => kind !== 'skip').map(({ name }) => name);
    if (new Set(names).size < names.length) throw new RangeError(`two columns of the same name: ${names.join(', ')}`);
    this.#work = new Workspace(module, plan, options.blockSize ?? DEFAULT_BLOCK_SIZE);
    this.#notes = new BlockNotes(this.#work, plan.length);
    const withValues = this.#work.columns.filter(({ kind }) => kind === 'categorical' || kind === 'text');
    this.#dictionaries = new Map(
      withValues.map(({ name, address }) => [name, new ColumnDictionary(this.#work.regions, address)]),
    );
    this.#header = options.header;
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.#source = options.source;
    this.reset();
  }

  /** Begin a new pass, or another file: line 1, byte 0, a header if there is one. Codes stay. */
  reset(source: string = this.#source): void {
    this.resetTo({ isFirst: true, line: 1, byteOffset: 0 }, source);
  }

  /** Begin at the beginning of a segment. */
  resetTo({ isFirst, line, byteOffset }: SegmentStart, source: string = this.#source): void {
    const { state, input } = this.#work;
    this.pass++;
    this.#source = source;
    this.#end = this.#checked = input;
    this.#atStart = isFirst;
    this.#segmentFilled = 0;
    this.#work.setWord(state, layout.POSITION, input);
    this.#work.setWord(state, layout.ROW, 0);
    this.#work.setWord(state, layout.PASSING, 0);
    this.#work.setWord(state, layout.HEADER, this.#header && isFirst ? 1 : 0);
    this.#work.setDouble(layout.LINE, line);
    this.#work.setDouble(layout.BASE, byteOffset - input);
    this.#notes.clear();
  }

  /** File name, for messages. */
  get source(): string {
    return this.#source;
  }

  /** Segments that have ended since the parser was opened; the end of a file does not count. */
  get segmentCount(): number {
    return this.#segmentCount;
  }

  /** The line that comes next, from 1. */
  get line(): number {
    return this.#work.double(layout.LINE);
  }

  get dictionaries(): ReadonlyMap<string, Dictionary> {
    return this.#dictionaries;
  }

  /**
   * Take the next bytes of the file.
   *
   * @yields blocks that have become full
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *push(bytes: Uint8Array): Generator<BlockArrays> {
    const limit = this.#work.input + INPUT_BYTES;
    for (let taken = 0; taken < bytes.length; ) {
      const part = this.#nextPart(bytes, taken, limit - this.#end);
      this.#work.copyIn(part, this.#end);
      this.#end += part.length;
      this.#segmentFilled += part.length;
      taken += part.length;
      if (this.#end === limit) yield* this.#parse(false);
      if (this.#segmentFilled >= this.#segmentBytes && part.at(-1) === LINE_FEED) yield* this.#endSegment();
    }
  }

  /**
   * Take the next bytes of the file from where they are stored: sooner than `push`, which copies them.
   *
   * @param read fills an array with what comes next; may be asked for the same bytes again
   * @yields blocks that have become full
   * @returns bytes taken; 0 where there are no more
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *pull(read: (into: Uint8Array) => number): Generator<BlockArrays, number> {
    const { u8 } = this.#work.regions;
    const room = this.#work.input + INPUT_BYTES - this.#end;
    const left = this.#segmentBytes - this.#segmentFilled;
    const into = u8.subarray(this.#end, this.#end + Math.min(room, left > 0 ? Math.min(left, READ_BYTES) : LOOK_BYTES));
    const bytes = into.subarray(0, read(into));
    const feed = left > 0 ? -1 : bytes.indexOf(LINE_FEED);
    const count = feed < 0 ? bytes.length : feed + 1;
    if (count === 0) return 0;
    const endsLine = bytes[count - 1] === LINE_FEED;
    this.#end += count;
    this.#segmentFilled += count;
    if (this.#segmentFilled >= this.#segmentBytes && endsLine) yield* this.#endSegment();
    else yield* this.#parse(false);
    return count;
  }

  /**
   * The file has ended.
   *
   * @yields the remaining blocks
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  *end(): Generator<BlockArrays> {
    yield* this.#parse(true);
    if (this.#rowCount > 0) yield* this.#giveBlock(this.pass);
  }

  /** @returns undefined: they are copies */
  homeOf({ buffer }: BlockArrays): ColumnHome | undefined {
    return buffer === this.#work.regions.memory.buffer ? this.#work.home : undefined;
  }

  /** Bytes of kernel memory; grows with dictionaries, not with the file. */
  get memoryBytes(): number {
    return this.#work.regions.memory.buffer.byteLength;
  }

  get #rowCount(): number {
    return this.#work.word(this.#work.state, layout.ROW);
  }

  /** Up to the least end of the segment as many bytes as there is room for, from there on line by line. */
  #nextPart(bytes: Uint8Array, taken: number, room: number): Uint8Array {
    const left = this.#segmentBytes - this.#segmentFilled;
    if (left > 0) return bytes.subarray(taken, taken + Math.min(room, left));
    const feed = bytes.indexOf(LINE_FEED, taken);
    return bytes.subarray(taken, Math.min(taken + room, feed < 0 ? bytes.length : feed + 1));
  }

  /** The segment ends here if a record does. */
  *#endSegment(): Generator<BlockArrays> {
    const { state, input } = this.#work;
    yield* this.#parse(false);
    const waits = this.#work.word(state, layout.PASSING) + this.#work.word(state, layout.HEADER) > 0;
    if (this.#end > input || waits) return;
    this.#segmentCount++;
    this.#segmentFilled = 0;
    if (this.#rowCount > 0) yield* this.#giveBlock(this.pass);
  }

  *#parse(final: boolean): Generator<BlockArrays> {
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
    // A line that is passed over may end with the beginning of a character.
    const position = Math.min(this.#work.word(state, layout.POSITION), this.#checked);
    const consumed = position - input;
    regions.u8.copyWithin(input, position, this.#end);
    this.#end -= consumed;
    this.#checked -= consumed;
    this.#work.setDouble(layout.BASE, this.#work.double(layout.BASE) + consumed);
    this.#work.setWord(state, layout.POSITION, input);
  }

  *#giveBlock(pass: number): Generator<BlockArrays> {
    yield takeArrays(this.#work, this.#notes, this.reusesBuffer, this.spareBuffers.pop());
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
