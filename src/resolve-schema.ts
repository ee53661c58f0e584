import { noObservations } from './datasource/bytes.js';
import type { Input } from './datasource/input.js';
import type { Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { modelTypeOf } from './model/target.js';
import { MODEL_TYPES, type ModelType } from './model/types.js';
import { checkHeader, columnName, headerNames, looksLikeHeader } from './schema/header.js';
import { inferSchema } from './schema/infer.js';
import { parseSchema } from './schema/parse.js';
import type { AttributeType, Schema } from './schema/schema.js';
import { withTarget } from './schema/target.js';
import { readJson, type TrainModelOptions } from './train-model.js';

/** A schema with a target, and where it comes from. */
export interface ResolvedSchema {
  readonly schema: Schema;
  /** A file name, `given`, or `inferred from the first 10,000 observations`. */
  readonly origin: string;
  readonly modelType: ModelType;
}

type SchemaOptions = Pick<TrainModelOptions, 'schema' | 'target' | 'modelType' | 'data'>;

/**
 * The schema of the training data: the given one, the one beside the file, or one inferred from the first observations.
 *
 * @throws InvalidInput when it is wrong, does not fit the file's header, or has no target
 */
export async function resolveSchema(
  environment: Environment,
  input: Input,
  options: SchemaOptions,
): Promise<ResolvedSchema> {
  const known = await knownSchema(environment, options);
  const { schema, origin } = known ?? (await inferred(input, options.target));
  if (known && !input.named && schema.dataFileContainsHeader)
    checkHeader(await input.firstFields(), schema, input.name);
  const name = options.target ?? schema.targetAttributeName;
  if (name === null) {
    throw new InvalidInput(`${input.name}: no target is given`, {
      hint: `name the attribute to predict: ${schema.attributes.map((a) => a.attributeName).join(', ')}`,
    });
  }
  if (schema.rowWeight !== null) {
    throw new InvalidInput(`schema: rowWeight '${schema.rowWeight}' is not supported yet`, {
      hint: 'set rowWeight to null, and exclude the attribute if it should not be learned from',
    });
  }
  const typed = options.modelType === undefined ? schema : withModelType(schema, name, options.modelType);
  const targeted = withTarget(typed, name);
  const type = targeted.attributes.find((a) => a.attributeName === name)!.attributeType;
  return { schema: targeted, origin, modelType: modelTypeOf(type as Exclude<AttributeType, 'TEXT'>) };
}

async function knownSchema(
  environment: Environment,
  { schema, data }: SchemaOptions,
): Promise<{ schema: Schema; origin: string } | undefined> {
  if (schema !== undefined) {
    const origin = typeof schema === 'string' && !schema.trimStart().startsWith('{') ? schema : 'given';
    return {
      schema: parseSchema((await readJson(environment, schema, 'schema'))!, origin === 'given' ? 'schema' : origin),
      origin,
    };
  }
  if (typeof data !== 'string') return undefined;
  const beside = `${data}.schema`;
  const text = await environment.readText(beside);
  return text === undefined ? undefined : { schema: parseSchema(text, beside), origin: beside };
}

async function inferred(input: Input, target: string | undefined): Promise<{ schema: Schema; origin: string }> {
  const fields = await input.firstFields();
  const positions = fields.map((_, index) => columnName(index));
  const header = input.named || looksLikeHeader(fields, await input.sample(positions, true));
  const names = input.named ? fields : header ? headerNames(fields) : positions;
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) {
    throw new InvalidInput(`${input.name}: line 1: two columns are named '${repeated}'`, {
      hint: 'rename or remove one',
    });
  }
  const sample = await input.sample(names, header);
  if (sample.numRows() === 0) throw noObservations(input.name);
  const { schema } = inferSchema(header ? names : undefined, sample, { target });
  return {
    schema,
    origin: `inferred from ${sample.numRows() === 1 ? 'the only observation' : `the first ${sample.numRows().toLocaleString('en')} observations`}`,
  };
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
