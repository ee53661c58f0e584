import { readFloat, readInteger } from '../../aws/numbers.js';
import {
  compareText,
  type Float,
  float,
  isFloat,
  isList,
  isNumber,
  isStructure,
  type Structure,
  toNumber,
  type Value,
} from '../value.js';
import { compactJson } from '../write-json.js';
import { invalidType, mixedTypes, QueryRuntimeError } from './errors.js';
import { type Argument, Expression, isEqual, jmesType, typeName } from './types.js';

/** Types that an argument may have; `array-string` is an array of strings. None: any. */
type Parameter = readonly string[];
type Num = number | Float;

interface Definition {
  readonly parameters: readonly Parameter[];
  /** The last parameter may be given several times. */
  readonly variadic?: true;
  readonly call: (...given: never[]) => Value;
}

const ANY: Parameter = [];
const ORDERED: Parameter = ['array-number', 'array-string'];

/** The functions of the specification. */
const FUNCTIONS: Readonly<Record<string, Definition>> = {
  abs: {
    parameters: [['number']],
    call: (number: Num) => {
      const absolute = Math.abs(toNumber(number));
      return isFloat(number) ? float(absolute) : absolute;
    },
  },
  avg: {
    parameters: [['array-number']],
    call: (numbers: Num[]) => (numbers.length > 0 ? float(total(numbers) / numbers.length) : null),
  },
  ceil: { parameters: [['number']], call: (number: Num) => Math.ceil(toNumber(number)) },
  contains: {
    parameters: [['array', 'string'], ANY],
    call: (subject: string | readonly Value[], search: Argument) => contains(subject, search),
  },
  ends_with: { parameters: [['string'], ['string']], call: (text: string, end: string) => text.endsWith(end) },
  floor: { parameters: [['number']], call: (number: Num) => Math.floor(toNumber(number)) },
  join: { parameters: [['string'], ['array-string']], call: (glue: string, texts: string[]) => texts.join(glue) },
  keys: { parameters: [['object']], call: (structure: Structure) => [...structure.keys()] },
  length: {
    parameters: [['string', 'array', 'object']],
    call: (value: string | readonly Value[] | Structure) => {
      if (isStructure(value)) return value.size;
      return isList(value) ? value.length : Array.from(value).length;
    },
  },
  map: {
    parameters: [['expref'], ['array']],
    call: (expression: Expression, list: Value[]) => list.map((element) => expression.apply(element) as Value),
  },
  max: { parameters: [ORDERED], call: (list: Value[]) => extreme(list, list, 1) },
  max_by: {
    parameters: [['array'], ['expref']],
    call: (list: Value[], key: Expression) => extreme(list, keys('max_by', list, key, ['number', 'string']), 1),
  },
  merge: {
    parameters: [['object']],
    variadic: true,
    call: (...structures: Structure[]) => new Map(structures.flatMap((structure) => [...entries(structure)])),
  },
  min: { parameters: [ORDERED], call: (list: Value[]) => extreme(list, list, -1) },
  min_by: {
    parameters: [['array'], ['expref']],
    call: (list: Value[], key: Expression) => extreme(list, keys('min_by', list, key, ['number', 'string']), -1),
  },
  not_null: {
    parameters: [ANY],
    variadic: true,
    call: (...values: Value[]) => values.find((value) => value !== null) ?? null,
  },
  reverse: {
    parameters: [['array', 'string']],
    call: (value: string | Value[]) =>
      typeof value === 'string' ? Array.from(value).reverse().join('') : value.toReversed(),
  },
  sort: { parameters: [['array-string', 'array-number']], call: (list: Value[]) => sorted(list, list) },
  sort_by: {
    parameters: [['array'], ['expref']],
    call: (list: Value[], key: Expression) => sorted(list, keys('sort_by', list, key, sortType(list, key))),
  },
  starts_with: { parameters: [['string'], ['string']], call: (text: string, start: string) => text.startsWith(start) },
  sum: {
    parameters: [['array-number']],
    call: (numbers: Num[]) => (numbers.some(isFloat) ? float(total(numbers)) : total(numbers)),
  },
  to_array: { parameters: [ANY], call: (value: Value) => (isList(value) ? value : [value]) },
  to_number: {
    parameters: [ANY],
    call: (value: Value) => {
      if (isNumber(value)) return value;
      return typeof value === 'string' ? (readInteger(value) ?? readFloat(value) ?? null) : null;
    },
  },
  to_string: {
    parameters: [ANY],
    call: (value: Value) => (typeof value === 'string' ? value : compactJson(value)),
  },
  type: { parameters: [ANY], call: (value: Argument) => (value instanceof Expression ? null : jmesType(value)) },
  values: { parameters: [['object']], call: (structure: Structure) => [...structure.values()] },
};

