import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { builtFile } from '../built-file.js';
import { type CachePlace, CodeCache } from './code-cache.js';

/**
 * Run a script of `build/cli/scripts`, and what it requires there, with what the engine made of them in an earlier run: to
 * parse and compile them takes a quarter of a small training. What the first run without an error used is kept, and taken for
 * the same files and the same engine. Where the user's cache folder cannot be written or is another user's, or
 * `NODE_DISABLE_COMPILE_CACHE` is set (as for Node's own cache), nothing is.
 *
 * @param command for each another part is kept, as each uses other functions of the scripts
 */
export function runKeptScript(name: string, command: string): void {
  const folder = fileURLToPath(builtFile('cli/scripts/'));
  const place = cachePlace();
  const cache = place === undefined ? undefined : new CodeCache(place, command);
  process.once('exit', (code) => {
    if (code === 0) cache?.save();
  });
  new KeptScripts(folder, cache).require(join(folder, name));
}

/** XDG base directory specification; Caches on macOS; %LOCALAPPDATA% on Windows. Undefined if nothing is to be kept. */
function cachePlace(): CachePlace | undefined {
  const { HOME, LOCALAPPDATA, NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
  const below = (base: string | undefined, ...names: readonly string[]): CachePlace | undefined =>
    base !== undefined && isAbsolute(base) ? { base, names: [...names, 'create-ml-model'] } : undefined;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  if (process.platform === 'win32') return below(LOCALAPPDATA);
  if (process.platform === 'darwin') return below(XDG_CACHE_HOME) ?? below(HOME, 'Library', 'Caches');
  return below(XDG_CACHE_HOME) ?? below(HOME, '.cache');
}

type Require = (id: string) => unknown;
/** `importModule` stands for `import()`, which Node 20 does not have in scripts that come from a cache. */
type Run = (
  exports: object,
  require: Require,
  module: object,
  file: string,
  folder: string,
  importModule: Require,
) => void;

/** CommonJS modules in ASCII that require each other by paths with extension. What begins otherwise than with `./` is Node's to load. */
class KeptScripts {
  readonly #others: NodeJS.Require;
  readonly #cache: CodeCache | undefined;
  readonly #modules = new Map<string, { exports: object }>();

  constructor(folder: string, cache: CodeCache | undefined) {
    this.#others = createRequire(folder);
    this.#cache = cache;
  }

  require(file: string): unknown {
    const known = this.#modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    this.#modules.set(file, module);
    const folder = dirname(file);
    const require = (id: string): unknown => (id.startsWith('./') ? this.require(join(folder, id)) : this.#others(id));
    const importModule = (id: string) => import(id.startsWith('.') ? pathToFileURL(join(folder, id)).href : id);
    this.#compile(file).call(module.exports, module.exports, require, module, file, folder, importModule);
    return module.exports;
  }

  #compile(filename: string): Run {
    const compile = (text: string, cachedData?: Buffer): Script =>
      new Script(`(function (exports, require, module, __filename, __dirname, importModule) {${text}\n})`, {
        filename,
        cachedData,
      });
    const script = this.#cache?.compile(filename, compile) ?? compile(readFileSync(filename, 'latin1'));
    return script.runInThisContext();
  }
}
