import { InvalidInput } from '../errors.js';
import type { CheckedExpression, CheckedRecipe } from './check.js';
import { attributesOf, type CrossPart, type FittedOutput, type FittedRecipe, type FittedValue } from './fitted.js';
import type { InputAttribute } from './scope.js';
import type { RecipeStatistics } from './statistics.js';
import { writeName } from './tokens.js';
import { TRANSFORMS } from './transforms/registry.js';

export { attributesOf, type FittedRecipe } from './fitted.js';
export type { RecipeStatistics } from './statistics.js';

/**
 * Fix everything that depends on the training data: means, standard deviations, bin edges.
 * Outputs that encode the same as an earlier one (`age` and `normalize(age)`) are left out.
 *
 * @throws InvalidInput for a number whose variance is beyond double precision
 */
export function fitRecipe(recipe: CheckedRecipe, statistics: RecipeStatistics): FittedRecipe {
  const values = new Map<string, { value: FittedValue; expression: string }>();
  for (const { text, expression } of recipe.outputs) {
    const value = fitExpression(expression, statistics);
    const key = JSON.stringify(value);
    if (values.has(key)) continue;
    if (value.kind === 'number') checkFinite(value.attribute, value.mean, value.standardDeviation);
    values.set(key, { value, expression: text });
  }
  return { outputs: withPrefixes([...values.values()]) };
}

function fitExpression(expression: CheckedExpression, statistics: RecipeStatistics): FittedValue {
  if (expression.kind === 'attribute') return fitAttribute(expression, statistics);
  const transform = TRANSFORMS.get(expression.transform);
  if (transform === undefined) throw new Error(`no transformation '${expression.transform}'`);
  const values = expression.values.map((value) => fitExpression(value, statistics));
  return transform.fit(values, expression.integers, statistics);
}

function fitAttribute({ name, type }: InputAttribute, statistics: RecipeStatistics): FittedValue {
  switch (type) {
    case 'BINARY':
      return { kind: 'binary', attribute: name, hasMissing: statistics.binary(name).missing > 0 };
    case 'CATEGORICAL':
      return { kind: 'categories', attribute: name };
    case 'TEXT':
      return { kind: 'tokens', attribute: name, changes: [], ngram: 1 };
    case 'NUMERIC': {
      const { mean, variance, missing, count } = statistics.numeric(name);
      const known = count > 0;
      return {
        kind: 'number',
        attribute: name,
        // -0 would come back from JSON as 0
        mean: known ? mean + 0 : 0,
        standardDeviation: known ? Math.sqrt(variance) : 0,
        hasMissing: missing > 0,
      };
    }
  }
}

function checkFinite(attribute: string, mean: number, standardDeviation: number): void {
  if (Number.isFinite(mean) && Number.isFinite(standardDeviation)) return;
  throw new InvalidInput(
    `recipe: the numbers of '${attribute}' are too large to scale (mean ${mean}, standard deviation ${standardDeviation})`,
    { hint: `use quantile_bin, or divide '${attribute}' in the data` },
  );
}

/** The forms that texts of features take after the prefix; outputs that share one need different prefixes. */
function textForms(value: FittedValue): readonly string[] {
  switch (value.kind) {
    case 'number':
      return value.hasMissing ? ['', '=missing'] : [''];
    case 'bins':
      return value.hasMissing ? ['∈', '=missing'] : ['∈'];
    case 'binary':
      return ['=', '=missing'];
    case 'categories':
      return ['='];
    case 'tokens':
    case 'pairs':
      return [':'];
    case 'cross':
      return [value.parts.some(isText) ? ':' : '='];
  }
}

/** Can it give a row more than one item? */
export function isText(part: CrossPart): boolean {
  return part.kind === 'tokens' || part.kind === 'pairs';
}

/**
 * The first output of an attribute, or better the attribute itself, begins its features' texts with the attribute's name,
 * a cross with the names of its attributes; other outputs do where no text can be equal, and begin with their expression
 * where one could.
 */
function withPrefixes(values: readonly { value: FittedValue; expression: string }[]): FittedOutput[] {
  const taken = new Set<string>();
  const prefixes = new Map<FittedValue, string>();
  const isAttribute = ({ value, expression }: (typeof values)[number]) =>
    attributesOf(value).length === 1 && expression === writeName(attributesOf(value)[0]);
  for (const entry of [...values.filter(isAttribute), ...values.filter((other) => !isAttribute(other))]) {
    const { value, expression } = entry;
    const names = attributesOf(value);
    const keys = textForms(value).map((form) => JSON.stringify([names, form]));
    const ambiguous = keys.some((key) => taken.has(key));
    prefixes.set(value, ambiguous ? expression : names.map(quotedIfAmbiguous).join('×'));
    if (!ambiguous) for (const key of keys) taken.add(key);
  }
  return values.map(({ value, expression }) => ({ ...value, expression, prefix: prefixes.get(value) as string }));
}

/** Quoted when the name holds a character that ends a prefix or begins an expression. */
function quotedIfAmbiguous(name: string): string {
  return /[=:∈×('\\]/.test(name) ? writeName(name, true) : name;
}
