import { noObservations } from './datasource/bytes.js';
import type { Input } from './datasource/input.js';
import type { SampleColumn } from './datasource/sample-column.js';
import type { Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { formatCount } from './format-count.js';
import { modelTypeOf } from './model/target.js';
import { MODEL_TYPES, type ModelType } from './model/types.js';
import { isJsonText, readJson } from './read-json.js';
import { checkHeader, checkSameHeader, columnName, looksLikeHeader } from './schema/header.js';
import { checkColumnCount, type InferenceReason, inferSchema } from './schema/infer.js';
import { parseSchema } from './schema/parse.js';
import type { AttributeType, Schema } from './schema/schema.js';
import { withTarget } from './schema/target.js';
import type { TrainModelOptions } from './train-model.js';

/** A schema with a target, and where it comes from. */
export interface ResolvedSchema {
  readonly schema: Schema;
  /** A file name, `given`, or `inferred from the first 10,000 observations`. */
  readonly origin: string;
  readonly modelType: ModelType;
  /** Why the target has its type, when the schema was inferred. */
  readonly targetReason?: string;
}

type SchemaOptions = Pick<TrainModelOptions, 'schema' | 'target' | 'modelType'>;

/**
 * The schema of the training data: the given one, the one beside the file, or one inferred from the first observations.
 *
 * @throws InvalidInput when it is wrong, does not fit the file's header, has no target, or a row weight that is no number
 */
export async function resolveSchema(
  environment: Environment,
  input: Input,
  options: SchemaOptions,
): Promise<ResolvedSchema> {
  const { schema, origin, reasons } = await findSchema(environment, input, options);
  const name = options.target ?? schema.targetAttributeName;
  if (name === null) {
    throw new InvalidInput(`${input.name}: no target is given`, {
      hint: `name the attribute to predict: ${schema.attributes.map((a) => a.attributeName).join(', ')}`,
    });
  }
  checkRowWeight(schema);
  const typed = options.modelType === undefined ? schema : withModelType(schema, name, options.modelType);
  const targeted = withTarget(typed, name);
  const type = targeted.attributes.find((a) => a.attributeName === name)!.attributeType;
  return {
    schema: targeted,
    origin,
    modelType: modelTypeOf(type as Exclude<AttributeType, 'TEXT'>),
    targetReason: options.modelType === undefined ? reasons?.find((r) => r.attribute === name)?.reason : undefined,
  };
}

/** @throws InvalidInput when the row weight is not a number */
function checkRowWeight({ attributes, rowWeight }: Schema): void {
  const type = attributes.find(({ attributeName }) => attributeName === rowWeight)?.attributeType;
  if (type === undefined || type === 'NUMERIC') return;
  throw new InvalidInput(`schema: rowWeight '${rowWeight}' is of type ${type}, which cannot be a weight`, {
    hint: 'declare it NUMERIC, or set rowWeight to null',
  });
}

/**
 * The schema of data that need not have a target: the given one, the one beside the file, or one inferred.
 *
 * @throws InvalidInput when it is wrong or does not fit the file's header
 */
export async function findSchema(
  environment: Environment,
  input: Input,
  options: SchemaOptions,
): Promise<{ schema: Schema; origin: string; reasons?: readonly InferenceReason[] }> {
  const known = await knownSchema(environment, input, options);
  if (known === undefined) return inferFromInput(input, options.target);
  if (!input.named && known.schema.dataFileContainsHeader) {
    for (const { fields, source } of await input.firstLines()) checkHeader(fields, known.schema, source);
  }
  return known;
}

async function knownSchema(
  environment: Environment,
  { schemaPaths }: Input,
  { schema }: SchemaOptions,
): Promise<{ schema: Schema; origin: string } | undefined> {
  if (schema !== undefined) return givenSchema(environment, schema);
  for (const path of schemaPaths) {
    const text = await environment.readText(path);
    if (text !== undefined) return { schema: parseSchema(text, path), origin: path };
  }
  return undefined;
}

/**
 * A schema that the caller gave: an object, JSON text, or the path of a file.
 *
 * @returns the schema; `origin` is the path, or `given`
 * @throws InvalidInput when there is no such file, or it is not a schema
 */
export async function givenSchema(
  environment: Environment,
  given: object | string,
): Promise<{ schema: Schema; origin: string }> {
  const text = (await readJson(environment, given, 'schema'))!;
  const path = typeof given === 'string' && !isJsonText(given) ? given : undefined;
  return { schema: parseSchema(text, path ?? 'schema'), origin: path ?? 'given' };
}

/** A schema proposed from the data, and why. */
export interface InferredSchema {
  readonly schema: Schema;
  /** One per attribute, in column order. */
  readonly reasons: readonly InferenceReason[];
  /** Observations that it was inferred from. */
  readonly observationCount: number;
  /** `inferred from the first 10,000 observations` */
  readonly origin: string;
}

/**
 * Propose a schema from the first observations, with a header if the first line looks like one.
 *
 * @throws InvalidInput when there are no observations, when names are too long or occur twice, when there are more than
 *   1,000 columns, when files that belong together have different headers, and when the target is not there or is text
 */
export async function inferFromInput(input: Input, target: string | undefined): Promise<InferredSchema> {
  const fields = await input.firstFields();
  checkColumnCount(fields.length, input.name);
  const { header, sample } = input.named
    ? { header: fields, sample: await input.sample(fields, true) }
    : await readSample(input, fields, target);
  const observationCount = sample[0]?.rowCount ?? 0;
  if (observationCount === 0) throw noObservations(input.name);
  const where = input.named ? `${input.name}: ` : `${input.name}: line 1, `;
  const { schema, reasons } = inferSchema(header, sample, { target, where });
  const from =
    observationCount === 1 ? 'the only observation' : `the first ${formatCount(observationCount)} observations`;
  return { schema, reasons, observationCount, origin: `inferred from ${from}` };
}

/** The header, if the first line names the target or looks like one, and the rows after it; columns are named by position. */
async function readSample(
  input: Input,
  fields: readonly string[],
  target: string | undefined,
): Promise<{ header: readonly string[] | undefined; sample: SampleColumn[] }> {
  const names = fields.map((_, index) => columnName(index));
  const sample = await input.sample(names, true);
  const namesTarget = fields.some((field) => field.trim() === target);
  if (!namesTarget && !looksLikeHeader(fields, sample))
    return { header: undefined, sample: await input.sample(names, false) };
  checkSameHeader(await input.firstLines());
  return { header: fields, sample };
}

const TARGET_TYPES: Readonly<Record<ModelType, AttributeType>> = {
  BINARY: 'BINARY',
  MULTICLASS: 'CATEGORICAL',
  REGRESSION: 'NUMERIC',
};

/** The schema with the target read as the model type asks for. */
function withModelType(schema: Schema, target: string, modelType: ModelType): Schema {
  if (!MODEL_TYPES.includes(modelType)) {
    throw new InvalidInput(`model type '${modelType}' is not known`, { hint: `give ${MODEL_TYPES.join(', ')}` });
  }
  return {
    ...schema,
    attributes: schema.attributes.map((a) =>
      a.attributeName === target ? { ...a, attributeType: TARGET_TYPES[modelType] } : a,
    ),
  };
}
