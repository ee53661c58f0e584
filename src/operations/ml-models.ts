import { stat } from 'node:fs/promises';
import { InvalidInput } from '../errors.js';
import { modelTypeOf } from '../model/target.js';
import type { ModelType } from '../model/types.js';
import { checkRecipe } from '../recipe/check.js';
import { parseRecipe } from '../recipe/parse.js';
import type { AttributeType, Schema } from '../schema/schema.js';
import type { Entity } from '../store/entity.js';
import { formatParameters, type Parameters, parseParameters } from '../training/options.js';
import type { Input, OperationContext } from './context.js';
import { type Checked, create } from './create.js';
import { dataLocation, dataSpec, knownSchema } from './data-sources.js';
import { alive, invalid, nameOf } from './errors.js';
import { parseS3Uri } from './locations/location.js';
import { modelPath } from './paths.js';
import { endpointInfo, hasEndpoint } from './realtime.js';
import { commonMembers, seconds } from './reply.js';
import type { Message } from './service.js';
import { usable } from './usable.js';

interface CreateInput {
  readonly MLModelId: string;
  readonly MLModelName?: string;
  readonly MLModelType: ModelType;
  readonly Parameters?: Parameters;
  readonly TrainingDataSourceId: string;
  readonly Recipe?: string;
  readonly RecipeUri?: string;
}

/** P(1) from which on a model answers 1, until it is changed. */
export const DEFAULT_THRESHOLD = 0.5;

export async function createMLModel(context: OperationContext, input: Input): Promise<Message> {
  const { MLModelId, MLModelName, ...request } = input as unknown as CreateInput;
  const creation = {
    kind: 'MLModel',
    id: MLModelId,
    name: MLModelName,
    request: request as unknown as Message,
  } as const;
  await create(context, creation, async () => {
    await refuseTakenFile(context, MLModelId);
    return check(context, request);
  });
  return { MLModelId };
}

/** A model trained from a file is kept under its id too, without an object; training would replace it. */
async function refuseTakenFile({ home }: OperationContext, id: string): Promise<void> {
  const there = await stat(modelPath(home, id)).catch(() => undefined);
  if (there === undefined) return;
  throw new InvalidInput(`MLModelId: a model that was trained from a file is kept as '${id}'`, {
    hint: `choose another id, or move models/${id}.model out of the home folder`,
  });
}

function check({ store }: OperationContext, request: Omit<CreateInput, 'MLModelId'>): Checked {
  const { TrainingDataSourceId: id, MLModelType, Recipe, RecipeUri } = request;
  const parameters = parseParameters(request.Parameters);
  if (Recipe && RecipeUri) {
    throw new InvalidInput('both Recipe and RecipeUri are given', { hint: 'leave one of them out' });
  }
  const recipe = Recipe ? parseRecipe(Recipe) : undefined;
  if (RecipeUri?.startsWith('s3:')) parseS3Uri(RecipeUri);
  const source = usable(store, 'DataSource', id, 'TrainingDataSourceId');
  if (source.request.ComputeStatistics !== true) {
    throw new InvalidInput(`TrainingDataSourceId: the data source '${id}' has no statistics, which training needs`, {
      hint: 'create one with ComputeStatistics (--compute-statistics)',
    });
  }
  const schema = knownSchema(source);
  if (schema !== undefined) {
    checkModelType(schema, MLModelType, id);
    if (recipe !== undefined) checkRecipe(recipe, schema);
  }
  const location = dataLocation(dataSpec(source));
  return {
    facts: {
      InputDataLocationS3: location,
      TrainingParameters: shownParameters(formatParameters(parameters), request.Parameters),
    },
    filters: {
      TrainingDataSourceId: id,
      RealtimeEndpointStatus: 'NONE',
      MLModelType,
      Algorithm: 'sgd',
      TrainingDataURI: location,
    },
  };
}

/**
 * The parameters as `GetMLModel` shows them; what the service did not have only where it was asked for.
 *
 * @param formatted all, as training used them
 */
