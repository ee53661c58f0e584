import type { InvalidInput } from '../errors.js';
import { suggest } from '../suggest.js';
import { combinations } from './combinations.js';
import { type Expression, MAX_DEPTH } from './expression.js';
import { GROUP_FUNCTIONS } from './groups.js';
import type { InputAttribute, Scope } from './scope.js';
import { invalidExpression, type Source, writeName } from './tokens.js';
import { MAX_CROSSED } from './transforms/cartesian.js';
import { TRANSFORMS } from './transforms/registry.js';
import type { Parameter, Transform, ValueType } from './transforms/transform.js';

/** An expression whose names and types are right, without groups. */
export type CheckedExpression =
  | InputAttribute
  | {
      readonly kind: 'call';
      readonly transform: string;
      readonly values: readonly CheckedExpression[];
      readonly integers: readonly number[];
      readonly type: ValueType;
      /** Calls inside one another, itself included. */
      readonly depth: number;
    };

/** Most outputs after groups are expanded (Amazon ML system limits, "recipe complexity"). */
export const MAX_OUTPUT_VARIABLES = 10_000;

/** An expression in uniform spelling: quotes only where needed, no white space. */
export function writeExpression(expression: CheckedExpression): string {
  if (expression.kind === 'attribute') return writeName(expression.name);
  return `${expression.transform}(${[...expression.values.map(writeExpression), ...expression.integers].join(',')})`;
}

/** Checks one expression. */
export class ExpressionChecker {
  constructor(
    private readonly source: Source,
    private readonly scope: Scope,
  ) {}

  /**
   * The expressions that one stands for: with groups, one for each member.
   *
   * @throws InvalidInput with the column, the offending word and what was expected
   */
  check(expression: Exclude<Expression, { kind: 'number' }>): readonly CheckedExpression[] {
    if (expression.kind === 'reference') return this.scope.resolve(expression.name, this.source, expression.column);
    const transform = this.findTransform(expression.name, expression.column);
    const parameters = this.parametersFor(transform, expression);
    const integers: number[] = [];
    const lists: (readonly CheckedExpression[])[] = [];
    for (const [i, parameter] of parameters.entries()) {
      const argument = expression.args[i];
      if (parameter.kind === 'integer') integers.push(this.checkInteger(argument, parameter, transform));
      else lists.push(this.checkValues(argument, parameter, transform));
    }
    // A cross with a group is one of each combination of different variables, whatever their order.
    const distinct = lists.length > 1 && this.namesGroup(expression);
    const expanded = combinations(lists, writeExpression, distinct, MAX_OUTPUT_VARIABLES);
    if (expanded === undefined) {
      const what = `${transform.name} stands for more than ${MAX_OUTPUT_VARIABLES} variables`;
      throw this.invalid(expression.column, what, 'use smaller groups');
    }
    return expanded.map((values) => this.call(transform, values, integers, expression.column));
  }

  /** Does it name a group, itself or through an assignment? */
  namesGroup(expression: Expression): boolean {
    if (expression.kind === 'reference') return this.scope.namesGroup(expression.name);
    return expression.kind === 'call' && expression.args.some((argument) => this.namesGroup(argument));
  }

  private parametersFor(transform: Transform, { args, column }: Expression & { kind: 'call' }): readonly Parameter[] {
    const { parameters, variadic } = transform;
    if (variadic && args.length >= parameters.length) return args.map((_, i) => parameters[i] ?? parameters.at(-1));
    if (args.length === parameters.length) return parameters;
    const names = parameters.map((parameter) => parameter.name).join(', ');
    const takes = `${count(parameters.length, variadic ? 'or more argument' : 'argument')} (${names}${variadic ? ', …' : ''})`;
    const group = variadic && args.length === 1 && this.namesGroup(args[0]);
    const hint = group ? `name the group twice for all its pairs: ${transform.name}(G, G)` : undefined;
    throw this.invalid(column, `${transform.name} takes ${takes}, found ${args.length}`, hint);
  }

