import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const paths = new Set<string>();
let watching = false;

/**
 * Remove a file or folder when the process ends, however it is told to: by itself, by `process.exit`, by Ctrl-C.
 *
 * @returns call it when the path has been removed or is to be kept
 */
export function removeAtExit(path: string): () => void {
  if (!watching) {
    watching = true;
    process.on('exit', () => {
      for (const left of paths) rmSync(left, { recursive: true, force: true });
    });
  }
  paths.add(path);
  return () => {
    paths.delete(path);
  };
}

/** A folder for files that are not to outlive the process. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Make a folder in the system's temporary one; it is removed when the process ends. If the process is killed, the next one
 * that makes such a folder, or calls `removeLeftovers`, removes it.
 */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  removeLeftovers();
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-${processSpace()}-`));
  const forget = removeAtExit(path);
  return { path, remove: () => rm(path, { recursive: true, force: true }).finally(forget) };
}

const PREFIX = 'create-ml-model-';
const OWNED = /^create-ml-model-(\d+)-([0-9a-f]{8})-/;

/** Remove temporary folders whose process is gone. */
export function removeLeftovers(folder = tmpdir()): void {
  for (const name of entries(folder)) {
    const [, pid, space] = OWNED.exec(name) ?? [];
    if (pid === undefined || space !== processSpace() || isAlive(Number(pid))) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Somebody else's: let them remove it.
    }
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** 8 hexadecimal digits for where process ids mean the same: machines and containers may share a temporary folder. */
function processSpace(): string {
  let text = hostname();
  try {
    text += readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux: no such containers.
  }
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