/** @throws QueryRuntimeError for a function that does not exist and for arguments it does not take */
export function callFunction(name: string, given: readonly Argument[]): Value {
  if (!Object.hasOwn(FUNCTIONS, name)) throw new QueryRuntimeError(`Unknown function: ${name}()`);
  const definition = FUNCTIONS[name];
  checkCount(name, definition, given.length);
  definition.parameters.forEach((parameter, index) => checkType(name, given[index], parameter));
  return definition.call(...(given as never[]));
}

function checkCount(name: string, { parameters, variadic }: Definition, count: number): void {
  if (variadic ? count >= parameters.length : count === parameters.length) return;
  const expected = `${variadic ? 'at least ' : ''}${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
  throw new QueryRuntimeError(`Expected ${expected} for function ${name}(), received ${count}`);
}

function checkType(name: string, value: Argument, parameter: Parameter): void {
  if (parameter.length === 0) return;
  const type = jmesType(value);
  if (!parameter.some((allowed) => allowed.split('-')[0] === type)) throw invalidType(name, value, parameter, type);
  const elementTypes = parameter.flatMap((allowed) => allowed.split('-').slice(1));
  if (elementTypes.length === 0 || !isList(value) || value.length === 0) return;
  const first = elementTypes.length === 1 ? elementTypes[0] : jmesType(value[0]);
  const wrong = elementTypes.includes(first) ? value.findIndex((element) => jmesType(element) !== first) : 0;
  if (wrong >= 0) throw invalidType(name, value[wrong], parameter, typeName(value[wrong]));
}

function total(numbers: readonly Num[]): number {
  return numbers.reduce((sum: number, number) => sum + toNumber(number), 0);
}

function contains(subject: string | readonly Value[], search: Argument): boolean {
  if (isList(subject)) return subject.some((element) => isEqual(element, search));
  if (typeof search === 'string') return subject.includes(search);
  throw new QueryRuntimeError(`'in <string>' requires string as left operand, not ${typeName(search)}`);
}

function* entries(structure: Value): Iterable<[string, Value]> {
  if (!isStructure(structure)) throw new QueryRuntimeError(`'${typeName(structure)}' object is not iterable`);
  yield* structure;
}

function compareKeys(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return toNumber(a as Num) - toNumber(b as Num);
}

/** The first element whose key is the largest (direction 1) or smallest (-1). */
function extreme(list: readonly Value[], listKeys: readonly Value[], direction: 1 | -1): Value {
  if (list.length === 0) return null;
  let best = 0;
  for (let index = 1; index < list.length; index++) {
    const [key, bestKey] = [listKeys[index], listKeys[best]];
    if (jmesType(key) !== jmesType(bestKey)) {
      throw mixedTypes(direction > 0 ? 'gt' : 'lt', typeName(key), typeName(bestKey));
    }
    if (compareKeys(key, bestKey) * direction > 0) best = index;
  }
  return list[best];
}

function sorted(list: readonly Value[], listKeys: readonly Value[]): Value[] {
  const order = list.map((_, index) => index);
  return order.sort((a, b) => compareKeys(listKeys[a], listKeys[b])).map((index) => list[index]);
}

function sortType(list: readonly Value[], key: Expression): string[] {
  if (list.length === 0) return [];
  const type = jmesType(key.apply(list[0]));
  if (type !== 'number' && type !== 'string') throw invalidType('sort_by', list[0], ['string', 'number'], type);
  return [type];
}

function keys(name: string, list: readonly Value[], key: Expression, allowed: readonly string[]): Value[] {
  return list.map((element) => {
    const found = key.apply(element);
    if (!allowed.includes(jmesType(found))) throw invalidType(name, found, allowed, jmesType(found));
    return found as Value;
  });
}
