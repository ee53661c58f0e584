import { readSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import type { ColumnPlan } from '../datasource/block.js';
import { InvalidInput } from '../errors.js';
import type { SegmentReply } from './parallel.js';
import { parseSegment } from './parse-segment.js';
import { type FilePart, SEGMENT_SLACK_BYTES, type Segment } from './segments.js';
import { type CsvOptions, CsvTokenizer, SEGMENT_BYTES } from './tokenizer.js';

/** What the thread is started with. */
export interface ParserThreadData {
  readonly module: WebAssembly.Module;
  readonly plan: readonly ColumnPlan[];
  readonly options: CsvOptions;
}

/** What it is told: to parse something, or to forget all values that it has met. */
export type ToParser =
  | { readonly segment: Segment | FilePart; readonly spareBuffers: readonly ArrayBufferLike[] }
  | { readonly forget: true };

/** Parses segments, and parts of files that it reads by itself. */
export function play({ module, plan, options }: ParserThreadData, port: MessagePort): void {
  let tokenizer = new CsvTokenizer(module, plan, options);
  let known = new Map<string, number>();
  let buffer = new Uint8Array(0);

  const bytesOf = ({ handle, offset, length }: FilePart): Uint8Array => {
    if (buffer.length < length) {
      buffer = new Uint8Array(Math.max(length, (options.segmentBytes ?? SEGMENT_BYTES) + SEGMENT_SLACK_BYTES));
    }
    for (let done = 0; done < length; ) {
      const count = readSync(handle, buffer, done, length - done, offset + done);
      if (count === 0) throw new Error(`the file ends at ${offset + done}`);
      done += count;
    }
    return buffer.subarray(0, length);
  };

  const answer = (reply: SegmentReply, transfer: readonly ArrayBuffer[]): void => port.postMessage(reply, transfer);

  port.on('message', (message: ToParser) => {
    if ('forget' in message) {
      tokenizer = new CsvTokenizer(module, plan, options);
      known = new Map();
      return;
    }
    const { segment, spareBuffers } = message;
    const owned = 'bytes' in segment ? [segment.bytes.buffer as ArrayBuffer] : [];
    tokenizer.spareBuffers.push(...spareBuffers);
    try {
      if ('bytes' in segment) {
        answer({ ...parseSegment(tokenizer, segment, known), segmentBuffer: owned[0] }, owned);
      } else {
        const { isFirst, isLast } = segment;
        answer(parseSegment(tokenizer, { bytes: bytesOf(segment), isFirst, isLast }, known), owned);
      }
    } catch (error) {
      const reason =
        error instanceof InvalidInput ? { failure: error.message, hint: error.hint } : { failure: String(error) };
      answer({ ...reason, segment }, owned);
    }
  });
}
