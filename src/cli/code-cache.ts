import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import type { Script } from 'node:vm';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compileAsUsual } from './engine-flags.js';

/** Bytes before the engine's: what they were made from and by, as text, then spaces. A multiple of 8, as the engine reads words. */
const HEAD_BYTES = 64;

interface Compiled {
  readonly script: Script;
  readonly path: string;
  readonly head: Buffer;
}

/**
 * Files with what the engine made of scripts: the functions that a run has used, compiled. They are gzip files, not compressed,
 * for the checksum: the engine has none, and does anything with bytes that have changed.
 */
export class CodeCache {
  readonly #folder: string;
  readonly #engine = cachedDataVersionTag();
  readonly #compiled: Compiled[] = [];

  /** @param folder need not be there */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Compile a script with what has been kept of it.
   *
   * @param file the script; what is kept of it has the same path in the folder of the cache
   * @param compile gets its text, and the engine's bytes if there are some; the engine rejects those that are not its own
   * @throws when the script cannot be read
   */
  compile(file: string, compile: (text: string, kept: Buffer | undefined) => Script): Script {
    const { bytes, ctimeMs } = readWhole(file);
    const head = Buffer.from(`${ctimeMs} ${bytes.length} ${this.#engine}`.padEnd(HEAD_BYTES));
    const path = join(this.#folder, file.slice(parse(file).root.length));
    const kept = readKept(path, head);
    const script = compile(bytes.toString(), kept);
    if (kept === undefined || script.cachedDataRejected) this.#compiled.push({ script, path, head });
    return script;
  }

  /** Keep what has been compiled and is not yet kept. A file that cannot be written is left out. */
  save(): void {
    if (this.#compiled.length === 0) return;
    compileAsUsual();
    try {
      for (const { script, path, head } of this.#compiled) {
        replaceFile(path, gzipSync(Buffer.concat([head, script.createCachedData()]), { level: 0 }));
      }
    } catch {}
  }
}

/** Bytes, owner, permissions and times of the same file, whatever has its name a moment later. */
function readWhole(path: string): { bytes: Buffer; ctimeMs: number; uid: number; mode: number } {
  const file = openSync(path, 'r');
  try {
    const { ctimeMs, uid, mode } = fstatSync(file);
    return { bytes: readFileSync(file), ctimeMs, uid, mode };
  } finally {
    closeSync(file);
  }
}

/** The engine's bytes. Undefined if they are of something else, or if another user may have written what we would run. */
function readKept(path: string, head: Buffer): Buffer | undefined {
  try {
    const { bytes, uid, mode } = readWhole(path);
    if (process.geteuid !== undefined && (uid !== process.geteuid() || (mode & 0o022) !== 0)) return undefined;
    const kept = gunzipSync(bytes, { chunkSize: Math.max(bytes.length, HEAD_BYTES) });
    return kept.subarray(0, HEAD_BYTES).equals(head) ? kept.subarray(HEAD_BYTES) : undefined;
  } catch {
    return undefined;
  }
}

/** Processes may do so at once, and read meanwhile. */
function replaceFile(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, bytes, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
