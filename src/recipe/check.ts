import { InvalidInput } from '../errors.js';
import type { Schema } from '../schema/schema.js';
import { defineAssignments } from './assignments.js';
import {
  type CheckedExpression,
  ExpressionChecker,
  MAX_OUTPUT_VARIABLES,
  writeExpression,
} from './check-expression.js';
import { defineGroups } from './groups.js';
import type { Recipe } from './parse.js';
import { Scope } from './scope.js';
import { invalidExpression, type Source } from './tokens.js';

export { type CheckedExpression, MAX_OUTPUT_VARIABLES, writeExpression } from './check-expression.js';

export interface CheckedOutput {
  /** The expression in uniform spelling; no two outputs have the same. */
  readonly text: string;
  readonly expression: CheckedExpression;
}

/** A recipe that fits a schema. */
export interface CheckedRecipe {
  readonly outputs: readonly CheckedOutput[];
}

/**
 * Check names, types and ranges against a schema and expand groups and assignments: a transformation of a group is one of
 * each member.
 * Outputs that repeat an earlier one are left out.
 *
 * @throws InvalidInput with the JSON path, the column, the offending word and what was expected
 */
export function checkRecipe(recipe: Recipe, schema: Schema): CheckedRecipe {
  const scope = new Scope(schema);
  defineGroups(recipe.groups, scope);
  defineAssignments(recipe.assignments, scope);

  const outputs = new Map<string, CheckedOutput>();
  let count = 0;
  for (const { source, expression } of recipe.outputs) {
    if (expression.kind === 'number') {
      const what = `expected a variable or a transformation, found the number ${expression.text}`;
      throw invalidExpression(source, expression.column, what);
    }
    const expanded = new ExpressionChecker(source, scope).check(expression);
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
