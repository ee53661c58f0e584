import { read } from 'node:fs';
import { appendFile, type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../datasource/temporary.js';
import { InvalidInput } from '../errors.js';
import type { SpilledRows, SpillStore } from '../training/spill.js';

/** Open a store in the system's temporary folder. */
export async function openSpillFiles(): Promise<SpillStore> {
  const folder = await makeTemporaryFolder().catch(explain);
  const bucketPath = (bucket: number): string => join(folder.path, `bucket-${bucket}`);
  let rows: FileHandle;
  try {
    rows = await open(join(folder.path, 'rows'), 'w+');
  } catch (error) {
    await folder.remove();
    throw explained(error);
  }
  return {
    append: (bucket, chunks) => append(bucketPath(bucket), chunks).catch(explain),
    async takeBucket(bucket) {
      const path = bucketPath(bucket);
      const bytes = await readFile(path).catch(explain);
      await rm(path);
      return bytes;
    },
    write: (bytes, offset) => write(rows, bytes, offset).catch(explain),
    rows: readSpilled(rows.fd),
    handle: rows.fd,
    async close() {
      await rows.close();
      await folder.remove();
    },
  };
}

async function append(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'a');
  try {
    for (const chunk of chunks) await appendFile(file, chunk);
  } finally {
    await file.close();
  }
}

async function write(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

/** @param file descriptor of the rows file; any thread of the process may use it */
export function readSpilled(file: number): SpilledRows {
  const readSome = (into: Uint8Array, done: number, offset: number): Promise<number> =>
    new Promise((resolve, reject) => {
      read(file, into, done, into.length - done, offset + done, (error, count) => {
        if (error) reject(explained(error));
        else resolve(count);
      });
    });
  return {
    async read(into, offset) {
      for (let done = 0; done < into.length; ) {
        const count = await readSome(into, done, offset);
        if (count === 0) throw new Error(`the file of encoded rows ends at ${offset + done}`);
        done += count;
      }
    },
  };
}

function explain(error: unknown): never {
  throw explained(error);
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space, name a folder on a larger disk with TMPDIR, or give more memory with --memory',
  EDQUOT: 'free some space, name a folder on a larger disk with TMPDIR, or give more memory with --memory',
};

function explained(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new InvalidInput(
    `${tmpdir()}: encoded rows that do not fit in memory: ${full ? 'the disk is full' : message}`,
    {
      hint: ADVICE[code] ?? 'name another folder with TMPDIR, or give more memory with --memory',
      cause: error,
    },
  );
}
