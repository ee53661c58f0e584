import type { ColumnBlock, ColumnPlan } from '../datasource/block.js';
import { type ByteSource, becameShorter, type FileParts } from '../datasource/bytes.js';
import type { ReadOptions } from '../datasource/source.js';
import { InvalidInput } from '../errors.js';
import type { BlockArrays } from './arrays.js';
import { makeBlock } from './block.js';
import { GrowingCodes, MergedDictionary } from './merged-dictionary.js';
import type { ParsedSegment } from './parse-segment.js';
import { type Given, SegmentQueue } from './segment-queue.js';
import { type FilePart, partsOf, type Segment, segmentsOf } from './segments.js';
import { type CsvOptions, CsvTokenizer } from './tokenizer.js';

/** The buffer of the segment comes back; where it could not be parsed, the whole segment with the reason. */
export type SegmentReply = (ParsedSegment & { readonly segmentBuffer?: ArrayBuffer }) | SegmentFailure;

export interface SegmentFailure {
  readonly failure: string;
  /** What the user can do about it; absent where it is our bug. */
  readonly hint?: string;
  readonly segment: Segment | FilePart;
}

/** A thread with a tokenizer of its own. */
export interface ParserThread {
  /** Segments that it is to have before it, the one that it parses included. */
  readonly most: number;
  /** It is the calling one, which has other work: it gets a segment when it would wait otherwise. */
  readonly isOwn: boolean;
  /**
   * Segments are parsed in the order in which they are given; their bytes move to the thread.
   *
   * @param spareBuffers for blocks
   */
  parse(segment: Segment | FilePart, spareBuffers: readonly ArrayBufferLike[]): Promise<SegmentReply>;
  /** Forget all values: the next ones are new. */
  forget(): void;
  /** What to make of blocks from the next segment on; see `ReadOptions.reduction`. At first nothing. */
  reduceBy(reduction: object | undefined): void;
  close(): void;
}

/** Where threads come from. */
export interface ParserThreads {
  /** How many there are. */
  readonly count: number;
  /** They need not be started any more. */
  readonly isRunning: boolean;
  /** They will be needed. */
  prepare(): void;
  /** @param slot 0 .. count - 1 */
  start(slot: number, module: WebAssembly.Module, plan: readonly ColumnPlan[], options: CsvOptions): ParserThread;
  /** End them, if nobody else needs them. */
  close(): Promise<void>;
}

/**
 * Parses files on several threads, to the same blocks with the same codes as `CsvParser` does.
 *
 * Each thread has dictionaries of its own. A value that is new to all is new to the thread that meets it first, so values
 * get their codes in order of first appearance when the segments' new values are merged in the order of the segments.
 */
export class ParallelParser {
  readonly #threads: readonly ParserThread[];
  readonly #dictionaries: ReadonlyMap<string, MergedDictionary>;
  /** Per thread and column: code of the thread → code. */
  readonly #codes: Map<string, GrowingCodes>[];
  /** Files with line ends inside of fields where segments would end. */
  readonly #uncut = new Set<ByteSource>();
  readonly #spareBuffers: ArrayBuffer[] = [];
  /** Of blocks that nobody needs any more. */
  #spareBlocks: ArrayBufferLike[] = [];
  /** What each thread makes of blocks. */
  readonly #reductions: (object | undefined)[] = [];

  constructor(
    threads: ParserThreads,
    private readonly module: WebAssembly.Module,
    private readonly plan: readonly ColumnPlan[],
    private readonly options: CsvOptions,
  ) {
    this.#threads = Array.from({ length: threads.count }, (_, slot) => threads.start(slot, module, plan, options));
    const names = plan.filter(({ kind }) => kind === 'categorical' || kind === 'text').map(({ name }) => name);
    this.#dictionaries = new Map(names.map((name) => [name, new MergedDictionary()]));
    this.#codes = this.#threads.map(() => this.#noCodes());
  }

