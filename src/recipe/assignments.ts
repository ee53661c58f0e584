import { InvalidInput } from '../errors.js';
import { type CheckedExpression, ExpressionChecker } from './check-expression.js';
import type { Expression } from './expression.js';
import { checkName } from './groups.js';
import type { Definition } from './parse.js';
import type { Scope } from './scope.js';
import { invalidExpression } from './tokens.js';

/** Most expressions that all assignments together stand for, groups expanded. */
const MAX_ASSIGNED = 100_000;

/**
 * Add the assignments of a recipe to the scope, in order: one may refer to those before it.
 *
 * @throws InvalidInput for a name that is taken, a wrong expression, or a reference to itself or to a later assignment
 */
export function defineAssignments(definitions: readonly Definition[], scope: Scope): void {
  const checked: CheckedExpression[] = [];
  for (const definition of definitions) checkName(definition, 'assignment', scope);
  scope.announce(definitions.map(({ name, source }) => ({ name, where: source.where })));
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  for (const definition of definitions) {
    const { name, source, expression } = definition;
    if (expression.kind === 'number') {
      const what = `expected a variable or a transformation, found the number ${expression.text}`;
      throw invalidExpression(source, expression.column, what);
    }
    refuseCycle(definition, byName, scope);
    const checker = new ExpressionChecker(source, scope);
    const values = checker.check(expression);
    for (const value of values) checked.push(value);
    if (checked.length > MAX_ASSIGNED) {
      throw new InvalidInput(
        `${source.where}: the assignments up to here stand for more than ${MAX_ASSIGNED} variables`,
        {
          hint: 'use smaller groups',
        },
      );
    }
    scope.assign(name, values, checker.namesGroup(expression));
  }
}

/** @throws InvalidInput when an assignment refers to itself, directly or through others */
function refuseCycle(definition: Definition, byName: ReadonlyMap<string, Definition>, scope: Scope): void {
  const seen = new Set<string>();
  const path = (from: Definition): readonly string[] | undefined => {
    for (const reference of references(from.expression)) {
      if (reference.name === definition.name) return [reference.name];
      const next = byName.get(reference.name);
      if (next === undefined || scope.has(next.name) || seen.has(next.name)) continue;
      seen.add(next.name);
      const rest = path(next);
      if (rest !== undefined) return [next.name, ...rest];
    }
    return undefined;
  };
  const cycle = path(definition);
  if (cycle === undefined) return;
  const first = references(definition.expression).find(({ name }) => name === cycle[0])!;
  const chain = [definition.name, ...cycle].join(' → ');
  const what =
    cycle.length === 1 ? `'${cycle[0]}' refers to itself` : `'${definition.name}' refers to itself: ${chain},`;
  throw invalidExpression(definition.source, first.column, what, 'an assignment may use those before it');
}

function references(expression: Expression): (Expression & { kind: 'reference' })[] {
  if (expression.kind === 'reference') return [expression];
  return expression.kind === 'call' ? expression.args.flatMap(references) : [];
}
