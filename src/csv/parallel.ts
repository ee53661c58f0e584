import type { ColumnBlock, ColumnPlan, Dictionary } from '../datasource/block.js';
import type { BlockArrays } from './arrays.js';
import { makeBlock } from './block.js';
import type { ParsedSegment } from './parse-segment.js';
import { type Segment, segmentsOf } from './segments.js';
import { type CsvOptions, CsvTokenizer } from './tokenizer.js';

/** The buffer of the segment comes back; where it could not be parsed, the whole segment with the reason. */
export type SegmentReply =
  | (ParsedSegment & { readonly segmentBuffer?: ArrayBuffer })
  | { readonly failure: string; readonly segment: Segment };

/** A thread with a tokenizer of its own. */
export interface ParserThread {
  /**
   * Segments are parsed in the order in which they are given; the bytes move to the thread.
   *
   * @param spareBuffers for blocks; they move as well
   */
  parse(segment: Segment, spareBuffers: ArrayBuffer[]): Promise<SegmentReply>;
  close(): void;
}

/** Where threads come from. */
export interface ParserThreads {
  /** How many to start. */
  readonly count: number;
  start(module: WebAssembly.Module, plan: readonly ColumnPlan[], options: CsvOptions): ParserThread;
}

/** Segments that each thread has before it. */
const SEGMENTS_AHEAD = 2;

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
  readonly #codes: readonly ReadonlyMap<string, GrowingCodes>[];
  readonly #spareBuffers: ArrayBuffer[] = [];
  /** Of blocks that nobody needs any more. */
  #spareBlocks: ArrayBuffer[] = [];

  constructor(
    threads: ParserThreads,
    private readonly module: WebAssembly.Module,
    private readonly plan: readonly ColumnPlan[],
    private readonly options: CsvOptions,
  ) {
    this.#threads = Array.from({ length: threads.count }, () => threads.start(module, plan, options));
    const names = plan.filter(({ kind }) => kind === 'categorical' || kind === 'text').map(({ name }) => name);
    this.#dictionaries = new Map(names.map((name) => [name, new MergedDictionary()]));
    this.#codes = this.#threads.map(() => new Map(names.map((name) => [name, new GrowingCodes()])));
  }

  close(): void {
    for (const thread of this.#threads) thread.close();
  }

  /**
   * Read a file, one pass.
   *
   * @param reusesBuffers asked after each block: is it no longer needed?
   * @throws InvalidInput naming the line, for bytes that are not UTF-8
   */
  async *read(
    chunks: AsyncIterable<Uint8Array>,
    source: string,
    reusesBuffers: () => boolean = () => false,
  ): AsyncGenerator<ColumnBlock> {
    const spareBuffer = (): ArrayBuffer | undefined => this.#spareBuffers.pop();
    const segments = segmentsOf(chunks, this.module, this.plan.length, { ...this.options, source, spareBuffer });
    const pending: Pending[] = [];
    const place = { line: 1, byteOffset: 0 };
    let next = 0;
    try {
      for await (const segment of segments) {
        pending.push(this.#give(segment, next++ % this.#threads.length));
        if (pending.length >= this.#threads.length * SEGMENTS_AHEAD) {
          yield* this.#take(pending.shift()!, place, source, reusesBuffers);
        }
      }
      while (pending.length > 0) yield* this.#take(pending.shift()!, place, source, reusesBuffers);
    } finally {
      // Values that a thread knows must be known here too, whatever becomes of their segment.
      for (const { thread, reply } of pending) {
        const parsed = await reply.catch(() => undefined);
        if (parsed && 'blocks' in parsed) this.#merge(parsed, thread);
      }
    }
  }

  #give(segment: Segment, thread: number): Pending {
    const { isFirst } = segment;
    const byteCount = segment.bytes.length;
    const reply = this.#threads[thread].parse(segment, this.#spareBlocks);
    this.#spareBlocks = [];
    reply.catch(() => {});
    return { thread, reply, isFirst, byteCount };
  }

  async *#take(
    { thread, reply, isFirst, byteCount }: Pending,
    place: Place,
    source: string,
    reusesBuffers: () => boolean,
  ): AsyncGenerator<ColumnBlock> {
    const parsed = await reply;
    if ('failure' in parsed) throw this.#explain(parsed.failure, parsed.segment, place, source);
    if (parsed.segmentBuffer) this.#spareBuffers.push(parsed.segmentBuffer);
    this.#merge(parsed, thread);
    for (const block of parsed.blocks) {
      if (!isFirst) shift(block, place);
      this.#recode(block, thread);
    }
    place.line += parsed.lineCount;
    place.byteOffset += byteCount;
    for (const block of parsed.blocks) {
      yield makeBlock(block, this.#dictionaries, source);
      if (reusesBuffers()) this.#spareBlocks.push(block.buffer);
    }
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
      const codes = this.#codes[thread].get(name)?.codes;
      if (codes === undefined) continue;
      const list = tokens ?? (values as Uint32Array);
      for (let i = 0; i < list.length; i++) list[i] = codes[list[i]];
    }
  }

  /** The error that parsing in place would have thrown. */
  #explain(failure: string, segment: Segment, place: Place, source: string): unknown {
    try {
      const tokenizer = new CsvTokenizer(this.module, this.plan, { ...this.options, source });
      tokenizer.resetTo({ isFirst: segment.isFirst, ...place });
      for (const _ of tokenizer.push(segment.bytes));
      if (segment.isLast) for (const _ of tokenizer.end());
    } catch (error) {
      return error;
    }
    return new Error(`${source}: ${failure}`);
  }
}

interface Place {
  line: number;
  byteOffset: number;
}

interface Pending {
  readonly thread: number;
  readonly reply: Promise<SegmentReply>;
  readonly isFirst: boolean;
  readonly byteCount: number;
}

function shift({ rowCount, lines, byteOffsets }: BlockArrays, place: Place): void {
  for (let row = 0; row < rowCount; row++) {
    lines[row] += place.line - 1;
    byteOffsets[row] += place.byteOffset;
  }
}

class MergedDictionary implements Dictionary {
  readonly #texts: string[] = [''];
  readonly #codes = new Map<string, number>();

  get size(): number {
    return this.#texts.length;
  }

  text(code: number): string {
    const text = this.#texts[code];
    if (text === undefined) throw new RangeError(`no code ${code} in a dictionary of ${this.size}`);
    return text;
  }

  codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.#texts.push(text) - 1;
    this.#codes.set(text, code);
    return code;
  }
}

/** Code 0 stays 0. */
class GrowingCodes {
  codes = new Uint32Array(256);
  #length = 1;

  add(code: number): void {
    if (this.#length === this.codes.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.codes);
      this.codes = larger;
    }
    this.codes[this.#length++] = code;
  }
}
