import type { ParserThread, SegmentReply } from './parallel.js';
import type { FilePart, Segment } from './segments.js';

/** A segment that a thread has been given. */
export interface Given {
  readonly thread: number;
  readonly reply: Promise<SegmentReply>;
  readonly isFirst: boolean;
  readonly byteCount: number;
}

/** Gives a segment to a thread. */
type Give = (segment: Segment | FilePart, thread: number) => Promise<SegmentReply>;

/** Hands the segments of a file to threads, to each as many as it may have before it, and takes replies in their order. */
export class SegmentQueue {
  readonly #segments: Iterator<FilePart> | AsyncIterator<Segment>;
  readonly #pending: (Given & { isAnswered: boolean })[] = [];
  /** Segments that each thread has before it. */
  readonly #ahead: number[];
  /** Segments that may wait for their turn. */
  readonly #most: number;
  /** One segment at a time until `fill` is called. */
  #isFirst: boolean;
  #isOver = false;
  #wake = (): void => {};

  /**
   * @param waits the first blocks tell what threads are to do: before `fill` is called, the first thread gets one segment
   */
  constructor(
    segments: Iterable<FilePart> | AsyncIterable<Segment>,
    readonly threads: readonly ParserThread[],
    readonly give: Give,
    waits: boolean,
  ) {
    this.#segments = Symbol.asyncIterator in segments ? segments[Symbol.asyncIterator]() : segments[Symbol.iterator]();
    this.#ahead = threads.map(() => 0);
    this.#most = threads.reduce((sum, { most }) => sum + most, threads.length);
    this.#isFirst = waits;
  }

  /** Give segments to the other threads, as far as they have fewer than they may. */
  async fill(): Promise<void> {
    this.#isFirst = false;
    await this.#give(false);
  }

  /** The next segment, answered, or what its thread failed with is; undefined when there are no more. */
  async take(): Promise<Given | undefined> {
    for (;;) {
      await this.#give(false);
      if (this.#pending[0]?.isAnswered) return this.#pending.shift();
      await this.#give(true);
      if (this.#pending.length === 0) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** @param toAll to the calling thread, too */
  async #give(toAll: boolean): Promise<void> {
    const most = this.#isFirst ? 1 : this.#most;
    while (this.#pending.length < most) {
      const thread = this.#freest(toAll);
      if (thread === undefined) return;
      const step = this.#isOver ? undefined : await this.#segments.next();
      this.#isOver = step?.done !== false;
      if (step?.done !== false) return;
      this.#add(step.value, thread);
    }
  }

  #add(segment: Segment | FilePart, thread: number): void {
    const { isFirst } = segment;
    const byteCount = 'bytes' in segment ? segment.bytes.length : segment.length;
    const reply = this.give(segment, thread);
    const given = { thread, reply, isFirst, byteCount, isAnswered: false };
    this.#pending.push(given);
    this.#ahead[thread]++;
    const answered = (): void => {
      given.isAnswered = true;
      this.#ahead[thread]--;
      this.#wake();
    };
    reply.then(answered, answered);
  }

  /** The thread that may have the most beside what it has; of several the last. */
  #freest(toAll: boolean): number | undefined {
    if (this.#isFirst) return 0;
    let freest: number | undefined;
    let most = 1;
    for (let thread = 0; thread < this.threads.length; thread++) {
      const { most: mayHave, isOwn } = this.threads[thread];
      const room = mayHave - this.#ahead[thread];
      if (room < most || (isOwn && !toAll)) continue;
      most = room;
      freest = thread;
    }
    return freest;
  }

  /** @returns segments that were given and not taken, in their order */
  async close(): Promise<readonly Given[]> {
    this.#isOver = true;
    await this.#segments.return?.();
    return this.#pending.splice(0);
  }
}
