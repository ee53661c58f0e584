import type { Environment } from './environment.js';
import { InvalidInput } from './errors.js';

/** Whether a text is a JSON object rather than the path of a file. */
export function isJsonText(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** JSON text of an object, of a text that begins with `{`, or of the file at a path. */
export async function readJson(
  environment: Environment,
  given: object | string | undefined,
  what: string,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (typeof given === 'object') return JSON.stringify(given);
  if (isJsonText(given)) return given;
  const text = await environment.readText(given);
  if (text === undefined) throw new InvalidInput(`${what}: no file '${given}'`, { hint: 'check the path' });
  return text;
}
