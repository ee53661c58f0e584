import { chmod, chown, mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { CodeCache } from '../../src/cli/code-cache.js';
import { temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
let count = 0;

interface Compiled {
  readonly value: unknown;
  /** What was kept of the script. */
  readonly kept: Buffer | undefined;
  readonly isRejected: boolean | undefined;
}

/** A script, its cache, and what a run of it gives, which keeps it. */
async function openScript(text: string) {
  const name = `script-${count++}`;
  const file = folder.file(`${name}.js`);
  const base = folder.file(name);
  const cacheFolder = join(base, 'kept', 'code');
  await mkdir(base);
  await writeFile(file, text);
  const run = (): Compiled => {
    const cache = new CodeCache({ base, names: ['kept', 'code'] }, 'test');
    let given: Buffer | undefined;
    const script = cache.compile(file, (source, kept) => {
      given = kept;
      return new Script(source, { cachedData: kept, filename: file });
    });
    const value = script.runInThisContext();
    cache.save();
    return { value, kept: given, isRejected: script.cachedDataRejected };
  };
  /** The one file of the cache. */
  const findKept = async (): Promise<string> => join(cacheFolder, (await readdir(cacheFolder))[0]!);
  return { file, base, cacheFolder, findKept, run };
}

const SCRIPT = '(() => { function twice(x) { return 2 * x; } return twice(21); })()';

describe('a cache of compiled scripts', () => {
  it('gives the engine in the next run what it made of a script in this', async () => {
    const { run } = await openScript(SCRIPT);
    expect(run()).toEqual({ value: 42, kept: undefined, isRejected: undefined });
    const again = run();
    expect(again).toMatchObject({ value: 42, isRejected: false });
    expect(again.kept!.length).toBeGreaterThan(100);
  });

  it('gives nothing for a script of the same length and time that has changed', async () => {
    const { file, run } = await openScript(SCRIPT);
    run();
    const { atime, mtime } = await stat(file);
    await writeFile(file, SCRIPT.replace('21', '23'));
    await utimes(file, atime, mtime);
    expect(run()).toEqual({ value: 46, kept: undefined, isRejected: undefined });
    expect(run()).toMatchObject({ value: 46, isRejected: false });
  });

  it('gives nothing when any byte of what is kept has changed, or the end is missing', async () => {
    const { findKept, run } = await openScript(SCRIPT);
    run();
    const keptFile = await findKept();
    const good = await readFile(keptFile);
    for (const at of [0, 20, 40, 60, 100, 200, good.length - 6, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at]! ^= 0x10;
      await writeFile(keptFile, bad, { mode: 0o600 });
      expect(run(), `byte ${at}`).toMatchObject({ value: 42, kept: undefined });
    }
    for (const length of [0, 5, 64, good.length - 1]) {
      await writeFile(keptFile, good.subarray(0, length));
      expect(run(), `${length} bytes`).toMatchObject({ value: 42, kept: undefined });
    }
    expect(run()).toMatchObject({ value: 42, isRejected: false });
  });

  it.skipIf(process.geteuid === undefined)('gives nothing that others may have written', async () => {
    const { findKept, run } = await openScript(SCRIPT);
    run();
    const keptFile = await findKept();
    for (const mode of [0o620, 0o602]) {
      await chmod(keptFile, mode);
      expect(run().kept).toBeUndefined();
      expect((await stat(keptFile)).mode & 0o777).toBe(0o600);
    }
  });

  it.skipIf(process.geteuid === undefined)('gives nothing from a folder that others may write', async () => {
    const { cacheFolder, findKept, run } = await openScript(SCRIPT);
    run();
    const { mtimeMs } = await stat(await findKept());
    await chmod(cacheFolder, 0o770);
    expect(run()).toMatchObject({ value: 42, kept: undefined });
    expect((await stat(await findKept())).mtimeMs).toBe(mtimeMs);
    await chmod(cacheFolder, 0o700);
    expect(run()).toMatchObject({ value: 42, isRejected: false });
  });

  it.skipIf(process.platform === 'win32')('gives nothing by a link', async () => {
    const { base, cacheFolder, findKept, run } = await openScript(SCRIPT);
    run();
    const keptFile = await findKept();
    await rename(keptFile, join(base, 'moved'));
    await symlink(join(base, 'moved'), keptFile);
    expect(run()).toMatchObject({ value: 42, kept: undefined });
    expect(run()).toMatchObject({ value: 42, isRejected: false });
    await rename(cacheFolder, join(base, 'folder'));
    await symlink(join(base, 'folder'), cacheFolder);
    expect(run()).toMatchObject({ value: 42, kept: undefined });
  });

  it.skipIf(process.geteuid?.() !== 0)('is not used, and nothing is made, in the folder of another user', async () => {
    const { base, run } = await openScript(SCRIPT);
    await chown(base, 65534, 65534);
    for (let i = 0; i < 2; i++) expect(run()).toMatchObject({ value: 42, kept: undefined });
    expect(await readdir(base)).toEqual([]);
  });

  it('leaves no other file behind, and is closed to other users', async () => {
    const { base, cacheFolder, findKept, run } = await openScript(SCRIPT);
    run();
    const entries = await readdir(base, { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))).toEqual([
      await findKept(),
    ]);
    if (process.geteuid !== undefined) expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700);
  });

  it('says nothing when it cannot be written', async () => {
    const { base, run } = await openScript(SCRIPT);
    await writeFile(join(base, 'kept'), 'a file');
    expect(run().value).toBe(42);
    expect(run()).toMatchObject({ value: 42, kept: undefined });
  });

  it('passes on that a script is not there', () => {
    const missing = folder.file('missing.js');
    const cache = new CodeCache({ base: folder.path, names: [] }, 'test');
    expect(() => cache.compile(missing, (text) => new Script(text))).toThrow(/ENOENT/);
  });
});
