import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InvalidInput } from '../errors.js';
import { type ByteSource, becameShorter, type FileParts, isGzip } from './bytes.js';
import { readFully } from './read-fully.js';
import { makeTemporaryFolder, removeAtExit } from './temporary.js';

const READ_BYTES = 1 << 19;
const UNPACKED_BYTES = 1 << 18;

/**
 * A file on disk, unpacked when its content is gzip, whatever its name.
 *
 * @throws InvalidInput when it does not exist, is a folder or may not be read
 */
export async function openFile(path: string, name: string = path): Promise<ByteSource> {
  const prefix = new Uint8Array(2);
  let sizeInBytes: number;
  try {
    const status = await stat(path);
    if (status.isDirectory()) {
      throw new InvalidInput(`${name}: is a folder`, { hint: 'name a CSV file' });
    }
    if (!status.isFile()) return await spool(createReadStream(path), name);
    const file = await open(path);
    try {
      await file.read(prefix, 0, 2, 0);
    } finally {
      await file.close();
    }
    sizeInBytes = status.size;
  } catch (error) {
    throw fileError(error, name);
  }
  const compressed = isGzip(prefix);
  return {
    name,
    sizeInBytes,
    compressed,
    open: (offset = 0) => readChunks(path, name, compressed, offset),
    ...(compressed ? {} : { openParts: () => openParts(path, name) }),
  };
}

async function openParts(path: string, name: string): Promise<FileParts> {
  try {
    const file = await open(path);
    const { size } = await file.stat();
    return {
      handle: file.fd,
      sizeInBytes: size,
      read(into, offset) {
        try {
          return readFully(file.fd, into, offset);
        } catch (error) {
          throw fileError(error, name);
        }
      },
      close: () => file.close(),
    };
  } catch (error) {
    throw fileError(error, name);
  }
}

/** Each chunk is valid until the next but one is asked for. */
async function* readChunks(
  path: string,
  name: string,
  compressed: boolean,
  offset: number,
): AsyncGenerator<Uint8Array> {
  try {
    if (compressed) yield* unpackedChunks(path);
    else yield* plainChunks(path, name, offset);
  } catch (error) {
    throw fileError(error, name);
  }
}

/** Reads ahead by one chunk, into two buffers by turns: new ones for each chunk cost more than reading. */
async function* plainChunks(path: string, name: string, offset: number): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  const { size } = await file.stat();
  const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(READ_BYTES));
  let next = offset;
  const read = (turn: number): ReturnType<typeof file.read<Buffer>> => {
    const reading = file.read(buffers[turn], 0, buffers[turn].length, next);
    // Awaited when its turn comes; an error until then is not unhandled.
    reading.catch(() => {});
    return reading;
  };
  let reading = read(0);
  try {
    for (let turn = 1; ; turn ^= 1) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0 && next < size) throw becameShorter(name);
      if (bytesRead === 0) return;
      next += bytesRead;
      reading = read(turn);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await reading.catch(() => {});
    await file.close();
  }
}

async function* unpackedChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: UNPACKED_BYTES });
  const stream: Readable = file.pipe(createGunzip({ chunkSize: UNPACKED_BYTES }));
  file.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } finally {
    stream.destroy();
    file.destroy();
  }
}

/**
 * Copy a stream to a temporary file, so that it can be read more than once without being held in memory.
 * `close` removes the file.
 */
export async function spool(
  stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const folder = await makeTemporaryFolder();
  try {
    const path = join(folder.path, 'input');
    await pipeline(Readable.from(bytesOnly(stream, name), { objectMode: false }), createWriteStream(path), { signal });
    return { ...(await openFile(path, name)), close: folder.remove };
  } catch (error) {
    await folder.remove();
    signal?.throwIfAborted();
    throw fileError(error, name);
  }
}

async function* bytesOnly(
  stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream as AsyncIterable<unknown>) {
    if (typeof chunk === 'string') yield new TextEncoder().encode(chunk);
    else if (chunk instanceof Uint8Array) yield chunk;
    else {
      throw new InvalidInput(`${name}: the stream gave ${typeof chunk} instead of bytes`, {
        hint: 'give a stream of Uint8Array chunks',
      });
    }
  }
}

const EXPLANATIONS: Record<string, [string, string]> = {
  ENOENT: ['no such file', 'check the path'],
  ENOTDIR: ['no such file', 'check the path'],
  EACCES: ['may not be read', 'check its permissions'],
  EPERM: ['may not be read', 'check its permissions'],
  EISDIR: ['is a folder', 'name a file'],
  ENOSPC: ['the disk is full', 'free some space, or name a place on another disk'],
  EROFS: ['the disk is read-only', 'name a place on another disk'],
  Z_BUF_ERROR: ['the gzip data ends too early', 'the file is cut short: copy or download it again'],
  Z_DATA_ERROR: ['the gzip data is damaged', 'copy or download the file again'],
};

/** The error of a file operation as something the user can repair; other errors stay as they are. */
export function fileError(error: unknown, name: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const system = (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;
  const explanation =
    (code && EXPLANATIONS[code]) || (system ? [(error as Error).message, 'check the path'] : undefined);
  if (explanation === undefined) return error;
  return new InvalidInput(`${name}: ${explanation[0]}`, { hint: explanation[1], cause: error });
}

/**
 * Write a file whole or not at all: to a temporary file in the same folder, then renamed.
 *
 * @param chunks what to write, in order
 * @throws InvalidInput when the folder is missing, may not be written or the disk is full; nothing is left behind
 */
export async function writeWhole(
  path: string,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const hidden = join(dirname(path), `.${basename(path)}`);
  const temporary = `${hidden}.${process.pid}-${Math.random().toString(36).slice(2, 8)}.tmp`;
  let forget = (): void => {};
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing?.isDirectory()) throw new InvalidInput(`${path}: is a folder`, { hint: 'name a file' });
    if (existing && !existing.isFile()) return await pipeline(Readable.from(chunks), createWriteStream(path));
    const file = await open(temporary, 'wx');
    forget = removeAtExit(temporary);
    try {
      for await (const chunk of chunks) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new InvalidInput(`${path}: no such folder`, { hint: 'create it first', cause: error });
    if (code === 'EACCES' || code === 'EPERM') {
      throw new InvalidInput(`${path}: may not be written`, {
        hint: 'check the permissions of its folder',
        cause: error,
      });
    }
    throw fileError(error, path);
  } finally {
    forget();
  }
}
