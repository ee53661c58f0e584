import { readFile } from 'node:fs/promises';
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

/** The files that a command loads. */
async function loadedBy(name: string, args: readonly string[]): Promise<string[]> {
  const environment = { LOADED: folder.file(name), NODE_OPTIONS: `--import=${REGISTER}` };
  const { code, stderr } = await run(args, { environment });
  expect(stderr).not.toMatch(/^error/m);
  expect(code).toBe(0);
  return [...new Set((await readFile(folder.file(name), 'utf8')).trim().split('\n'))];
}

describe('the start of a command', () => {
  it('takes few files, and none of those that tables, pages and the service need', async () => {
    const model = folder.file('iris.model');
    const train = [fixture('iris.csv'), '--target', 'species', '--model-out', model, '--progress', 'none'];
    const commands = { train, predict: ['predict', model, fixture('iris.csv')] };
    for (const [name, args] of Object.entries(commands)) {
      const files = await loadedBy(name, args);
      expect(files.filter((url) => url.includes('/build/')).length).toBeGreaterThan(2);
      expect(files.filter((url) => /arquero|flechette|acorn|yaml|sqlite|plot|linkedom|run-service/.test(url))).toEqual(
        [],
      );
      expect(files.length).toBeLessThan(80);
    }
  });
});
