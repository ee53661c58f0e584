import type { CheckedRecipe } from './check.js';
import type { CheckedExpression } from './check-expression.js';
import { quantileBin } from './transforms/quantile-bin.js';

/** Names of the attributes whose quantiles a recipe needs. */
export function binnedAttributes({ outputs }: CheckedRecipe): Set<string> {
  const names = new Set<string>();
  const visit = (expression: CheckedExpression, binned: boolean): void => {
    if (expression.kind === 'call') {
      for (const value of expression.values) visit(value, binned || expression.transform === quantileBin.name);
    } else if (binned) names.add(expression.name);
  };
  for (const { expression } of outputs) visit(expression, false);
  return names;
}
