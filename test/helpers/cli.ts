import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A small real file that is committed with the tests. */
export const fixture = (name: string): string => join(root, 'test', 'fixtures', name);

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly command?: 'main' | 'machinelearning';
  readonly environment?: NodeJS.ProcessEnv;
  /** Working folder of the command; default: that of the tests. */
  readonly folder?: string;
  /** Signal to send, and the text on standard error to wait for before. */
  readonly kill?: { signal: NodeJS.Signals; after: string };
}

/** Run the built command. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const script = join(root, 'build', 'cli', `${options.command ?? 'main'}.js`);
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.folder,
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
  });
  let stdout = '';
  let stderr = '';
  let killed = false;
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (options.kill && !killed && stderr.includes(options.kill.after)) killed = child.kill(options.kill.signal);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder of its own for the tests of a file; removed afterwards. */
export function temporaryFolder(): { readonly path: string; file(name: string): string } {
  let path = '';
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'create-ml-model-test-'));
  });
  afterAll(() => rm(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    file: (name) => join(path, name),
  };
}
