import { lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileError, writeWhole } from '../../datasource/files.js';
import { openLocation } from '../../datasource/location.js';
import { InvalidInput } from '../../errors.js';
import { nothingThere, type OpenData, type Place, parseS3Uri, SCHEMA_BYTES } from './location.js';

/**
 * Buckets as folders: `s3://bucket/key` is `<root>/bucket/key`. What a symbolic link leads to counts where it really is: only
 * inside the root.
 */
export class FolderPlace implements Place {
  /** @param root folder; made when something is written */
  constructor(readonly root: string) {}

  async openData(uri: string): Promise<OpenData> {
    return openFolderData(this.#path(uri), uri, (path) => this.#checkInside(path, uri));
  }

  async readText(uri: string, maxBytes: number): Promise<string | undefined> {
    const path = this.#path(uri);
    return readTextFile(path, uri, maxBytes, () => this.#checkInside(path, uri));
  }

  async write(uri: string, chunks: AsyncIterable<Uint8Array | string>): Promise<void> {
    const path = this.#path(uri);
    if (uri.endsWith('/')) throw new InvalidInput(`${uri}: is a folder`, { hint: 'name a file' });
    await mkdir(this.root, { recursive: true });
    await this.#checkInside(await nearestExisting(path), uri);
    await writeFileAt(path, uri, chunks);
  }

  #path(uri: string): string {
    const { bucket, key } = parseS3Uri(uri);
    return join(this.root, bucket, ...key.split('/'), key.endsWith('/') || key === '' ? sep : '');
  }

  async #checkInside(path: string, uri: string): Promise<void> {
    const [root, real] = await Promise.all([realpath(this.root), realpath(path)]).catch((error: unknown) => {
      throw isAbsent(error) ? nothingThere(uri) : error;
    });
    if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return;
    throw new InvalidInput(`${uri}: a symbolic link leads out of the folder that stands for S3`, {
      hint: 'copy the file there, or choose another folder with --s3-root',
    });
  }
}

/** A file or folder as open data. @param check refuses what may not be read */
export async function openFolderData(
  path: string,
  uri: string,
  check: (path: string) => Promise<void> = async () => {},
): Promise<OpenData> {
  try {
    const status = await stat(path);
    if (status.isDirectory() && !uri.endsWith('/')) {
      throw new InvalidInput(`${uri}: is a folder`, { hint: `write ${uri}/ for all files in it` });
    }
    if (!status.isDirectory() && !status.isFile()) {
      throw new InvalidInput(`${uri}: is neither a file nor a folder`, { hint: 'name a CSV file' });
    }
    await check(path);
    const { files, schemaPaths } = await openLocation(path);
    const found = [];
    for (const { name } of files) {
      await check(name);
      const tail = name === path ? '' : relative(path, name).split(sep).join('/');
      found.push({ path: name, uri: uri + tail, sizeInBytes: (await stat(name)).size });
    }
    let schema: string | undefined;
    for (const schemaPath of schemaPaths) {
      const checkSchema = (): Promise<void> => check(schemaPath);
      schema ??= await readTextFile(schemaPath, `the schema of ${uri}`, SCHEMA_BYTES, checkSchema);
    }
    return { path, files: found, schema, close: async () => {} };
  } catch (error) {
    throw named(error, path, uri);
  }
}

/** The text of a file; undefined when there is none. @throws InvalidInput with the URI in place of the path */
export async function readTextFile(
  path: string,
  uri: string,
  maxBytes: number,
  check: () => Promise<void> = async () => {},
): Promise<string | undefined> {
  try {
    const status = await stat(path);
    await check();
    if (!status.isFile()) throw new InvalidInput(`${uri}: is not a file`, { hint: 'name a file' });
    if (status.size > maxBytes) throw tooLarge(uri, status.size, maxBytes);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw named(error, path, uri);
  }
}

export function tooLarge(uri: string, bytes: number, maxBytes: number): InvalidInput {
  return new InvalidInput(`${uri}: ${bytes} bytes, more than the ${maxBytes} that are read`, {
    hint: 'is this the file you mean?',
  });
}

/** Write a file and the folders above it. @throws InvalidInput with the URI in place of the path */
export async function writeFileAt(
  path: string,
  uri: string,
  chunks: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  try {
    if ((await lstat(path).catch(() => undefined))?.isSymbolicLink()) {
      throw new InvalidInput(`${uri}: is a symbolic link`, { hint: 'remove it, or write elsewhere' });
    }
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, chunks);
  } catch (error) {
    throw named(error, path, uri);
  }
}

/** The path, or the nearest folder above it that exists. */
async function nearestExisting(path: string): Promise<string> {
  const there = await lstat(path).then(
    () => true,
    () => false,
  );
  return there || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** An error about a path as one about a URI. */
function named(error: unknown, path: string, uri: string): unknown {
  if (isAbsent(error)) return nothingThere(uri);
  const shown = fileError(error, uri);
  if (!(shown instanceof InvalidInput)) return shown;
  return new InvalidInput(shown.message.replaceAll(path, uri), {
    hint: shown.hint?.replaceAll(path, uri),
    cause: shown,
  });
}
