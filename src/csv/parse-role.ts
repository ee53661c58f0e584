import type { ColumnPlan } from '../datasource/block.js';
import { readFully } from '../datasource/read-fully.js';
import type { BlockReducer, OpenReducer } from '../datasource/reduce.js';
import { InvalidInput } from '../errors.js';
import type { Port } from '../threads/crew.js';
import type { SegmentReply } from './parallel.js';
import { parseSegment, type ReadSegment } from './parse-segment.js';
import type { FilePart, Segment } from './segments.js';
import { type CsvOptions, CsvTokenizer } from './tokenizer.js';

/** What the thread is started with. */
export interface ParserThreadData {
  readonly module: WebAssembly.Module;
  readonly plan: readonly ColumnPlan[];
  readonly options: CsvOptions;
}

/** What it is told: to parse something, to forget all values that it has met, or how to reduce blocks from now on, if at all. */
export type ToParser =
  | { readonly segment: Segment | FilePart; readonly spareBuffers: readonly ArrayBufferLike[] }
  | { readonly forget: true }
  | { readonly reduction: object | undefined };

/** Parses segments, and parts of files that it reads by itself. */
export function play({ module, plan, options }: ParserThreadData, port: Port, openReducer: OpenReducer): void {
  let tokenizer = new CsvTokenizer(module, plan, options);
  let known = new Map<string, number>();
  let reducer: BlockReducer | undefined;

  const reading = ({ handle, offset, ...part }: FilePart): ReadSegment => ({
    ...part,
    read(into, at) {
      const count = readFully(handle, into, offset + at);
      if (count < into.length) throw new Error(`the file ends at ${offset + at + count}`);
    },
  });

  const answer = (reply: SegmentReply, transfer: readonly ArrayBuffer[]): void => port.answer(reply, transfer);

  port.hear((message: ToParser) => {
    if ('forget' in message) {
      tokenizer = new CsvTokenizer(module, plan, options);
      known = new Map();
      return;
    }
    if ('reduction' in message) {
      reducer = message.reduction && openReducer(message.reduction);
      return;
    }
    const { segment, spareBuffers } = message;
    const owned = 'bytes' in segment ? [segment.bytes.buffer as ArrayBuffer] : [];
    tokenizer.spareBuffers.push(...spareBuffers);
    try {
      if ('bytes' in segment) {
        answer({ ...parseSegment(tokenizer, segment, known, reducer), segmentBuffer: owned[0] }, owned);
      } else {
        answer(parseSegment(tokenizer, reading(segment), known, reducer), owned);
      }
    } catch (error) {
      const reason =
        error instanceof InvalidInput ? { failure: error.message, hint: error.hint } : { failure: String(error) };
      answer({ ...reason, segment }, owned);
    }
  });
}