  private call(
    transform: Transform,
    values: readonly CheckedExpression[],
    integers: readonly number[],
    column: number,
  ): CheckedExpression {
    const depth = 1 + Math.max(...values.map(depthOf));
    if (depth > MAX_DEPTH) throw this.invalid(column, `more than ${MAX_DEPTH} transformations inside one another`);
    const type = transform.resultType(values.map((value) => value.type));
    const call = { kind: 'call', transform: transform.name, values, integers, type, depth } as const;
    if (crossedCount(call) > MAX_CROSSED) {
      throw this.invalid(
        column,
        `${transform.name} combines at most ${MAX_CROSSED} variables, found ${crossedCount(call)}`,
      );
    }
    return call;
  }

  private checkInteger(argument: Expression, parameter: Parameter & { kind: 'integer' }, transform: Transform): number {
    const { name, least, greatest } = parameter;
    if (argument.kind !== 'number') {
      const what = `${transform.name} takes a whole number ${least}..${greatest} as ${name}, found '${argument.name}'`;
      throw this.invalid(argument.column, what);
    }
    const { value, text, column } = argument;
    if (Number.isInteger(value) && value >= least && value <= greatest) return value;
    throw this.invalid(
      column,
      `${transform.name} takes a whole number ${least}..${greatest} as ${name}, found ${text}`,
    );
  }

  private checkValues(argument: Expression, parameter: Parameter & { kind: 'value' }, transform: Transform) {
    const expected = `${transform.name} takes a ${alternatives(parameter.types)} variable`;
    if (argument.kind === 'number') {
      throw this.invalid(argument.column, `${expected} as ${parameter.name}, found the number ${argument.text}`);
    }
    const values = this.check(argument);
    const wrong = values.find((value) => !parameter.types.includes(value.type));
    if (wrong === undefined) return values;
    const member = argument.kind === 'reference' && this.namesGroup(argument);
    const word = argument.kind === 'call' ? `${argument.name}(…)` : member ? namedIn(wrong) : argument.name;
    const found = member ? `'${word}' in ${argument.name}` : `'${word}'`;
    throw this.invalid(argument.column, `${expected}; ${found} is ${wrong.type}`, typeHint(wrong, transform));
  }

  private findTransform(name: string, column: number): Transform {
    const transform = TRANSFORMS.get(name);
    if (transform !== undefined) return transform;
    if (GROUP_FUNCTIONS.includes(name)) {
      throw this.invalid(
        column,
        `${name} cannot stand in outputs`,
        'define the group in the section groups and name it here',
      );
    }
    const near = suggest(name, TRANSFORMS.keys());
    const hint = `${near === undefined ? '' : `did you mean '${near}'? `}Transformations: ${[...TRANSFORMS.keys()].join(', ')}`;
    throw this.invalid(column, `unknown transformation '${name}'`, hint);
  }

  private invalid(column: number, what: string, hint?: string): InvalidInput {
    return invalidExpression(this.source, column, what, hint);
  }
}

/** A member of a group, for messages. */
function namedIn(expression: CheckedExpression): string {
  return expression.kind === 'attribute' ? expression.name : writeExpression(expression);
}

/** The variables that a cross combines; 1 for anything else. */
function crossedCount(expression: CheckedExpression): number {
  if (expression.kind === 'attribute') return 1;
  const counts = expression.values.map(crossedCount);
  return counts.reduce((sum, crossed) => sum + crossed, 0);
}

function depthOf(expression: CheckedExpression): number {
  return expression.kind === 'attribute' ? 0 : expression.depth;
}

/** Types as a sentence names them; TOKENS is no type of an attribute. */
function alternatives(types: readonly ValueType[]): string {
  const named = types.filter((type) => type !== 'TOKENS');
  return named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;
}

function typeHint(wrong: CheckedExpression, transform: Transform): string | undefined {
  if (wrong.type === 'TOKENS' && wrong.kind === 'call') {
    const last = wrong.integers.length > 0 ? 'n' : '…';
    return `apply ${transform.name} to the text first: ${wrong.transform}(${transform.name}(…), ${last})`;
  }
  if (wrong.type === 'NUMERIC' && transform.name === 'cartesian') {
    return `bin the number first: quantile_bin(${writeExpression(wrong)}, 10)`;
  }
  if (wrong.kind === 'attribute') return `the type of '${wrong.name}' is set in the schema`;
  return undefined;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
