import type { Member, Shape } from '../../operations/shapes.js';
import type { Value } from '../output/value.js';
import { generalFailure, parameterFailure } from './failure.js';
import { JsonError, readJsonArgument } from './json-reader.js';
import { readFloat, requireInteger } from './numbers.js';
import { loadParameter } from './parameter-file.js';
import { type Argument, OptionStructure, quoted, shown } from './python-text.js';
import { fitShorthand, readShorthand, ShorthandError } from './shorthand.js';

/**
 * The value of a member from its option.
 *
 * @param option with its dashes
 * @param given what the argument parser kept: text, a list of texts for lists, true or false for booleans, a float
 * @throws CommandFailure for a file that cannot be read, shorthand or JSON that cannot be understood
 */
export function readArgument(option: string, member: Member, given: Value): Argument {
  if (typeof given === 'boolean') return given;
  const loaded = loadArgument(option, given);
  if (takesShorthand(member) && !looksLikeJson(loaded)) return shorthandArgument(option, member, loaded);
  return plainArgument(option, member, loaded);
}

/** Contents of the file that a value names; a list of one text is taken for that text. */
export function loadArgument(option: string, given: Value): Argument {
  const single = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (typeof single !== 'string') return given;
  const loaded = loadParameter(option, single);
  return loaded === single ? given : loaded;
}

function takesShorthand(shape: Shape): boolean {
  if (shape.type === 'list') return ['structure', 'list', 'map'].includes(shape.item.type);
  return shape.type === 'structure' || shape.type === 'map';
}

function looksLikeJson(value: Argument): boolean {
  const first = Array.isArray(value) && value.length > 0 ? value[0] : value;
  return typeof first === 'string' && /^\s*[[{]/.test(first);
}

function shorthandArgument(option: string, shape: Shape, value: Argument): Value {
  if (value instanceof Uint8Array) throw bytesFailure();
  try {
    const parsed = Array.isArray(value)
      ? value.map((item) => readShorthand(item as string))
      : readShorthand(value as string);
    return fitShorthand(parsed, shape);
  } catch (error) {
    if (error instanceof ShorthandError) throw parameterFailure(option, error.message);
    throw error;
  }
}

/** Python's words for text functions that were given bytes, with which the AWS CLI ends. */
function bytesFailure(): Error {
  return generalFailure("'in <string>' requires string as left operand, not int");
}

function plainArgument(option: string, shape: Shape, value: Argument): Argument {
  if (shape.type === 'structure' || shape.type === 'map') {
    const text = typeof value === 'string' ? value : shown(value);
    if (typeof value === 'string' && value.trimStart()[0] === '{') return jsonArgument(option, text);
    throw parameterFailure(option, `Invalid JSON:\n${text}`);
  }
  if (shape.type === 'list') return listArgument(option, shape.item, value);
  return scalarArgument(shape, value);
}

function listArgument(option: string, item: Shape, value: Argument): Argument {
  const text =
    typeof value === 'string' ? value : Array.isArray(value) && value.length === 1 ? (value[0] as string) : '';
  if (/^\s*\[/.test(text)) return jsonArgument(option, text);
  const items = typeof value === 'string' ? [...value] : value instanceof Uint8Array ? [...value] : (value as Value[]);
  return items.map((given) => plainArgument(option, item, given) as Value);
}

function scalarArgument(shape: Shape, value: Argument): Argument {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  if (typeof text !== 'string') return value;
  if (shape.type === 'integer' || shape.type === 'long') return requireInteger(text);
  if (shape.type === 'float') {
    const number = readFloat(text);
    if (number === undefined) throw generalFailure(`could not convert string to float: ${quoted(text)}`);
    return number;
  }
  return value;
}

function jsonArgument(option: string, text: string): Value {
  try {
    return readJsonArgument(text, () => new OptionStructure());
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw parameterFailure(option, `Invalid JSON: ${error.message}\nJSON received: ${text}`);
  }
}
