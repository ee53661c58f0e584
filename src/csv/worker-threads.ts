import type { Crew } from '../threads/crew.js';
import type { ParserThread, ParserThreads, SegmentReply } from './parallel.js';
import type { ParserThreadData, ToParser } from './parse-role.js';

/** Segments that a thread has before it, the one that it parses included. */
const SEGMENTS_AHEAD = 2;

/**
 * Threads of a crew that parse.
 *
 * @param owned nobody else needs the crew
 */
export function parserThreads(crew: Crew, owned = false): ParserThreads {
  return {
    count: crew.size,
    get isRunning() {
      return crew.isRunning;
    },
    prepare: () => crew.start(),
    start: (slot, module, plan, options) => startParser(crew, slot, { module, plan, options }),
    close: async () => {
      if (owned) await crew.close();
    },
  };
}

function startParser(crew: Crew, slot: number, data: ParserThreadData): ParserThread {
  const isOwn = crew.takesPart && slot === 0;
  const waiting: PromiseWithResolvers[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  const wire = crew.open(slot, 'parse', data, {
    message(reply: SegmentReply) {
      waiting.shift()?.resolve(reply);
      if (waiting.length === 0) wire.waits(false);
    },
    fail,
  });
  const send = (message: ToParser, transfer: readonly ArrayBuffer[]): void => wire.post(message, transfer);
  return {
    most: isOwn ? 1 : SEGMENTS_AHEAD,
    isOwn,
    parse(segment, spareBuffers) {
      if (failure) return Promise.reject(failure);
      wire.waits(true);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        const owned = 'bytes' in segment ? [segment.bytes.buffer as ArrayBuffer] : [];
        send({ segment, spareBuffers }, owned);
      });
    },
    forget: () => send({ forget: true }, []),
    reduceBy: (reduction) => send({ reduction }, []),
    close() {
      wire.close();
      fail(new Error('the thread that parses was closed'));
    },
  };
}

interface PromiseWithResolvers {
  resolve(reply: SegmentReply): void;
  reject(error: Error): void;
}
