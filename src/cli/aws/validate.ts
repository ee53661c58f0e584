import type { Member, Members, Shape } from '../../operations/shapes.js';
import { isStructure, type Value } from '../output/value.js';
import { usageFailure } from './failure.js';
import { type Argument, shown, typeName } from './python-text.js';

/** Python types that a shape takes, by their names. */
const TYPES: Readonly<Record<Shape['type'], readonly string[]>> = {
  string: ['str'],
  boolean: ['bool'],
  integer: ['int'],
  long: ['int'],
  float: ['float', 'decimal.Decimal', 'int'],
  timestamp: ['datetime.datetime', 'timestamp-string'],
  list: ['list', 'tuple'],
  map: ['dict'],
  structure: ['dict'],
};

/**
 * What the client checks before it sends anything: required and unknown members, types, and minimum lengths and values.
 * Everything else is left to the service.
 *
 * botocore: validate.py
 *
 * @throws CommandFailure with one line for each problem
 */
export function validateInput(input: ReadonlyMap<string, Argument>, members: Members): void {
  const problems: string[] = [];
  checkStructure(input, members, '', problems);
  if (problems.length > 0) throw usageFailure(`Parameter validation failed:\n${problems.join('\n')}`);
}

function checkStructure(
  value: ReadonlyMap<string, Argument>,
  members: Members,
  path: string,
  problems: string[],
): void {
  const name = path.slice(1) || 'input';
  for (const [member, shape] of Object.entries<Member>(members)) {
    if (shape.required && !value.has(member)) problems.push(`Missing required parameter in ${name}: "${member}"`);
  }
  for (const member of value.keys()) {
    if (Object.hasOwn(members, member)) continue;
    problems.push(`Unknown parameter in ${name}: "${member}", must be one of: ${Object.keys(members).join(', ')}`);
  }
  for (const [member, given] of value) {
    if (Object.hasOwn(members, member)) check(given, members[member]!, `${path}.${member}`, problems);
  }
}

function check(value: Argument, shape: Shape, path: string, problems: string[]): void {
  const name = path.slice(1);
  if (!hasType(value, shape)) {
    const valid = TYPES[shape.type].map((type) => (type.includes('-') ? type : `<class '${type}'>`)).join(', ');
    const type = `<class '${typeName(value)}'>`;
    problems.push(`Invalid type for parameter ${name}, value: ${shown(value)}, type: ${type}, valid types: ${valid}`);
    return;
  }
  if (shape.type === 'structure') checkStructure(value as ReadonlyMap<string, Value>, shape.members, path, problems);
  else if (shape.type === 'map') checkMap(value as ReadonlyMap<string, Value>, shape.key, shape.value, path, problems);
  else if (shape.type === 'list') {
    (value as readonly Value[]).forEach((item, index) => {
      check(item, shape.item, `${path}[${index}]`, problems);
    });
  } else checkMinimum(value, shape, name, problems);
}

function hasType(value: Argument, shape: Shape): boolean {
  const type = isStructure(value) ? 'dict' : typeName(value);
  return TYPES[shape.type].includes(type) || (type === 'bool' && TYPES[shape.type].includes('int'));
}

function checkMap(
  value: ReadonlyMap<string, Value>,
  keyShape: Shape,
  valueShape: Shape,
  path: string,
  problems: string[],
): void {
  for (const [key, member] of value) {
    check(key, keyShape, `${path} (key: ${key})`, problems);
    check(member, valueShape, `${path}.${key}`, problems);
  }
}

function checkMinimum(value: Argument, shape: Shape, name: string, problems: string[]): void {
  if (shape.type === 'string' && typeof value === 'string') {
    const length = [...value].length;
    if (shape.minLength !== undefined && length < shape.minLength) {
      problems.push(`Invalid length for parameter ${name}, value: ${length}, valid min length: ${shape.minLength}`);
    }
  } else if ('minimum' in shape && shape.minimum !== undefined && Number(value) < shape.minimum) {
    problems.push(`Invalid value for parameter ${name}, value: ${shown(value)}, valid min value: ${shape.minimum}`);
  }
}

/** The input as it goes to the service: plain objects, arrays, numbers and text. */
export function toMessage(input: ReadonlyMap<string, Argument>): Record<string, unknown> {
  return toPlain(input as ReadonlyMap<string, Value>) as Record<string, unknown>;
}

function toPlain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (isStructure(value)) {
    const plain: Record<string, unknown> = {};
    for (const [name, member] of value) {
      const property = { value: toPlain(member), enumerable: true, configurable: true, writable: true };
      Object.defineProperty(plain, name, property);
    }
    return plain;
  }
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}
