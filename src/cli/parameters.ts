import { InvalidInput } from '../errors.js';

/**
 * The value of `--parameters`: a JSON object, or the shorthand `key=value,key=value`.
 *
 * @throws InvalidInput naming the piece that is neither
 */
export function readParameters(text: string): Record<string, string> {
  return text.trimStart().startsWith('{') ? readJsonObject(text) : readShorthand(text);
}

function readJsonObject(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput(`--parameters: not JSON: ${(cause as Error).message}`, { hint: EXAMPLE, cause });
  }
  return Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, String(member)]));
}

const EXAMPLE = 'give sgd.maxPasses=20,sgd.shuffleType=auto or {"sgd.maxPasses":"20"}';

function readShorthand(text: string): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null);
  for (const piece of text.split(',')) {
    const equals = piece.indexOf('=');
    const key = piece.slice(0, equals).trim();
    if (equals < 1 || Object.hasOwn(parameters, key)) {
      const what = equals < 1 ? 'is not key=value' : 'is given twice';
      throw new InvalidInput(`--parameters: '${piece}' ${what}`, { hint: EXAMPLE });
    }
    parameters[key] = piece.slice(equals + 1).trim();
  }
  return parameters;
}
