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
      let first: Buffer | undefined;
      let rest: Buffer[] | undefined;
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
        if (first === undefined) first = chunk;
        else if (rest === undefined) rest = [first, chunk];
        else rest.push(chunk);
        length += chunk.length;
        this.#arriving += chunk.length;
        if (length > this.limit) refuse(this.#tooLarge());
        else if (this.#arriving > this.total) refuse(tooMuchArriving());
      };
      const end = (): void => {
        request.removeListener('close', close);
        const body = rest === undefined ? (first ?? NO_BYTES) : Buffer.concat(rest);
        free();
        resolve(body);
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