export function shownParameters(
  formatted: Readonly<Record<string, string>>,
  asked: Parameters = {},
): Readonly<Record<string, string>> {
  const shown = Object.entries(formatted).filter(([name]) => !name.startsWith('trainer.') || name in asked);
  return Object.fromEntries(shown);
}

const TARGET_TYPES: Readonly<Record<ModelType, string>> = {
  BINARY: 'BINARY',
  MULTICLASS: 'CATEGORICAL',
  REGRESSION: 'NUMERIC',
};

/** @throws InvalidInput when the schema's target is not what a model of the type predicts */
export function checkModelType(schema: Schema, modelType: ModelType, dataSourceId: string): void {
  const { targetAttributeName: target } = schema;
  if (target === null) {
    throw new InvalidInput(`the schema of the data source '${dataSourceId}' names no target`, {
      hint: 'set targetAttributeName in the schema, and create another data source with it',
    });
  }
  const type = schema.attributes.find(({ attributeName }) => attributeName === target)!.attributeType;
  const fitting = modelTypeOf(type as Exclude<AttributeType, 'TEXT'>);
  if (fitting === modelType) return;
  throw new InvalidInput(`MLModelType: a ${modelType} model does not fit the target '${target}', which is ${type}`, {
    hint: `ask for a ${fitting} model, or declare the target ${TARGET_TYPES[modelType]} in the schema`,
  });
}

/** UpdateMLModel: name and score threshold, nothing else. */
export function updateMLModel({ store }: OperationContext, input: Input): Message {
  const { MLModelId, MLModelName, ScoreThreshold } = input as {
    MLModelId: string;
    MLModelName?: string;
    ScoreThreshold?: number;
  };
  return store.transaction(() => {
    const model = alive(store.get('MLModel', MLModelId), 'MLModel', MLModelId);
    if (ScoreThreshold !== undefined) {
      checkThreshold(model, ScoreThreshold);
      store.setFacts('MLModel', MLModelId, { ScoreThreshold, ScoreThresholdLastUpdatedAt: seconds(Date.now()) });
    }
    if (MLModelName !== undefined) store.rename('MLModel', MLModelId, MLModelName);
    return { MLModelId };
  });
}

function checkThreshold(model: Entity, threshold: number): void {
  const name = nameOf('MLModel', model.id);
  if (model.request.MLModelType !== 'BINARY') {
    throw invalid(`ScoreThreshold: the ${name} is ${model.request.MLModelType}; only BINARY models have a threshold`);
  }
  if (!(threshold >= 0 && threshold <= 1)) {
    throw invalid(`ScoreThreshold: ${threshold} is not from 0 to 1. Hint: scores are probabilities`);
  }
  if (model.status !== 'COMPLETED') {
    throw invalid(`ScoreThreshold: the ${name} is ${model.status}; the threshold can be set once it is COMPLETED`);
  }
  if (hasEndpoint(model)) {
    throw invalid(`ScoreThreshold: the ${name} has a real-time endpoint. Hint: delete the endpoint first`);
  }
}

/** P(1) from which on the model answers 1. */
export function scoreThreshold({ facts }: Entity): number {
  return (facts.ScoreThreshold as number | undefined) ?? DEFAULT_THRESHOLD;
}

/** What Get and Describe say of a model. */
export function mlModelMembers(model: Entity, verbose: boolean, endpointUrl: string): Message {
  const { request, facts } = model;
  return {
    ...commonMembers(model),
    MLModelId: model.id,
    TrainingDataSourceId: request.TrainingDataSourceId,
    SizeInBytes: facts.SizeInBytes,
    EndpointInfo: endpointInfo(model, endpointUrl),
    TrainingParameters: facts.TrainingParameters,
    InputDataLocationS3: facts.InputDataLocationS3,
    Algorithm: 'sgd',
    MLModelType: request.MLModelType,
    ScoreThreshold: request.MLModelType === 'BINARY' ? scoreThreshold(model) : undefined,
    ScoreThresholdLastUpdatedAt: facts.ScoreThresholdLastUpdatedAt,
    Recipe: verbose ? (facts.Recipe ?? (request.Recipe || undefined)) : undefined,
    Schema: verbose ? facts.Schema : undefined,
  };
}
