import { chmod, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
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
  const cacheFolder = folder.file(name);
  await writeFile(file, text);
  const run = (): Compiled => {
    const cache = new CodeCache(cacheFolder);
    let given: Buffer | undefined;
    const script = cache.compile(file, (source, kept) => {
      given = kept;
      return new Script(source, { cachedData: kept, filename: file });
    });
    const value = script.runInThisContext();
    cache.save();
    return { value, kept: given, isRejected: script.cachedDataRejected };
  };
  return { file, cacheFolder, keptFile: join(cacheFolder, file), run };
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
    const { keptFile, run } = await openScript(SCRIPT);
    run();
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
    const { keptFile, run } = await openScript(SCRIPT);
    run();
    for (const mode of [0o620, 0o602]) {
      await chmod(keptFile, mode);
      expect(run().kept).toBeUndefined();
      expect((await stat(keptFile)).mode & 0o777).toBe(0o600);
    }
  });

  it('leaves no other file behind, and is closed to other users', async () => {
    const { cacheFolder, file, run } = await openScript(SCRIPT);
    run();
    const names = await readdir(cacheFolder, { recursive: true, withFileTypes: true });
    expect(names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))).toEqual([
      join(cacheFolder, file),
    ]);
    if (process.geteuid !== undefined) expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700);
  });

  it('says nothing when it cannot be written', async () => {
    const { cacheFolder, run } = await openScript(SCRIPT);
    await writeFile(cacheFolder, 'a file');
    expect(run().value).toBe(42);
    expect(run()).toMatchObject({ value: 42, kept: undefined });
  });

  it('passes on that a script is not there', () => {
    const missing = folder.file('missing.js');
    expect(() => new CodeCache(folder.path).compile(missing, (text) => new Script(text))).toThrow(/ENOENT/);
  });
});