  #noCodes(): Map<string, GrowingCodes> {
    return new Map(Array.from(this.#dictionaries.keys(), (name) => [name, new GrowingCodes()]));
  }

  close(): void {
    for (const thread of this.#threads) thread.close();
  }

  /**
   * Read a file, one pass. Threads read the parts of a plain file by themselves, as long as no record goes on behind the end of
   * a line where a part is cut; from there on, it is cut with an eye on quotes.
   *
   * @param reusesBuffers asked after each block: is it no longer needed?
   * @param reduction as in `ReadOptions`
   * @returns bytes of the file, unpacked
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  async *read(
    file: ByteSource,
    reusesBuffers: () => boolean = () => false,
    reduction?: ReadOptions['reduction'],
  ): AsyncGenerator<ColumnBlock, number> {
    const pass = { file, place: { line: 1, byteOffset: 0 }, reusesBuffers, reduction };
    const parts = this.#uncut.has(file) ? undefined : await file.openParts?.();
    if (parts !== undefined) {
      try {
        if (yield* this.#parse(partsOf(parts, this.options.segmentBytes), { ...pass, parts })) {
          return pass.place.byteOffset;
        }
      } finally {
        await parts.close();
      }
      this.#uncut.add(file);
      this.#forget();
    }
    const { byteOffset } = pass.place;
    const segments = segmentsOf(file.open(byteOffset), this.module, this.plan.length, {
      ...this.options,
      source: file.name,
      isFirst: byteOffset === 0,
      spareBuffer: () => this.#spareBuffers.pop(),
    });
    yield* this.#parse(segments, pass);
    return pass.place.byteOffset;
  }

  /**
   * Parse segments, several at a time.
   *
   * @returns false when one of them did not end with a record; it and all behind it have been left out
   */
  async *#parse(
    segments: AsyncIterable<Segment> | Iterable<FilePart>,
    pass: Pass,
  ): AsyncGenerator<ColumnBlock, boolean> {
    const give = (segment: Segment | FilePart, thread: number): Promise<SegmentReply> =>
      this.#give(segment, thread, pass.reduction?.());
    // Where blocks may be reduced, the first ones tell how.
    const queue = new SegmentQueue(segments, this.#threads, give, pass.reduction !== undefined);
    let whole = true;
    try {
      for (let given = await queue.take(); given !== undefined; given = await queue.take()) {
        whole = yield* this.#take(given, pass, queue);
        if (!whole) return false;
      }
      return true;
    } finally {
      // Values that a thread knows must be known here too, whatever becomes of their segment.
      for (const { thread, reply } of await queue.close()) {
        const parsed = await reply.catch(() => undefined);
        if (whole && parsed && 'blocks' in parsed) this.#merge(parsed, thread);
      }
    }
  }

  #forget(): void {
    for (const [thread, { forget }] of this.#threads.entries()) {
      forget();
      this.#codes[thread] = this.#noCodes();
    }
  }

  #give(segment: Segment | FilePart, thread: number, reduction: object | undefined): Promise<SegmentReply> {
    if (this.#reductions[thread] !== reduction) this.#threads[thread].reduceBy((this.#reductions[thread] = reduction));
    const reply = this.#threads[thread].parse(segment, this.#spareBlocks);
    this.#spareBlocks = [];
    return reply;
  }

  /** @returns false when the segment does not end with a record: nothing of it was used */
  async *#take(
    { thread, reply, isFirst, byteCount }: Given,
    pass: Pass,
    queue: SegmentQueue,
  ): AsyncGenerator<ColumnBlock, boolean> {
    const { place, file, reusesBuffers } = pass;
    const parsed = await reply;
    if ('failure' in parsed) throw await this.#explain(parsed, pass);
    if (!parsed.isWhole && pass.parts !== undefined) return false;
    if (parsed.segmentBuffer) this.#spareBuffers.push(parsed.segmentBuffer);
    this.#merge(parsed, thread);
    for (const block of parsed.blocks) {
      if (!isFirst) shift(block, place);
      this.#recode(block, thread);
    }
    place.line += parsed.lineCount;
    place.byteOffset += byteCount;
    for (const block of parsed.blocks) {
      yield makeBlock(block, this.#dictionaries, file.name);
      if (block.buffer.byteLength > 0 && reusesBuffers()) this.#spareBlocks.push(block.buffer);
      await queue.fill();
    }
    await queue.fill();
    return true;
  }

  #merge({ newTexts }: ParsedSegment, thread: number): void {
    for (const [column, texts] of newTexts) {
      const dictionary = this.#dictionaries.get(column)!;
      const codes = this.#codes[thread].get(column)!;
      for (const text of texts) codes.add(dictionary.codeOf(text));
    }
  }

  #recode({ columns }: BlockArrays, thread: number): void {
    for (const { name, values, tokens } of columns) {
      this.#codes[thread].get(name)?.recode(tokens ?? (values as Uint32Array));
    }
  }

  /** The error that parsing in place would have thrown; that of the thread where there is none: it had no memory left. */
  async #explain({ failure, hint, segment }: SegmentFailure, { file, place, parts }: Pass): Promise<unknown> {
    const { name: source } = file;
    try {
      const bytes = 'bytes' in segment ? segment.bytes : new Uint8Array(segment.length);
      if (!('bytes' in segment) && parts!.read(bytes, segment.offset) < segment.length) throw becameShorter(source);
      const tokenizer = new CsvTokenizer(this.module, this.plan, { ...this.options, source });
      tokenizer.resetTo({ isFirst: segment.isFirst, ...place });
      for (const _ of tokenizer.push(bytes));
      if (segment.isLast) for (const _ of tokenizer.end());
    } catch (error) {
      return error;
    }
    return hint === undefined ? new Error(`${source}: ${failure}`) : new InvalidInput(failure, { hint });
  }
}

/** A file that is being read. */
interface Pass {
  readonly file: ByteSource;
  /** Where the next segment begins. */
  readonly place: Place;
  /** Where threads read it by themselves. */
  readonly parts?: FileParts;
  readonly reusesBuffers: () => boolean;
  readonly reduction?: ReadOptions['reduction'];
}

interface Place {
  line: number;
  byteOffset: number;
}

function shift({ lines, byteOffsets }: BlockArrays, place: Place): void {
  for (let row = 0; row < lines.length; row++) {
    lines[row] += place.line - 1;
    byteOffsets[row] += place.byteOffset;
  }
}
