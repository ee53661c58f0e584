import { mkdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { checkOutputUri, parseS3Uri } from '../../src/operations/locations/location.js';
import { openLocations } from '../../src/operations/locations/locations.js';
import { temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
const places = () => openLocations({ home: folder.path, s3Root: folder.file('root') });

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

async function files(uri: string): Promise<string[]> {
  const data = await places().openData(uri);
  await data.close();
  return data.files.map((file) => `${file.uri} ${file.sizeInBytes}`);
}

beforeAll(async () => {
  await mkdir(folder.file('root/b/data/deep/.hidden'), { recursive: true });
  await mkdir(folder.file('outside/data'), { recursive: true });
  const write = (name: string, text: string): Promise<void> => writeFile(folder.file(name), text);
  await write('root/b/one.csv', 'a\n1\n');
  await write('root/b/one.csv.schema', '{"one":1}');
  await write('root/b/data/2.csv', 'a\n2\n3\n');
  await write('root/b/data/deep/1.csv', 'a\n4\n');
  await write('root/b/data/deep/.hidden/x.csv', 'a\n');
  await write('root/b/data/.schema', '{"folder":1}');
  await write('outside/secret.csv', 'a\n5\n');
  await write('outside/data/x.csv', 'a\n5\n');
});

describe('s3:// as a folder', () => {
  it('is one object, with the schema beside it', async () => {
    expect(await files('s3://b/one.csv')).toEqual(['s3://b/one.csv 4']);
    const data = await places().openData('s3://b/one.csv');
    expect(data.schema).toBe('{"one":1}');
  });

  it('is all objects under a prefix, hidden ones and schemas left out', async () => {
    expect(await files('s3://b/data/')).toEqual(['s3://b/data/2.csv 6', 's3://b/data/deep/1.csv 4']);
    expect((await places().openData('s3://b/data/')).schema).toBe('{"folder":1}');
  });

  it('asks for a slash after a folder, and for something to be there', async () => {
    await expect(files('s3://b/data')).rejects.toThrow('s3://b/data: is a folder');
    await expect(files('s3://b/none.csv')).rejects.toThrow('s3://b/none.csv: nothing is there');
    await expect(files('s3://none/')).rejects.toThrow('s3://none/: nothing is there');
    expect(await places().readText('s3://b/none', 10)).toBeUndefined();
  });

  it('reads texts of a size', async () => {
    expect(await places().readText('s3://b/one.csv', 4)).toBe('a\n1\n');
    await expect(places().readText('s3://b/one.csv', 3)).rejects.toThrow('s3://b/one.csv: 4 bytes');
  });

  it('writes, and makes the folders above', async () => {
    await places().write('s3://new/x/y/z.txt', once('hello'));
    expect(await readFile(folder.file('root/new/x/y/z.txt'), 'utf8')).toBe('hello');
  });

  it.each([
    's3://../outside/secret.csv',
    's3://b/../../outside/secret.csv',
    's3://b/./one.csv',
    's3://b//one.csv',
    's3://b/data/..',
    's3://b/..\\..\\outside',
    's3://b/a\u0000b',
    's3://-b/one.csv',
    's3://./root',
  ])('refuses %j', async (uri) => {
    for (const work of [files(uri), places().readText(uri, 100), places().write(uri, once('x'))]) {
      await expect(work).rejects.toBeInstanceOf(InvalidInput);
    }
  });

  it('refuses symbolic links that lead out, wherever they are', async () => {
    await symlink(folder.file('outside/secret.csv'), folder.file('root/b/link.csv'));
    await symlink(folder.file('outside'), folder.file('root/out'));
    await symlink(folder.file('outside/nowhere'), folder.file('root/b/dangling'));
    await mkdir(folder.file('root/mixed'));
    await writeFile(folder.file('root/mixed/1.csv'), 'a\n1\n');
    await symlink(folder.file('outside/secret.csv'), folder.file('root/mixed/2.csv'));
    await symlink(folder.file('outside/secret.csv'), folder.file('root/mixed/.schema'));
    const leadsOut = 'a symbolic link leads out';
    for (const uri of ['s3://b/link.csv', 's3://out/secret.csv', 's3://out/data/', 's3://mixed/']) {
      await expect(files(uri)).rejects.toThrow(leadsOut);
    }
    await expect(places().readText('s3://b/link.csv', 100)).rejects.toThrow(leadsOut);
    for (const uri of ['s3://b/link.csv', 's3://out/new.txt', 's3://out/a/b/c.txt']) {
      await expect(places().write(uri, once('x'))).rejects.toThrow(leadsOut);
    }
    await expect(places().write('s3://b/dangling', once('x'))).rejects.toBeInstanceOf(InvalidInput);
    expect(await readFile(folder.file('outside/secret.csv'), 'utf8')).toBe('a\n5\n');
    await expect(stat(folder.file('outside/nowhere'))).rejects.toThrow('ENOENT');
  });

  it('follows symbolic links inside the root', async () => {
    await symlink(folder.file('root/b/one.csv'), folder.file('root/b/same.csv'));
    expect(await files('s3://b/same.csv')).toEqual(['s3://b/same.csv 4']);
  });

  it('never leads out of the root, whatever the URI', async () => {
    const part = fc.constantFrom('..', '.', '', 'b', 'out', 'data', '%2e%2e', '…', '\\', 'one.csv', '~');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (parts) => {
        const uri = `s3://${parts.join('/')}`;
        const data = await places()
          .openData(uri)
          .catch((error: unknown) => {
            expect(error).toBeInstanceOf(InvalidInput);
            expect((error as Error).message).not.toContain(folder.path);
          });
        const root = join(await realpath(folder.path), 'root/');
        for (const { path } of data?.files ?? []) expect((await realpath(path)).startsWith(root)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('file:///', () => {
  it('is a file, or a folder with a slash', async () => {
    const uri = pathToFileURL(folder.file('outside/data')).href;
    expect(await files(`${uri}/x.csv`)).toEqual([`${uri}/x.csv 4`]);
    expect(await files(`${uri}/`)).toEqual([`${uri}/x.csv 4`]);
    await places().write(`${uri}/out/y.txt`, once('y'));
    expect(await places().readText(`${uri}/out/y.txt`, 10)).toBe('y');
    await expect(files('file://host/x')).rejects.toThrow('not the URI of a file');
  });
});

describe('an S3 URI', () => {
  it('has a bucket and a key', () => {
    expect(parseS3Uri('s3://b')).toEqual({ bucket: 'b', key: '' });
    expect(parseS3Uri('s3://b/')).toEqual({ bucket: 'b', key: '' });
    expect(parseS3Uri('s3://b/x/y.csv')).toEqual({ bucket: 'b', key: 'x/y.csv' });
    expect(parseS3Uri('s3://b/x/')).toEqual({ bucket: 'b', key: 'x/' });
  });

  it("of an output must not have ':' in its key", () => {
    expect(() => checkOutputUri('s3://b/a:b/')).toThrow("must not contain ':'");
    expect(() => checkOutputUri('s3://b/a//b/')).toThrow(InvalidInput);
    expect(checkOutputUri('s3://b/a/')).toBeUndefined();
  });
});
