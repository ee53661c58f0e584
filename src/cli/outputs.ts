import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidInput } from '../errors.js';

/**
 * Check a place to write to before the work that leads there.
 *
 * @param flag for messages: `--model-out`
 * @param inputs files that are read and must not be written over; undefined ones and `-` do not count
 * @throws InvalidInput when the folder is missing or may not be written, or the path is one of the inputs or `-`
 */
export async function checkOutput(flag: string, path: string, inputs: readonly (string | undefined)[]): Promise<void> {
  if (path === '-') {
    throw new InvalidInput(`${flag}: '-' is not a file`, { hint: 'give a path, or /dev/stdout' });
  }
  const own = await realpath(path).catch(() => undefined);
  for (const input of inputs) {
    if (own === undefined || input === undefined || input === '-') continue;
    if ((await realpath(input).catch(() => undefined)) === own) {
      throw new InvalidInput(`${flag}: '${path}' is the input ${input} and would be lost`, {
        hint: 'name another file',
      });
    }
  }
  if (own !== undefined && (await stat(own)).isDirectory()) {
    throw new InvalidInput(`${flag}: '${path}' is a folder`, { hint: 'name a file' });
  }
  if (own !== undefined && !(await stat(own)).isFile()) return;
  await access(dirname(own ?? path), constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    throw new InvalidInput(`${flag}: ${path}: ${missing ? 'no such folder' : 'its folder may not be written'}`, {
      hint: missing ? 'create it first' : 'check the permissions, or name another place',
      cause,
    });
  });
}
