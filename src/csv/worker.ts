// A thread that parses segments; started by `worker-threads.ts`.

import { parentPort, workerData } from 'node:worker_threads';
import type { ColumnPlan } from '../datasource/block.js';
import { parseSegment } from './parse-segment.js';
import type { Segment } from './segments.js';
import { type CsvOptions, CsvTokenizer } from './tokenizer.js';

/** What the thread is started with. */
export interface ParserThreadData {
  readonly module: WebAssembly.Module;
  readonly plan: readonly ColumnPlan[];
  readonly options: CsvOptions;
}

const { module, plan, options } = workerData as ParserThreadData;
const tokenizer = new CsvTokenizer(module, plan, options);
const known = new Map<string, number>();

parentPort!.on('message', ({ segment, spareBuffers }: { segment: Segment; spareBuffers: ArrayBuffer[] }) => {
  tokenizer.spareBuffers.push(...spareBuffers);
  const segmentBuffer = segment.bytes.buffer as ArrayBuffer;
  try {
    const parsed = parseSegment(tokenizer, segment, known);
    const buffers = parsed.blocks.map(({ buffer }) => buffer);
    parentPort!.postMessage({ ...parsed, segmentBuffer }, [segmentBuffer, ...buffers]);
  } catch (error) {
    parentPort!.postMessage({ failure: String(error), segment }, [segmentBuffer]);
  }
});
