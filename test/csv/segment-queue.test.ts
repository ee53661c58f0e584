import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParserThread, SegmentReply } from '../../src/csv/parallel.js';
import { SegmentQueue } from '../../src/csv/segment-queue.js';
import type { FilePart } from '../../src/csv/segments.js';
import { otherWork } from '../../src/other-work.js';

const REPLY: SegmentReply = { blocks: [], newTexts: [], lineCount: 0, isWhole: true };

/** @param most of the calling thread: 0 */
const threadWith = (most: number): ParserThread => ({
  most: Math.max(1, most),
  isOwn: most === 0,
  parse: () => Promise.reject(new Error('the queue gives segments itself')),
  forget() {},
  reduceBy() {},
  close() {},
});

/** Segments whose lengths are their numbers. */
function* numbered(count: number): Generator<FilePart> {
  for (let i = 0; i < count; i++) yield { handle: 0, offset: 0, length: i, isFirst: i === 0, isLast: i === count - 1 };
}

/** What was given and is to be answered by hand. */
interface Asked {
  readonly segment: number;
  readonly thread: number;
  answer(): void;
}

function opened(count: number, mosts: readonly number[], waits = false): { queue: SegmentQueue; asked: Asked[] } {
  const asked: Asked[] = [];
  const give = (segment: { length?: number }, thread: number): Promise<SegmentReply> =>
    new Promise((resolve) => {
      asked.push({ segment: segment.length!, thread, answer: () => resolve(REPLY) });
    });
  const queue = new SegmentQueue(numbered(count), mosts.map(threadWith), give as never, waits);
  return { queue, asked };
}

describe('the queue of segments', () => {
  it('gives threads as many as they may have, and the next ones when they have answered', async () => {
    const { queue, asked } = opened(9, [1, 2]);
    await queue.fill();
    const threads = (): number[] => asked.map(({ thread }) => thread);
    expect(threads()).toEqual([1, 1, 0]);
    asked[1].answer();
    await otherWork();
    await queue.fill();
    expect(threads()).toEqual([1, 1, 0, 1]);
    asked[2].answer();
    await otherWork();
    await queue.fill();
    expect(threads()).toEqual([1, 1, 0, 1, 0]);
    // No more wait for the first one than there may be.
    for (const { answer } of asked.slice(3)) answer();
    await otherWork();
    await queue.fill();
    expect(asked).toHaveLength(5);
  });

  it('gives the calling thread a segment only when it would wait for another', async () => {
    const { queue, asked } = opened(9, [0, 2]);
    const threads = (): number[] => asked.map(({ thread }) => thread);
    await queue.fill();
    expect(threads()).toEqual([1, 1]);
    asked[0].answer();
    await otherWork();
    await queue.take();
    expect(threads()).toEqual([1, 1, 1]);
    const second = queue.take();
    await otherWork();
    expect(threads()).toEqual([1, 1, 1, 0]);
    asked[1].answer();
    expect(await second).toMatchObject({ byteCount: 1 });
  });

  it('keeps to one segment, of the first thread, until it is told to fill', async () => {
    const { queue, asked } = opened(5, [1, 2, 2], true);
    const first = queue.take();
    await otherWork();
    expect(asked.map(({ segment, thread }) => [segment, thread])).toEqual([[0, 0]]);
    asked[0].answer();
    expect(await first).toMatchObject({ thread: 0, isFirst: true, byteCount: 0 });
    await queue.fill();
    expect(asked).toHaveLength(5);
  });

  it('takes segments in their order, whoever answers first, each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(12),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (count, mosts, waits, picks) => {
          const { queue, asked } = opened(count, mosts, waits);
          const taken: number[] = [];
          const taking = (async () => {
            for (let given = await queue.take(); given !== undefined; given = await queue.take()) {
              taken.push(given.byteCount);
              await queue.fill();
            }
          })();
          let left: Asked[] = [];
          for (let seen = 0, answered = 0; answered < count; ) {
            await otherWork();
            left = [...left, ...asked.slice(seen)];
            seen = asked.length;
            for (let thread = 0; thread < mosts.length; thread++) {
              expect(left.filter((given) => given.thread === thread).length).toBeLessThanOrEqual(
                Math.max(1, mosts[thread]),
              );
            }
            if (left.length === 0) continue;
            left.splice(picks.next().value % left.length, 1)[0].answer();
            answered++;
          }
          await taking;
          expect(taken).toEqual(Array.from({ length: count }, (_, i) => i));
        },
      ),
    );
  });

  it('hands over what was given and not taken when it is closed, and gives nothing any more', async () => {
    const { queue, asked } = opened(9, [2, 2]);
    await queue.fill();
    asked[0].answer();
    expect(await queue.take()).toMatchObject({ byteCount: 0 });
    await queue.fill();
    const left = await queue.close();
    expect(left.map(({ byteCount }) => byteCount)).toEqual(asked.slice(1).map(({ segment }) => segment));
    expect(await queue.take()).toBeUndefined();
  });
});
