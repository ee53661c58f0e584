import { isFloat, isList, isNumber, isStructure, toNumber, type Value } from '../value.js';

/** An expression reference (`&name`): what functions such as sort_by apply to each element. */
export class Expression {
  constructor(readonly apply: (value: Value) => Argument) {}
}

export type Argument = Value | Expression;

/** The types of the specification. */
export type JmesType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'expref';

export function jmesType(value: Argument): JmesType {
  if (value instanceof Expression) return 'expref';
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (isList(value)) return 'array';
  if (isStructure(value)) return 'object';
  return typeof value === 'string' ? 'string' : 'boolean';
}

const TYPE_NAMES = {
  null: 'NoneType',
  boolean: 'bool',
  string: 'str',
  array: 'list',
  object: 'dict',
  expref: '_Expression',
} as const;

/** The type's name in AWS's messages. */
export function typeName(value: Argument): string {
  if (isNumber(value)) return isFloat(value) ? 'float' : 'int';
  return TYPE_NAMES[jmesType(value) as keyof typeof TYPE_NAMES];
}

/** Equality of contents; false is 0 and true is 1. */
export function isEqual(left: Argument, right: Argument): boolean {
  if (isList(left)) {
    return (
      isList(right) && left.length === right.length && left.every((element, index) => isEqual(element, right[index]))
    );
  }
  if (isStructure(left)) {
    if (!isStructure(right) || left.size !== right.size) return false;
    return [...left].every(([name, value]) => right.has(name) && isEqual(value, right.get(name)!));
  }
  return plain(left) === plain(right);
}

function plain(value: Argument): unknown {
  if (isNumber(value)) return toNumber(value);
  return typeof value === 'boolean' ? Number(value) : value;
}
