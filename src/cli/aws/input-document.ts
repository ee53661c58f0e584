import { Float, float, isStructure, type Value } from '../output/value.js';
import { parameterFailure, usageFailure } from './failure.js';
import { readJsonArgument } from './json-reader.js';
import { loadParameter } from './parameter-file.js';
import { type Argument, typeName } from './python-text.js';

/** The documents that `--cli-input-json` and `--cli-input-yaml` give. */
export interface InputDocuments {
  readonly json?: string;
  readonly yaml?: string;
}

/**
 * Add the members of an input document that no option gave. Options replace members whole.
 *
 * @returns a new input: first the options' members, then the document's
 * @throws CommandFailure for a document that is not an object, cannot be read, or when there are two
 */
export async function addInputDocument(
  input: ReadonlyMap<string, Argument>,
  { json, yaml }: InputDocuments,
): Promise<Map<string, Argument>> {
  const merged = new Map(input);
  if (json === undefined && yaml === undefined) return merged;
  if (json !== undefined && yaml !== undefined) throw usageFailure('Only one --cli-input- parameter may be specified.');
  const option = json === undefined ? '--cli-input-yaml' : '--cli-input-json';
  const text = asText(loadParameter(option, (json ?? yaml)!));
  const members = json === undefined ? await readYaml(text) : readJson(text);
  if (!isStructure(members)) {
    throw parameterFailure(option, `Invalid type: expecting map, received <class '${typeName(members)}'>`);
  }
  for (const [name, value] of members) if (!merged.has(name)) merged.set(name, value);
  return merged;
}

const asText = (value: string | Uint8Array): string =>
  typeof value === 'string' ? value : new TextDecoder().decode(value);

function readJson(text: string): Value {
  try {
    return readJsonArgument(text);
  } catch {
    throw parameterFailure('cli-input-json', 'Invalid JSON received.');
  }
}

async function readYaml(text: string): Promise<Value> {
  const { isAlias, isMap, isScalar, isSeq, parseDocument } = await import('yaml');
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  if (document.errors.length > 0) throw parameterFailure('cli-input-yaml', 'Invalid YAML received.');
  const read = (node: unknown): Value => {
    if (isAlias(node)) return read(node.resolve(document));
    if (isMap(node))
      return new Map(node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), read(value)]));
    if (isSeq(node)) return node.items.map(read);
    return isScalar(node) ? scalar(node.value, node.source) : null;
  };
  return read(document.contents);
}

/** A YAML scalar; one that was written with a fraction or an exponent stays a float. */
function scalar(value: unknown, source: string | undefined): Value {
  if (typeof value === 'number') return source && /[.eE]/.test(source) && !/^0[xo]/.test(source) ? float(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean' || value instanceof Float) return value;
  return value === null || value === undefined ? null : String(value);
}
