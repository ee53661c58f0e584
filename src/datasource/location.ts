import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput } from '../errors.js';
import type { ByteSource } from './bytes.js';
import type { DataFiles } from './csv-source.js';
import { fileError, openFile } from './files.js';

/** Where data lies on disk. */
export interface Location extends DataFiles {
  /** Where its schema may stand, best first. */
  readonly schemaPaths: readonly string[];
}

/**
 * Data on disk: a file, whose schema is `<file>.schema`; or a folder, which stands for all files in it and in the folders
 * under it, in order of their paths (bytes of UTF-8, as S3 lists them), with one schema, `<folder>/.schema`. Hidden files
 * and folders (`.name`), files named `*.schema` and what is not a file are left out. A folder of one file is as good as that
 * file, whose own `<file>.schema` counts too.
 *
 * @throws InvalidInput when there is nothing at the path, it may not be read, or the folder holds no file
 */
export async function openLocation(path: string): Promise<Location> {
  if (!(await isFolder(path))) {
    return { name: path, files: [await openFile(path)], schemaPaths: [`${path}.schema`] };
  }
  const paths = await listFiles(path);
  if (paths.length === 0) {
    throw new InvalidInput(`${path}: the folder holds no data`, {
      hint: 'put CSV files there; hidden files and *.schema do not count',
    });
  }
  const files: ByteSource[] = [];
  for (const file of paths) files.push(await openFile(file));
  const schemaPaths = [join(path, '.schema'), ...(paths.length === 1 ? [`${paths[0]}.schema`] : [])];
  return { name: path, files, schemaPaths };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && /[/\\]$/.test(path)) {
      throw new InvalidInput(`${path}: no such folder`, { hint: 'check the path', cause: error });
    }
    throw fileError(error, path);
  }
}

/** All data files under a folder, sorted by path. */
async function listFiles(folder: string): Promise<string[]> {
  const found: { path: string; key: Buffer }[] = [];
  const visit = async (relative: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(join(folder, relative));
    if (above.includes(real)) return;
    for (const name of await readdir(join(folder, relative))) {
      if (name.startsWith('.') || name.endsWith('.schema')) continue;
      const path = relative === '' ? name : `${relative}/${name}`;
      const status = await stat(join(folder, path));
      if (status.isDirectory()) await visit(path, [...above, real]);
      else if (status.isFile()) found.push({ path: join(folder, path), key: Buffer.from(path) });
    }
  };
  try {
    await visit('', []);
  } catch (error) {
    throw fileError(error, (error as NodeJS.ErrnoException).path ?? folder);
  }
  return found.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ path }) => path);
}
