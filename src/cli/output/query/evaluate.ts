import { compareText, isEmpty, isList, isNumber, isStructure, toNumber, type Value } from '../value.js';
import type { Bounds, Comparator, Node } from './ast.js';
import { mixedTypes, QueryRuntimeError } from './errors.js';
import { callFunction } from './functions.js';
import { type Argument, Expression, isEqual, typeName } from './types.js';

/**
 * Apply a JMESPath expression.
 *
 * @throws QueryRuntimeError
 * @see https://jmespath.org/specification.html
 */
export function evaluate(node: Node, value: Value): Value {
  const result = visit(node, value);
  if (result instanceof Expression) {
    throw new QueryRuntimeError('the result is an expression reference (&…), which only functions take');
  }
  return result;
}

function visit(node: Node, value: Value): Argument {
  switch (node.type) {
    case 'identity':
    case 'current':
      return value;
    case 'field':
      return isStructure(value) ? (value.get(node.name) ?? null) : null;
    case 'literal':
      return node.value;
    case 'index':
      return isList(value) ? (value.at(node.index) ?? null) : null;
    case 'slice':
      return isList(value) ? slice(value, node.bounds) : null;
    case 'chain':
    case 'indexed':
      return node.steps.reduce((current, step) => visit(step, current as Value), value as Argument);
    case 'projection':
      return project(visit(node.source, value), node.each);
    case 'valueProjection': {
      const source = visit(node.source, value);
      return isStructure(source) ? project([...source.values()], node.each) : null;
    }
    case 'filter':
      return filter(visit(node.source, value), node.condition, node.each);
    case 'flatten': {
      const operand = visit(node.operand, value);
      return isList(operand) ? operand.flat() : null;
    }
    case 'not':
      return isFalse(visit(node.operand, value));
    case 'expression':
      return new Expression((element) => visit(node.operand, element));
    case 'or': {
      const left = visit(node.left, value);
      return isFalse(left) ? visit(node.right, value) : left;
    }
    case 'and': {
      const left = visit(node.left, value);
      return isFalse(left) ? left : visit(node.right, value);
    }
    case 'compare':
      return compare(node.comparator, visit(node.left, value), visit(node.right, value));
    case 'call':
      return callFunction(
        node.name,
        node.arguments.map((argument) => visit(argument, value)),
      );
    case 'list':
      return value === null ? null : node.items.map((item) => visit(item, value) as Value);
    case 'structure':
      return value === null
        ? null
        : new Map(node.members.map(([name, member]) => [name, visit(member, value) as Value]));
  }
}

function project(source: Argument, each: Node): Value {
  if (!isList(source)) return null;
  return source.map((element) => visit(each, element) as Value).filter((element) => element !== null);
}

function filter(source: Argument, condition: Node, each: Node): Value {
  if (!isList(source)) return null;
  return project(
    source.filter((element) => !isFalse(visit(condition, element))),
    each,
  );
}

function isFalse(value: Argument): boolean {
  if (value === null || value === false || value === '') return true;
  return !(value instanceof Expression) && isEmpty(value);
}

function compare(comparator: Comparator, left: Argument, right: Argument): Value {
  if (comparator === 'eq') return equals(left, right);
  if (comparator === 'ne') return !equals(left, right);
  if (!isComparable(left) || !isComparable(right)) return null;
  if (typeof left === 'string' && typeof right === 'string') return holds(comparator, compareText(left, right));
  if (!isNumber(left) || !isNumber(right)) throw mixedTypes(comparator, typeName(left), typeName(right));
  return holds(comparator, toNumber(left) - toNumber(right));
}

function isComparable(value: Argument): boolean {
  return isNumber(value) || typeof value === 'string';
}

function holds(comparator: Comparator, difference: number): boolean {
  if (comparator === 'lt') return difference < 0;
  if (comparator === 'lte') return difference <= 0;
  return comparator === 'gt' ? difference > 0 : difference >= 0;
}

/** A number never equals a boolean, except inside lists and structures, as AWS has it. */
function equals(left: Argument, right: Argument): boolean {
  if ((typeof left === 'boolean') !== (typeof right === 'boolean')) return false;
  return isEqual(left, right);
}

/** As slices of the specification: negative bounds count from the end, a negative step goes backwards. */
function slice(list: readonly Value[], [start, stop, step = 1]: Bounds): Value[] {
  if (step === 0) throw new QueryRuntimeError('slice step cannot be zero');
  const clamp = (bound: number | undefined, fallback: number): number => {
    if (bound === undefined) return fallback;
    const index = bound < 0 ? bound + list.length : bound;
    return step > 0 ? Math.min(Math.max(index, 0), list.length) : Math.min(Math.max(index, -1), list.length - 1);
  };
  const from = clamp(start, step > 0 ? 0 : list.length - 1);
  const to = clamp(stop, step > 0 ? list.length : -1);
  const picked: Value[] = [];
  for (let index = from; step > 0 ? index < to : index > to; index += step) picked.push(list[index]);
  return picked;
}
