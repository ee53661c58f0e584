import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './cli.js';

/** A program that `test/setup/install.mjs` installs. @throws Error that says so when it is not there */
function installed(path: string): string {
  if (existsSync(path)) return path;
  throw new Error(`${path} is not there; install what the tests need with: node test/setup/install.mjs`);
}

/** Debian's package `awscli`, version 2. */
export const awsProgram = (): string => installed('/usr/bin/aws');

/** A program of the Python environment: `python`, which has boto3, or `moto_server`. */
export const pythonProgram = (name: 'python' | 'moto_server'): string =>
  installed(join(root, 'build', 'python', 'bin', name));
