import { ServiceError } from './service.js';
import type { ListShape, MapShape, Member, Members, SimpleShape, StructureShape } from './shapes.js';
import { OPERATIONS, type OperationName } from './shapes.js';
import { S3Url, VipURL } from './structures.js';

/** Longest message of an exception (API 2014-12-12, ErrorMessage). */
export const MESSAGE_LENGTH = 2048;
const SHOWN_CHARACTERS = 60;
/** Problems that are looked for; more would not fit a message. */
const MOST_PROBLEMS = 40;

export interface ValidateOptions {
  /** Take `file:///path` wherever `s3://bucket/key` is taken. */
  readonly fileUris?: boolean;
}

/** End of the names of members whose values are never shown. */
const SECRET = 'Password';
const S3_URL = S3Url.pattern!;
/** Patterns that local endpoints and files do not match, and what is asked for instead. */
const VIP_URL = VipURL.pattern!;
const ANY_URL = 'https?://[^/?#\\s]+(/[^\\s]*)?';
const S3_OR_FILE_URL = `${S3_URL}|file:///.*`;

/**
 * Check an operation's input against its shape: required members, types, enums, patterns (of the whole value), lengths and
 * ranges. Null counts as absent. Lengths count Unicode characters.
 *
 * @returns the members that the operation has, nested ones too, and no others; maps have no prototype
 * @throws ServiceError InvalidInputException naming everything that is wrong, at most 2,048 characters
 */
export function validate(
  operation: OperationName,
  input: unknown,
  options: ValidateOptions = {},
): Record<string, unknown> {
  const checker = new Checker(options.fileUris === true);
  const members: Members = OPERATIONS[operation].input;
  const value = checker.structure({ type: 'structure', members }, input, '');
  if (checker.problems.length > 0) throw new ServiceError('InvalidInputException', problemText(checker.problems));
  return value as Record<string, unknown>;
}

function problemText(problems: readonly string[]): string {
  const many = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  let text = `${many} detected: `;
  for (const [i, problem] of problems.entries()) {
    const rest = `; and ${problems.length - i} more`;
    const next = `${i === 0 ? '' : '; '}${problem}`;
    if (text.length + next.length + rest.length > MESSAGE_LENGTH) return text + rest;
    text += next;
  }
  return text;
}

const ABSENT = Symbol('absent');

class Checker {
  readonly problems: string[] = [];

  constructor(readonly fileUris: boolean) {}

  structure(shape: StructureShape, value: unknown, path: string): unknown {
    if (!isObject(value)) return this.#fail(path || 'input', value, 'Member must be a JSON object');
    const result: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(shape.members)) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      const checked = this.#member(member, given, path === '' ? name : `${path}.${name}`);
      if (checked !== ABSENT) result[name] = checked;
    }
    return result;
  }

  #member(shape: Member, value: unknown, path: string): unknown {
    if (value === undefined || value === null) {
      if (shape.required) this.#fail(path, null, 'Member must not be null');
      return ABSENT;
    }
    if (this.problems.length >= MOST_PROBLEMS) return value;
    switch (shape.type) {
      case 'structure':
        return this.structure(shape, value, path);
      case 'list':
        return this.#list(shape, value, path);
      case 'map':
        return this.#map(shape, value, path);
      default:
        return this.#simple(shape, value, path);
    }
  }

  #list(shape: ListShape, value: unknown, path: string): unknown {
    if (!Array.isArray(value)) return this.#fail(path, value, 'Member must be a list');
    if (shape.maxItems !== undefined && value.length > shape.maxItems) {
      return this.#fail(path, value, `Member must have length less than or equal to ${shape.maxItems}`);
    }
    return value.map((item, i) => this.#member({ ...shape.item, required: true }, item, `${path}[${i}]`));
  }

  #map(shape: MapShape, value: unknown, path: string): unknown {
    if (!isObject(value)) return this.#fail(path, value, 'Member must be a map');
    const result: Record<string, unknown> = Object.create(null);
    for (const [key, item] of Object.entries(value)) {
      if (this.problems.length >= MOST_PROBLEMS) break;
      const at = `${path}.${shorten(key)}`;
      this.#simple(shape.key, key, at);
      result[key] = this.#member({ ...shape.value, required: true }, item, at);
    }
    return result;
  }

  #simple(shape: SimpleShape, value: unknown, path: string): unknown {
    switch (shape.type) {
      case 'string':
        return this.#text(shape, value, path);
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#fail(path, value, 'Member must be true or false');
      default:
        return this.#number(shape, value, path);
    }
  }

  #text(shape: SimpleShape, value: unknown, path: string): unknown {
    if (typeof value !== 'string') return this.#fail(path, value, 'Member must be a string');
    const constraint = textConstraint(shape, value, this.fileUris);
    return constraint === undefined ? value : this.#fail(path, value, constraint);
  }

  #number(shape: SimpleShape, value: unknown, path: string): unknown {
    if (typeof value !== 'number' || !Number.isFinite(value)) return this.#fail(path, value, 'Member must be a number');
    const whole = shape.type === 'integer' || shape.type === 'long';
    if (whole && !Number.isSafeInteger(value)) return this.#fail(path, value, 'Member must be a whole number');
    const { minimum, maximum } = shape;
    if (minimum !== undefined && value < minimum) {
      return this.#fail(path, value, `Member must have value greater than or equal to ${minimum}`);
    }
    if (maximum !== undefined && value > maximum) {
      return this.#fail(path, value, `Member must have value less than or equal to ${maximum}`);
    }
    return value;
  }

  #fail(path: string, value: unknown, constraint: string): undefined {
    const shown = path.endsWith(SECRET) ? "'***'" : describe(value);
    this.problems.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
    return undefined;
  }
}

/** What a text does not satisfy. */
function textConstraint(shape: SimpleShape, value: string, fileUris: boolean): string | undefined {
  const { minLength = 0, maxLength, pattern } = shape;
  if (shape.enum && !shape.enum.includes(value)) {
    return `Member must satisfy enum value set: [${shape.enum.join(', ')}]`;
  }
  if (value.length < minLength) return `Member must have length greater than or equal to ${minLength}`;
  if (maxLength !== undefined && value.length > maxLength && [...value].length > maxLength) {
    return `Member must have length less than or equal to ${maxLength}`;
  }
  if (pattern === undefined || wholePattern(pattern, fileUris).test(value)) return undefined;
  return `Member must satisfy regular expression pattern: ${asked(pattern, fileUris)}`;
}

function asked(pattern: string, fileUris: boolean): string {
  if (pattern === VIP_URL) return ANY_URL;
  return pattern === S3_URL && fileUris ? S3_OR_FILE_URL : pattern;
}

const patterns = new Map<string, RegExp>();

function wholePattern(given: string, fileUris: boolean): RegExp {
  const pattern = asked(given, fileUris);
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    compiled = new RegExp(`^(?:${pattern})$`, 'u');
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `of ${value.length} items`;
  if (isObject(value)) return 'of type object';
  return typeof value === 'string' ? `'${shorten(value)}'` : String(value);
}

function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
