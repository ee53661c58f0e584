import { Worker } from 'node:worker_threads';
import { builtFile } from '../built-file.js';
import type { ColumnPlan } from '../datasource/block.js';
import type { ParserThread, ParserThreads, SegmentReply } from './parallel.js';
import type { Segment } from './segments.js';
import type { CsvOptions } from './tokenizer.js';
import type { ParserThreadData } from './worker.js';

/** Threads of Node that parse. */
export function parserThreads(count: number): ParserThreads {
  return { count, start };
}

function start(module: WebAssembly.Module, plan: readonly ColumnPlan[], options: CsvOptions): ParserThread {
  const workerData: ParserThreadData = { module, plan, options };
  const worker = new Worker(builtFile('csv/worker.js'), { workerData });
  const waiting: PromiseWithResolvers[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (reply: SegmentReply) => {
    waiting.shift()!.resolve(reply);
    if (waiting.length === 0) worker.unref();
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`a thread that parses ended with code ${code}`)));
  worker.unref();
  return {
    parse(segment: Segment, spareBuffers: ArrayBuffer[]) {
      if (failure) return Promise.reject(failure);
      worker.ref();
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage({ segment, spareBuffers }, [segment.bytes.buffer as ArrayBuffer, ...spareBuffers]);
      });
    },
    close() {
      void worker.terminate();
    },
  };
}

interface PromiseWithResolvers {
  resolve(reply: SegmentReply): void;
  reject(error: Error): void;
}
