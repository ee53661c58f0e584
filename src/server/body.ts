import type { IncomingMessage } from 'node:http';
import { protocolError } from './errors.js';

const NO_BYTES = Buffer.alloc(0);
/** How much more than the limit is read and thrown away, so that the client gets to read why it was refused. */
const DRAINED_LIMITS = 4;

/** Reads the bodies of requests, within a limit for each and one for all that are arriving at a time. */
export class BodyReader {
  #arriving = 0;

  /**
   * @param limit bytes of one body
   * @param total bytes of all bodies that have not arrived whole
   */
  constructor(
    readonly limit: number,
    readonly total: number,
  ) {}

  /** Bytes of bodies that have not arrived whole. */
  get arriving(): number {
    return this.#arriving;
  }

  /**
   * @returns the body, or undefined when the client went away
   * @throws ServiceError RequestEntityTooLargeException, or ThrottlingException when too much is arriving at a time
   */
  read(request: IncomingMessage): Promise<Buffer | undefined> {
    if (Number(request.headers['content-length']) > this.limit) {
      discard(request, this.limit);
      return Promise.reject(this.#tooLarge());
    }
    return new Promise((resolve, reject) => {
      let body: Buffer | undefined;
      let length = 0;
      const free = (): void => {
        this.#arriving -= length;
        length = 0;
      };
      const refuse = (error: Error): void => {
        request.removeListener('data', take).removeListener('end', end).removeListener('close', close);
        discard(request, this.limit);
        free();
        reject(error);
      };
      const take = (chunk: Buffer): void => {
        body = body === undefined ? chunk : append(body, length, chunk);
        length += chunk.length;
        this.#arriving += chunk.length;
        if (length > this.limit) refuse(this.#tooLarge());
        else if (this.#arriving > this.total) refuse(tooMuchArriving());
      };
      const end = (): void => {
        request.removeListener('close', close);
        const whole = body?.subarray(0, length) ?? NO_BYTES;
        free();
        resolve(whole);
      };
      const close = (): void => {
        free();
        resolve(undefined);
      };
      request.on('data', take).on('end', end).on('close', close);
    });
  }

  #tooLarge(): Error {
    return protocolError('RequestEntityTooLargeException', `the body is larger than ${this.limit} bytes`);
  }
}

/**
 * Copied, and not kept as a list: the pieces of a body may be of a byte each, and a piece takes hundreds of bytes to keep.
 *
 * @param length bytes of `body` that are in use
 * @returns `body`, or one of twice the size in its place
 */
function append(body: Buffer, length: number, chunk: Buffer): Buffer {
  const needed = length + chunk.length;
  // The first piece is a part of what the socket has read: nothing is written into it.
  const isOwn = length !== body.length;
  if (isOwn && needed <= body.length) {
    chunk.copy(body, length);
    return body;
  }
  const larger = Buffer.allocUnsafeSlow(2 * needed);
  body.copy(larger, 0, 0, length);
  chunk.copy(larger, length);
  return larger;
}

const tooMuchArriving = (): Error =>
  protocolError('ThrottlingException', 'too many large requests are arriving at a time; try again');

/** Read on for a while without keeping anything, then cut the connection. */
function discard(request: IncomingMessage, limit: number): void {
  let left = DRAINED_LIMITS * limit;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
}
