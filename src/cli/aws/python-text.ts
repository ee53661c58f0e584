import { Float, isList, isStructure, messageText, type Value } from '../output/value.js';

/** A value on its way from the command line to the service; bytes are the contents of a `fileb://` file. */
export type Argument = Value | Uint8Array;

/** A structure that an option gives as JSON. The AWS CLI holds it in another type of Python's, and its messages show that. */
export class OptionStructure extends Map<string, Value> {}

/** The name of a value's type in messages of the AWS CLI, which is written in Python. */
export function typeName(value: Argument): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (value instanceof Float) return 'float';
  if (isList(value)) return 'list';
  if (value instanceof OptionStructure) return 'collections.OrderedDict';
  return isStructure(value) ? 'dict' : 'bytes';
}

/** A value in a message: text as it is, everything else as `quoted` writes it. */
export function shown(value: Argument): string {
  if (value instanceof Uint8Array) return quotedBytes(value);
  return typeof value === 'string' ? value : quoted(value);
}

/** A value as Python's `repr` writes it, which is how it looks inside a list. */
export function quoted(value: Value): string {
  if (isList(value)) return `[${value.map(quoted).join(', ')}]`;
  if (value instanceof OptionStructure) {
    const members = Array.from(value, ([name, member]) => `(${quoted(name)}, ${quoted(member)})`);
    return members.length === 0 ? 'OrderedDict()' : `OrderedDict([${members.join(', ')}])`;
  }
  if (isStructure(value)) {
    return `{${Array.from(value, ([name, member]) => `${quoted(name)}: ${quoted(member)}`).join(', ')}}`;
  }
  return messageText([value]).slice(1, -1);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quotedBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[^ -~]|[\\'"]/g, (character) => {
    if (character === quote) return `\\${quote}`;
    if (character === "'" || character === '"') return character;
    return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `b${quote}${escaped}${quote}`;
}
