import { InvalidInput } from '../errors.js';
import { suggest } from '../suggest.js';
import type { Expression } from './expression.js';
import type { Definition } from './parse.js';
import type { InputAttribute, Scope } from './scope.js';
import { invalidExpression, type Source } from './tokens.js';
import { TRANSFORMS } from './transforms/registry.js';

/** The functions that make groups. They stand in the section `groups` only and are not nested. */
export const GROUP_FUNCTIONS: readonly string[] = ['group', 'group_remove'];

/**
 * Add the groups of a recipe to the scope, in order: a group may use those before it.
 *
 *     group = ("group" | "group_remove") "(" name { "," name } ")"
 *
 * `group` is the union of its arguments, in order of first mention; `group_remove` its first argument without the rest.
 *
 * @throws InvalidInput for a name that is taken, another expression than the above, or an unknown member
 */
export function defineGroups(definitions: readonly Definition[], scope: Scope): void {
  for (const definition of definitions) {
    checkName(definition, 'group', scope);
    scope.define(definition.name, evaluate(definition, scope));
  }
}

/** @throws InvalidInput for a name that stands for something else already */
export function checkName({ name, source }: Definition, kind: 'group' | 'assignment', scope: Scope): void {
  const isFunction = TRANSFORMS.has(name) || GROUP_FUNCTIONS.includes(name);
  const meaning = isFunction ? 'a function' : scope.meaning(name);
  if (meaning !== undefined) {
    throw new InvalidInput(`${source.where}: the name '${name}' is taken by ${meaning}`, {
      hint: `rename the ${kind}`,
    });
  }
}

function evaluate({ source, expression }: Definition, scope: Scope): readonly InputAttribute[] {
  if (expression.kind !== 'call' || !GROUP_FUNCTIONS.includes(expression.name)) {
    throw noGroup(source, expression);
  }
  const [first, ...rest] = expression.args.map((argument) => members(argument, expression.name, source, scope));
  if (expression.name === 'group') return [...new Set([...first, ...rest.flat()])];
  const removed = new Set(rest.flat());
  return first.filter((attribute) => !removed.has(attribute));
}

function noGroup(source: Source, expression: Expression): InvalidInput {
  const found = expression.kind === 'number' ? expression.text : expression.name;
  const near = expression.kind === 'call' ? suggest(expression.name, GROUP_FUNCTIONS) : undefined;
  const hint = near === undefined ? "for example group('age', 'fare')" : `did you mean '${near}'?`;
  return invalidExpression(source, expression.column, `expected group(…) or group_remove(…), found '${found}'`, hint);
}

function members(argument: Expression, group: string, source: Source, scope: Scope): readonly InputAttribute[] {
  if (argument.kind !== 'reference') {
    const found = argument.kind === 'number' ? argument.text : `${argument.name}(…)`;
    throw invalidExpression(source, argument.column, `${group} takes names of variables and groups, found '${found}'`);
  }
  if (group === 'group' && argument.name === 'ALL_INPUTS') {
    const hint = 'ALL_INPUTS can stand in outputs';
    throw invalidExpression(source, argument.column, "'ALL_INPUTS' cannot be a member of a group", hint);
  }
  return scope.resolveAttributes(argument.name, source, argument.column);
}
