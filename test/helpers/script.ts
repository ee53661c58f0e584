import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Make a script of the tests, and what it imports of `src`, a file that a process of its own can run.
 *
 * @param source file of a folder of `test`, TypeScript
 * @returns the file, in `build/test`
 */
export async function buildScript(source: URL): Promise<string> {
  const name = basename(source.pathname, '.ts');
  const bundle = await rolldown({ input: { [name]: fileURLToPath(source) }, platform: 'node', external: /^[^./]/ });
  const dir = fileURLToPath(new URL(`../../build/test/${name}`, source));
  await bundle.write({ dir, chunkFileNames: '[name].js' });
  await bundle.close();
  return `${dir}/${name}.js`;
}
