import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyReader } from '../../src/server/body.js';

/** A request whose body comes in these pieces. */
function requestOf(): IncomingMessage {
  return Object.assign(new EventEmitter(), { headers: {} }) as unknown as IncomingMessage;
}

describe('a body', () => {
  it('is its pieces, whatever their sizes, and the pieces stay as they were', async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const reader = new BodyReader(10_000, 10_000);
        const request = requestOf();
        const body = reader.read(request);
        const sent = given.map((piece) => Buffer.from(piece));
        for (const piece of sent) request.emit('data', piece);
        request.emit('end');
        expect(await body).toEqual(Buffer.concat(given));
        expect(sent).toEqual(given.map((piece) => Buffer.from(piece)));
        expect(reader.arriving).toBe(0);
      }),
    );
  });

  it('takes no more memory when it comes a byte at a time', async () => {
    const count = 500_000;
    const request = requestOf();
    const body = new BodyReader(count, count).read(request);
    const memory = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
    const before = memory();
    for (let i = 0; i < count; i++) request.emit('data', Buffer.allocUnsafeSlow(1).fill(97));
    globalThis.gc?.();
    // Kept as a list, the pieces take more than 60 MB.
    expect(memory() - before).toBeLessThan(30e6);
    request.emit('end');
    expect((await body)?.equals(Buffer.alloc(count, 97))).toBe(true);
  });
});
