import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, run, temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();

/** Writes down what is imported, dependencies' own files included. */
const HOOKS = `
import { appendFileSync } from 'node:fs';
export function resolve(specifier, context, next) {
  return next(specifier, context).then((found) => {
    if (!found.url.startsWith('node:')) appendFileSync(process.env.LOADED, found.url + '\\n');
    return found;
  });
}`;
const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
/** Files that are no ES modules are in the cache of `require`. */
const REGISTER = dataUrl(`
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
register(${JSON.stringify(dataUrl(HOOKS))});
const { cache } = createRequire(${JSON.stringify(import.meta.url)});
process.on('exit', () => appendFileSync(process.env.LOADED, Object.keys(cache).join('\\n') + '\\n'));`);

/** The files that a command loads: Node knows them, but for those of `build/cli/scripts`, of which compiled code is kept. */
async function loadedBy(name: string, args: readonly string[]): Promise<string[]> {
  const kept = await cacheHome(`${name}-kept`);
  const environment = { LOADED: folder.file(name), NODE_OPTIONS: `--import=${REGISTER}`, XDG_CACHE_HOME: kept };
  const { code, stderr } = await run(args, { environment });
  expect(stderr).not.toMatch(/^error/m);
  expect(code).toBe(0);
  const scripts = (await keptIn(kept)).map((file) => `/build/cli/scripts/${basename(file)}`);
  return [...new Set([...(await readFile(folder.file(name), 'utf8')).trim().split('\n'), ...scripts])];
}

/** A folder for caches, made unless it is there. */
async function cacheHome(name: string): Promise<string> {
  const path = folder.file(name);
  await mkdir(path, { recursive: true });
  return path;
}

async function keptIn(path: string): Promise<string[]> {
  const files = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
}

describe('the start of a command', () => {
  it('takes few files, and none of those that tables, pages and the service need', async () => {
    const model = folder.file('iris.model');
    const train = [fixture('iris.csv'), '--target', 'species', '--model-out', model, '--progress', 'none'];
    const commands = { 'create-ml-model': train, predict: ['predict', model, fixture('iris.csv')] };
    for (const [name, args] of Object.entries(commands)) {
      const files = await loadedBy(name, args);
      expect(files.filter((url) => url.includes('/build/')).length).toBeGreaterThan(2);
      expect(files.filter((url) => /arquero|flechette|acorn|yaml|sqlite|plot|linkedom|run-service/.test(url))).toEqual(
        [],
      );
      expect(files.length).toBeLessThan(20);
    }
  });
});

describe('compiled code', () => {
  const train = [fixture('iris.csv'), '--target', 'species', '--progress', 'none', '--model-out'];
  const withCache = async (name: string) => ({ environment: { XDG_CACHE_HOME: await cacheHome(name) } });

  it('is kept by the first run, taken by the next, and the model is the same', async () => {
    const models: Buffer[] = [];
    const times: number[][] = [];
    for (const name of ['first', 'second']) {
      expect(await run([...train, folder.file(name)], await withCache('kept'))).toMatchObject({ code: 0, stderr: '' });
      models.push(await readFile(folder.file(name)));
      const files = await keptIn(folder.file('kept'));
      expect(files.length).toBeGreaterThan(1);
      times.push(await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs)));
    }
    expect(times[1]).toEqual(times[0]);
    expect(models[1]!.equals(models[0]!)).toBe(true);
  });

  it('is that of each command', async () => {
    await run(['--version'], await withCache('commands'));
    await run(['predict', '--help'], await withCache('commands'));
    const names = (await readdir(folder.file('commands/create-ml-model'))).sort();
    expect(names.map((name) => name.replace(/\.js-[0-9a-f]+$/, ''))).toEqual([
      'create-ml-model-create-ml-model',
      'predict-create-ml-model',
    ]);
  });

  it('is not kept by a run with an error, nor when the user wants none', async () => {
    const environment = { XDG_CACHE_HOME: await cacheHome('none') };
    expect((await run(['no-such-file.csv', '--target', 'y'], { environment })).code).toBe(1);
    const disabled = { ...environment, NODE_DISABLE_COMPILE_CACHE: '1' };
    expect((await run([...train, folder.file('disabled')], { environment: disabled })).code).toBe(0);
    expect(await keptIn(folder.file('none'))).toEqual([]);
  });

  it.each([
    ['a file', { XDG_CACHE_HOME: fixture('iris.csv') }],
    ['not there, nor a home folder', { XDG_CACHE_HOME: '', HOME: '' }],
    ['in a home folder that is not there', { XDG_CACHE_HOME: '', HOME: folder.file('nobody') }],
    ['in one that takes no folders', { XDG_CACHE_HOME: '', HOME: '/proc' }],
  ])('is done without where the cache folder is %s', async (_, environment) => {
    expect(await run(['--version'], { environment, folder: folder.path })).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(folder.path)).not.toContain('.cache');
  });

  it('takes scripts of one byte per character', async () => {
    const scripts = new URL('../../build/cli/scripts/', import.meta.url);
    const files = (await readdir(scripts)).filter((name) => name.endsWith('.js'));
    expect(files).toContain('training.js');
    for (const name of files) expect(await readFile(new URL(name, scripts), 'utf8'), name).toMatch(/^[\0-\x7f]*$/);
  });

  it('leaves the loading of optional packages as it is', async () => {
    const page = folder.file('page.html');
    for (let i = 0; i < 2; i++) {
      const { code, stderr } = await run([...train, folder.file('paged'), '--html', page], await withCache('pages'));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(await readFile(page, 'utf8')).toContain('<svg');
      await rm(page);
    }
  });
});
