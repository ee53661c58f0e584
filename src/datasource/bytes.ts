import { InvalidInput } from '../errors.js';

/** Bytes that can be read from the beginning as often as needed. */
export interface ByteSource {
  /** File name, for messages. */
  readonly name: string;
  /** Stored size (compressed, if it is), when known. */
  readonly sizeInBytes: number | undefined;
  /** True when what is stored is gzip; `open` gives the unpacked bytes all the same. */
  readonly compressed: boolean;
  /**
   * In chunks, each to be used before the next one is asked for.
   *
   * @param offset byte to begin at; default 0
   * @throws InvalidInput when the bytes cannot be read or unpacked
   */
  open(offset?: number): AsyncIterable<Uint8Array>;
  /**
   * For a plain file: open it to be read at any place, by any thread of the process.
   *
   * @throws InvalidInput when it cannot be read
   */
  openParts?(): Promise<FileParts>;
  /** Give back what was set aside for this source, such as a temporary file. */
  close?(): Promise<void>;
}

/** A plain file that is open. */
export interface FileParts {
  /** Descriptor, the same in all threads. */
  readonly handle: number;
  readonly sizeInBytes: number;
  /**
   * Fill an array with the bytes from a place on, before anything else happens in this thread.
   *
   * @returns how many there are; fewer than asked for only where the file ends
   * @throws InvalidInput when they cannot be read
   */
  read(into: Uint8Array, offset: number): number;
  close(): Promise<void>;
}

/** Gzip data begins with these two bytes (RFC 1952, section 2.3.1). */
export function isGzip(prefix: Uint8Array): boolean {
  return prefix.length >= 2 && prefix[0] === 0x1f && prefix[1] === 0x8b;
}

/**
 * The first bytes of a source: at least `byteCount` of them where there are so many.
 *
 * @throws InvalidInput when the bytes cannot be read or unpacked
 */
export async function readPrefix(
  source: ByteSource,
  byteCount: number,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const parts = await source.openParts?.();
  if (parts === undefined) return readFirstChunks(source, byteCount);
  try {
    const prefix = new Uint8Array(Math.min(byteCount, parts.sizeInBytes));
    const bytes = prefix.subarray(0, parts.read(prefix, 0));
    return { bytes, whole: bytes.length === parts.sizeInBytes };
  } finally {
    await parts.close();
  }
}

async function readFirstChunks(source: ByteSource, byteCount: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let whole = true;
  for await (const chunk of source.open()) {
    // Not `slice`: that of Node's buffers does not copy.
    chunks.push(new Uint8Array(chunk));
    length += chunk.length;
    if (length >= byteCount) {
      whole = false;
      break;
    }
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { bytes, whole };
}

/** The error for a source that holds no observation. */
export function noObservations(name: string): InvalidInput {
  return new InvalidInput(`${name}: no observations`, {
    hint: 'the file is empty or holds only a header; give a CSV file with one observation per line',
  });
}

/** The error for a plain file that ends before it should. */
export function becameShorter(name: string): InvalidInput {
  return new InvalidInput(`${name}: the file became shorter while it was read`, {
    hint: 'read it again when nobody writes to it, or a copy',
  });
}
