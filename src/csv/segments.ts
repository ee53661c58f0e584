import type { ColumnPlan } from '../datasource/block.js';
import type { FileParts } from '../datasource/bytes.js';
import { InvalidInput } from '../errors.js';
import { CsvTokenizer, LOOK_BYTES, SEGMENT_BYTES } from './tokenizer.js';

const LINE_FEED = 10;
const QUOTE = 34;
/** A line more than a segment's least bytes that fits before buffers have to grow. */
const SEGMENT_SLACK_BYTES = 1 << 16;

/** A part of a file that begins and ends with records. */
export interface Segment {
  /** Owns its buffer. */
  readonly bytes: Uint8Array;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A segment of a plain file that its parser reads by itself. */
export interface FilePart {
  readonly handle: number;
  readonly offset: number;
  readonly length: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export interface SegmentOptions {
  readonly header: boolean;
  /** Least bytes of a segment; as the tokenizer's. */
  readonly segmentBytes?: number;
  /** File name, for messages. */
  readonly source: string;
  /** The chunks begin with the file; default true. */
  readonly isFirst?: boolean;
  /** Gives a buffer that is no longer needed, if there is one. */
  spareBuffer?(): ArrayBuffer | undefined;
}

/**
 * Cut a file where the tokenizer ends its segments, which are parsed one by one to the same blocks as the whole.
 *
 * Where there is no quote, records are lines. Otherwise a tokenizer that skips all columns tells where records end.
 *
 * @param columnCount columns of the file
 */
export async function* segmentsOf(
  chunks: AsyncIterable<Uint8Array>,
  module: WebAssembly.Module,
  columnCount: number,
  options: SegmentOptions,
): AsyncGenerator<Segment> {
  const least = options.segmentBytes ?? SEGMENT_BYTES;
  const plan = Array.from({ length: columnCount }, (): ColumnPlan => ({ name: '', kind: 'skip' }));
  let skipper: CsvTokenizer | undefined;
  let segment = new GrowingBytes(least, options.spareBuffer?.());
  let isFirst = options.isFirst ?? true;
  /** Bytes that the skipper has seen; 0 while there was no quote. */
  let skipped = 0;

  const isRecordEnd = (): boolean => {
    const { bytes } = segment;
    const mayBeHeader = options.header && isFirst;
    if (skipped === 0 && !mayBeHeader && !holdsQuote(bytes)) return true;
    skipper ??= new CsvTokenizer(module, plan, options);
    if (skipped === 0) skipper.resetTo({ isFirst, line: 1, byteOffset: 0 });
    const { segmentCount } = skipper;
    try {
      for (const _ of skipper.push(bytes.subarray(skipped)));
    } catch (error) {
      // Whoever parses the segment meets the same error and knows where in the file it is.
      if (error instanceof InvalidInput) return true;
      throw error;
    }
    skipped = bytes.length;
    return skipper.segmentCount > segmentCount;
  };

  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length; ) {
      const end = partEnd(chunk, taken, least - segment.length);
      segment.append(chunk.subarray(taken, end));
      taken = end;
      if (segment.length < least || chunk[end - 1] !== LINE_FEED || !isRecordEnd()) continue;
      yield { bytes: segment.bytes, isFirst, isLast: false };
      segment = new GrowingBytes(least, options.spareBuffer?.());
      skipped = 0;
      isFirst = false;
    }
  }
  yield { bytes: segment.bytes, isFirst, isLast: true };
}

/**
 * Cut a plain file where its segments end if no record goes on behind the end of a line. Whoever parses a part finds out.
 *
 * @param least bytes of a part
 */
export function* partsOf(file: FileParts, least: number = SEGMENT_BYTES): Generator<FilePart> {
  const { handle, sizeInBytes } = file;
  for (let offset = 0, end = 0; ; offset = end) {
    end = lineEnd(file, offset + least);
    yield { handle, offset, length: end - offset, isFirst: offset === 0, isLast: end === sizeInBytes };
    if (end === sizeInBytes) return;
  }
}

/** Behind the first line feed that leaves at least so many bytes before it, itself included; else the end of the file. */
function lineEnd(file: FileParts, least: number): number {
  const bytes = new Uint8Array(LOOK_BYTES);
  for (let offset = least - 1; offset < file.sizeInBytes; offset += LOOK_BYTES) {
    const count = file.read(bytes, offset);
    const feed = bytes.subarray(0, count).indexOf(LINE_FEED);
    if (feed >= 0) return Math.min(offset + feed + 1, file.sizeInBytes);
    // The file became shorter, as who reads the part will find.
    if (count < LOOK_BYTES) break;
  }
  return file.sizeInBytes;
}

/** Node's buffers search ten times as fast as plain arrays. */
function holdsQuote(bytes: Uint8Array): boolean {
  if (typeof Buffer === 'undefined') return bytes.includes(QUOTE);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(QUOTE);
}

/** Up to the least size of a segment all that there is, from there on line by line. */
function partEnd(chunk: Uint8Array, taken: number, missing: number): number {
  if (missing > 0) return Math.min(chunk.length, taken + missing);
  const feed = chunk.indexOf(LINE_FEED, taken);
  return feed < 0 ? chunk.length : feed + 1;
}

class GrowingBytes {
  length = 0;
  #buffer: Uint8Array;

  /** A line more than that fits before it has to grow. */
  constructor(least: number, spare?: ArrayBuffer) {
    const bytes = least + Math.min(least, SEGMENT_SLACK_BYTES);
    this.#buffer = spare && spare.byteLength >= bytes ? new Uint8Array(spare) : new Uint8Array(bytes);
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  append(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.length);
    this.length = length;
  }
}
