import { describe, expect, it } from 'vitest';
import { otherWork } from '../../src/other-work.js';
import type { Listener, Play, Plays } from '../../src/threads/crew.js';
import { OwnMember } from '../../src/threads/own-member.js';

/** Keeps what it is told. */
function listening(): Listener & { readonly heard: unknown[] } {
  const heard: unknown[] = [];
  return { heard, message: (message) => heard.push(message), fail: (error) => heard.push(error.message) };
}

/** The role of parsing is played as given, the others not at all. */
function plays(parse: Play): Plays {
  const none: Play = () => {};
  return { parse, encode: none, settle: none, train: none };
}

const double: Play = (offset: number, port) => {
  port.hear((x: number) => port.answer(2 * x + offset));
};

describe('the calling thread as one of a crew', () => {
  it('answers each role by what it began with, in the order of the messages', async () => {
    const member = new OwnMember(plays(double));
    const [first, second] = [listening(), listening()];
    const toFirst = member.open('parse', 1, first);
    const toSecond = member.open('parse', 100, second);
    for (const x of [1, 2, 3]) toFirst.post(x);
    toSecond.post(4);
    expect(first.heard).toEqual([]);
    await expect.poll(() => second.heard).toEqual([108]);
    expect(first.heard).toEqual([3, 5, 7]);
  });

  it('lets other work have its turn between two messages', async () => {
    const turns: string[] = [];
    const member = new OwnMember(
      plays((_, port) => {
        port.hear((name: string) => {
          turns.push(name);
        });
      }),
    );
    const wire = member.open('parse', undefined, listening());
    wire.post('first');
    wire.post('second');
    while (turns.length === 0) await otherWork();
    turns.push('other');
    await expect.poll(() => turns).toEqual(['first', 'other', 'second']);
  });

  it('begins nothing before what it does is done, however long that waits', async () => {
    const turns: string[] = [];
    const member = new OwnMember(
      plays((name: string, port) => {
        port.hear(async () => {
          turns.push(`${name} begins`);
          await otherWork();
          await otherWork();
          turns.push(`${name} ends`);
        });
      }),
    );
    member.open('parse', 'a', listening()).post(0);
    member.open('parse', 'b', listening()).post(0);
    await expect.poll(() => turns).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('tells who waits what a role failed with, and goes on', async () => {
    const member = new OwnMember(
      plays((_, port) => {
        port.hear(async (x: number) => {
          await otherWork();
          if (x === 0) throw new Error('nothing to divide by');
          port.answer(1 / x);
        });
      }),
    );
    const listener = listening();
    const wire = member.open('parse', undefined, listener);
    wire.post(0);
    wire.post(4);
    await expect.poll(() => listener.heard).toEqual(['nothing to divide by', 0.25]);
  });

  it('forgets a role that is closed', async () => {
    const member = new OwnMember(plays(double));
    const [closed, open] = [listening(), listening()];
    const wire = member.open('parse', 0, closed);
    wire.post(1);
    wire.close();
    member.open('parse', 0, open).post(2);
    await expect.poll(() => open.heard).toEqual([4]);
    expect(closed.heard).toEqual([]);
  });

  it('fails who still waits at its end, once, and does nothing any more', async () => {
    const member = new OwnMember(plays(double));
    const listener = listening();
    member.open('parse', 0, listener).post(1);
    member.end();
    member.end();
    for (let i = 0; i < 4; i++) await otherWork();
    expect(listener.heard).toEqual(['a thread ended with its crew']);
  });
});
