import { readSync } from 'node:fs';

/**
 * Fill an array with the bytes of an open file from a place on.
 *
 * @param handle descriptor
 * @returns how many there are; fewer than asked for only where the file ends
 */
export function readFully(handle: number, into: Uint8Array, offset: number): number {
  let done = 0;
  while (done < into.length) {
    const count = readSync(handle, into, done, into.length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
