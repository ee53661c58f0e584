import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import type { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { flagsAsUsual } from './engine-flags.js';

/** Bytes before the engine's: what they were made from and by, as text, then spaces. A multiple of 8, as the engine reads words. */
const HEAD_BYTES = 64;
/** Permissions of others to write. */
const OTHERS_WRITE = 0o022;

/** Where files are kept. Only its owner can use it, so that nobody else has written what we run. */
export interface CachePlace {
  /** A folder that is there. */
  readonly base: string;
  /** Folders one in the other below it; made when needed. */
  readonly names: readonly string[];
}

interface Compiled {
  readonly script: Script;
  readonly path: string;
  /** Of the script's text and the engine. */
  readonly source: string;
}

/**
 * Files with what the engine made of scripts: the functions that a run has used, compiled. With checksums: the engine knows a
 * text by its length only, and does anything with bytes that have changed.
 */
export class CodeCache {
  readonly #place: CachePlace;
  readonly #folder: string;
  readonly #label: string;
  readonly #isUsable: boolean;
  readonly #compiled: Compiled[] = [];

  /** @param label begins the names of files: those of another label are others, also of the same scripts */
  constructor(place: CachePlace, label: string) {
    this.#place = place;
    this.#folder = join(place.base, ...place.names);
    this.#label = label;
    this.#isUsable = isFolderOfOurs(place.base);
  }

  /**
   * Compile a script with what has been kept of it.
   *
   * @param file the script, ASCII
   * @param compile gets its text, and the engine's bytes if there are some; the engine rejects those that are not its own
   * @throws when the script cannot be read
   */
  compile(file: string, compile: (text: string, kept: Buffer | undefined) => Script): Script {
    const bytes = readFileSync(file);
    const text = bytes.toString('latin1');
    if (!this.#isUsable) return compile(text, undefined);
    const source = `${bytes.length} ${crc32(bytes)} ${cachedDataVersionTag()}`;
    const path = join(this.#folder, `${this.#label}-${basename(file)}-${crc32(file).toString(16)}`);
    const kept = readKept(this.#folder, path, source);
    const script = compile(text, kept);
    if (kept === undefined || script.cachedDataRejected) this.#compiled.push({ script, path, source });
    return script;
  }

  /** Keep what has been compiled and is not yet kept. A file that cannot be written is left out. */
  save(): void {
    if (this.#compiled.length === 0) return;
    flagsAsUsual();
    try {
      makeFolders(this.#place);
      if (!isClosed(lstatSync(this.#folder))) return;
      for (const { script, path, source } of this.#compiled) {
        const code = script.createCachedData();
        replaceFile(path, Buffer.concat([headOf(source, code), code]));
      }
    } catch {}
  }
}

const headOf = (source: string, code: Buffer): Buffer => Buffer.from(`${source} ${crc32(code)}`.padEnd(HEAD_BYTES));

/** Ours, or of a platform without owners. */
const isOurs = ({ uid }: Stats): boolean => process.geteuid === undefined || uid === process.geteuid();

/** Nobody else can write it. */
const isClosed = (stats: Stats): boolean =>
  isOurs(stats) && (process.geteuid === undefined || (stats.mode & OTHERS_WRITE) === 0);

function isFolderOfOurs(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isDirectory() && isOurs(stats);
  } catch {
    return false;
  }
}

/** The engine's bytes. Undefined if they are of something else, or if another user may have written what we would run. */
function readKept(folder: string, path: string, source: string): Buffer | undefined {
  try {
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || !isClosed(stats)) return undefined;
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const fileStats = fstatSync(file);
      if (!fileStats.isFile() || !isClosed(fileStats)) return undefined;
      const bytes = readFileSync(file);
      const code = bytes.subarray(HEAD_BYTES);
      return bytes.subarray(0, HEAD_BYTES).equals(headOf(source, code)) ? code : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** One after the other: to make a path as a whole never ends in some folders of Node 20 that do not take any. */
function makeFolders({ base, names }: CachePlace): void {
  let folder = base;
  for (const name of names) {
    folder = join(folder, name);
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Processes may do so at once, and read meanwhile. */
function replaceFile(path: string, bytes: Buffer): void {
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(temporary, bytes, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
