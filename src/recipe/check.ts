import { InvalidInput } from '../errors.js';
import type { Schema } from '../schema/schema.js';
import { suggest } from '../suggest.js';
import type { Expression } from './expression.js';
import { defineGroups, GROUP_FUNCTIONS } from './groups.js';
import type { Recipe } from './parse.js';
import { type InputAttribute, Scope } from './scope.js';
import { invalidExpression, type Source, writeName } from './tokens.js';
import { TRANSFORMS, UNSUPPORTED_TRANSFORMS } from './transforms/registry.js';
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
    };

export interface CheckedOutput {
  /** The expression in uniform spelling; no two outputs have the same. */
  readonly text: string;
  readonly expression: CheckedExpression;
}

/** A recipe that fits a schema. */
export interface CheckedRecipe {
  readonly outputs: readonly CheckedOutput[];
}

/** Most outputs after groups are expanded (Amazon ML system limits, "recipe complexity"). */
export const MAX_OUTPUT_VARIABLES = 10_000;

/**
 * Check names, types and ranges against a schema and expand groups: a transformation of a group is one of each member.
 * Outputs that repeat an earlier one are left out.
 *
 * @throws InvalidInput with the JSON path, the column, the offending word and what was expected
 */
export function checkRecipe(recipe: Recipe, schema: Schema): CheckedRecipe {
  if (recipe.assignments.length > 0) {
    throw new InvalidInput(`${recipe.assignments[0].source.where}: assignments are not supported yet`, {
      hint: 'write the expression in outputs instead of its name',
    });
  }
  const scope = new Scope(schema);
  defineGroups(recipe.groups, scope);

  const outputs = new Map<string, CheckedOutput>();
  let count = 0;
  for (const { source, expression } of recipe.outputs) {
    if (expression.kind === 'number') {
      const what = `expected a variable or a transformation, found the number ${expression.text}`;
      throw invalidExpression(source, expression.column, what);
    }
    const expanded = new Checker(source, scope).check(expression);
    count += expanded.length;
    if (count > MAX_OUTPUT_VARIABLES) throw tooManyOutputs(source);
    for (const checked of expanded) {
      const text = writeExpression(checked);
      if (!outputs.has(text)) outputs.set(text, { text, expression: checked });
    }
  }
  return { outputs: [...outputs.values()] };
}

function tooManyOutputs(source: Source): InvalidInput {
  return new InvalidInput(
    `${source.where}: the outputs up to here stand for more than ${MAX_OUTPUT_VARIABLES} variables`,
    { hint: 'use smaller groups, or list fewer transformations of the large ones' },
  );
}

/** An expression in uniform spelling: quotes only where needed, no white space. */
export function writeExpression(expression: CheckedExpression): string {
  if (expression.kind === 'attribute') return writeName(expression.name);
  return `${expression.transform}(${[...expression.values.map(writeExpression), ...expression.integers].join(',')})`;
}

/** Checks one output. */
class Checker {
  constructor(
    private readonly source: Source,
    private readonly scope: Scope,
  ) {}

  /** The expressions that one with groups stands for. */
  check(expression: Exclude<Expression, { kind: 'number' }>): readonly CheckedExpression[] {
    if (expression.kind === 'reference') {
      return this.scope.resolve(expression.name, this.source, expression.column);
    }
    const transform = this.findTransform(expression.name, expression.column);
    const { parameters } = transform;
    if (expression.args.length !== parameters.length) {
      const names = parameters.map((parameter) => parameter.name).join(', ');
      const what = `${transform.name} takes ${count(parameters.length, 'argument')} (${names}), found ${expression.args.length}`;
      throw this.invalid(expression.column, what);
    }
    const integers: number[] = [];
    let combinations: (readonly CheckedExpression[])[] = [[]];
    for (const [i, parameter] of parameters.entries()) {
      const argument = expression.args[i];
      if (parameter.kind === 'integer') {
        integers.push(this.checkInteger(argument, parameter, transform));
      } else {
        const values = this.checkValues(argument, parameter, transform);
        combinations = combinations.flatMap((before) => values.map((value) => [...before, value]));
      }
    }
    return combinations.map((values) => ({
      kind: 'call',
      transform: transform.name,
      values,
      integers,
      type: transform.resultType(values.map((value) => value.type)),
    }));
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
    const expected = `${transform.name} takes a ${parameter.types.filter((type) => type !== 'TOKENS').join(' or ')} variable`;
    if (argument.kind === 'number') {
      throw this.invalid(argument.column, `${expected} as ${parameter.name}, found the number ${argument.text}`);
    }
    const values = this.check(argument);
    const wrong = values.find((value) => !parameter.types.includes(value.type));
    if (wrong === undefined) return values;
    const member = argument.kind === 'reference' && writeExpression(wrong) !== writeName(argument.name);
    const word = `'${argument.kind === 'call' ? `${argument.name}(…)` : wrong.kind === 'attribute' ? wrong.name : ''}'`;
    const found = member && argument.kind === 'reference' ? `${word} in ${argument.name}` : word;
    throw this.invalid(argument.column, `${expected}; ${found} is ${wrong.type}`, typeHint(wrong, transform));
  }

  private findTransform(name: string, column: number): Transform {
    const transform = TRANSFORMS.get(name);
    if (transform !== undefined) return transform;
    if (UNSUPPORTED_TRANSFORMS.includes(name)) throw this.invalid(column, `${name} is not supported yet`);
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

function typeHint(wrong: CheckedExpression, transform: Transform): string | undefined {
  if (wrong.type === 'TOKENS') return `apply ${transform.name} to the text first: ngram(${transform.name}(…), n)`;
  if (wrong.kind === 'attribute') return `the type of '${wrong.name}' is set in the schema`;
  return undefined;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
