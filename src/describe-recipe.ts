import { trainingPlan } from './datasource/plan.js';
import { Rejections } from './datasource/rejections.js';
import { everyRecord, RowSelector } from './datasource/select.js';
import type { DataSource } from './datasource/source.js';
import { watched } from './datasource/watched.js';
import type { Data, Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { featureCount } from './features/dictionary.js';
import { openEncoder } from './features/encode.js';
import { readJson } from './read-json.js';
import { type CheckedRecipe, checkRecipe } from './recipe/check.js';
import { fitRecipe } from './recipe/fit.js';
import { parseRecipe } from './recipe/parse.js';
import type { ValueType } from './recipe/transforms/transform.js';
import { findSchema, givenSchema } from './resolve-schema.js';
import type { Schema } from './schema/schema.js';
import { withTarget } from './schema/target.js';
import { StatisticsCollector } from './statistics/statistics.js';

/** Features of the largest model that is allowed: 2 GB, 96 bytes for each. */
const MAX_MODEL_FEATURES = Math.floor(2 ** 31 / 96);

export interface DescribeRecipeOptions {
  /** A recipe, its JSON text, or the path of its file. */
  readonly recipe: object | string;
  /** A schema, its JSON text, or the path of its file. Default: as `trainModel` finds one for `data`. */
  readonly schema?: object | string;
  /** Attribute that is predicted and cannot be a variable; default: the schema's target, if it has one. */
  readonly target?: string;
  /** Data to count the features on. */
  readonly data?: Data;
  readonly signal?: AbortSignal;
  onRead?(observationCount: number): void;
}

/** One output of a recipe, groups and assignments expanded. */
export interface RecipeOutput {
  /** The expression in uniform spelling. */
  readonly expression: string;
  /** TOKENS: tokens that have been combined. */
  readonly type: ValueType;
  /** Attributes that it is computed from. */
  readonly attributes: readonly string[];
  /** Features that it yields on the data; 0 for one that gives what an earlier output gives. Undefined without data. */
  readonly featureCount?: number;
}

export interface RecipeDescription {
  readonly outputs: readonly RecipeOutput[];
  /** Features of all outputs, without the bias; undefined without data. */
  readonly featureCount?: number;
  /** Observations that the features were counted on. */
  readonly observationCount?: number;
}

/** `describeRecipe`, in a given environment. */
export async function describeRecipeIn(
  environment: Environment,
  options: DescribeRecipeOptions,
): Promise<RecipeDescription> {
  const recipe = parseRecipe((await readJson(environment, options.recipe, 'recipe'))!);
  if (options.data === undefined) {
    const schema = withOptionalTarget(await readSchema(environment, options.schema), options.target);
    return { outputs: describeOutputs(checkRecipe(recipe, schema)) };
  }
  const input = await environment.openInput(options.data, options.signal);
  try {
    const found = await findSchema(environment, input, options);
    const schema = withOptionalTarget(found.schema, options.target);
    const checked = checkRecipe(recipe, schema);
    const source = input.open(trainingPlan(schema), schema.dataFileContainsHeader);
    const { counts, observationCount } = await countFeatures(environment, source, schema, checked, options);
    const outputs = describeOutputs(checked).map((output) => ({
      ...output,
      featureCount: counts.get(output.expression) ?? 0,
    }));
    const total = outputs.reduce((sum, output) => sum + output.featureCount, 0);
    return { outputs, featureCount: total, observationCount };
  } finally {
    await input.close();
  }
}

async function readSchema(environment: Environment, given: object | string | undefined): Promise<Schema> {
  if (given === undefined) {
    throw new InvalidInput('no schema is given', { hint: 'a recipe is checked against a schema or against data' });
  }
  return (await givenSchema(environment, given)).schema;
}

function withOptionalTarget(schema: Schema, target: string | undefined): Schema {
  return target === undefined ? schema : withTarget(schema, target);
}

function describeOutputs({ outputs }: CheckedRecipe): RecipeOutput[] {
  return outputs.map(({ text, expression }) => ({
    expression: text,
    type: expression.type,
    attributes: [...new Set(attributeNames(expression))],
  }));
}

function attributeNames(expression: CheckedRecipe['outputs'][number]['expression']): readonly string[] {
  return expression.kind === 'attribute' ? [expression.name] : expression.values.flatMap(attributeNames);
}

/** Fit and encode as training does: two passes over the data. */
async function countFeatures(
  { module }: Environment,
  source: DataSource,
  schema: Schema,
  checked: CheckedRecipe,
  options: DescribeRecipeOptions,
): Promise<{ counts: ReadonlyMap<string, number>; observationCount: number }> {
  const collector = new StatisticsCollector(schema, { module });
  const rejections = new Rejections();
  const target = schema.targetAttributeName ?? undefined;
  const selector = new RowSelector(target, everyRecord, rejections);
  for await (const block of watched(source, options)) collector.add(block, selector.select(block));
  const statistics = collector.finish();
  if (statistics.observationCount === 0) {
    throw new InvalidInput(`${source.name}: no observation can be used; the first: ${rejections.examples[0]}`, {
      hint: 'check the schema against the file',
    });
  }
  const recipe = fitRecipe(checked, statistics);
  const encoder = openEncoder(recipe, { learn: true, maxFeatures: MAX_MODEL_FEATURES, module });
  const again = new RowSelector(target, everyRecord, new Rejections());
  for await (const block of watched(source, options)) encoder.prepare(block, again.select(block));
  const { features } = encoder.finish({ maxFeatures: MAX_MODEL_FEATURES });
  const counts = recipe.outputs.map(({ expression }, i): [string, number] => [
    expression,
    featureCount(features.outputs[i]),
  ]);
  return { counts: new Map(counts), observationCount: statistics.observationCount };
}
