import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatCount } from '../../format-count.js';
import type { ModelType } from '../../model/types.js';
import { trainModel } from '../../node.js';
import { parseRecipe } from '../../recipe/parse.js';
import type { Entity } from '../../store/entity.js';
import type { Parameters } from '../../training/options.js';
import type { Progress } from '../../training/progress.js';
import { schemaText } from '../data-sources.js';
import { nothingThere } from '../locations/location.js';
import { checkModelType, shownParameters } from '../ml-models.js';
import { modelPath } from '../paths.js';
import type { Message } from '../service.js';
import { observations, stillThere, type WorkContext, withDataSource } from './work.js';

/** More than any recipe's 131,071 characters. */
const RECIPE_BYTES = 1 << 20;

interface Request {
  readonly MLModelType: ModelType;
  readonly TrainingDataSourceId: string;
  readonly Parameters?: Parameters;
  readonly Recipe?: string;
  readonly RecipeUri?: string;
}

/** Train and write the model file, whole. */
export async function trainMLModel(entity: Entity, context: WorkContext): Promise<Message> {
  const { MLModelType, TrainingDataSourceId, Parameters, ...request } = entity.request as unknown as Request;
  const { home, signal, progress } = context;
  const recipe = await readRecipe(request, context);
  return withDataSource(TrainingDataSourceId, context, async ({ data, schema, rearrangement }) => {
    checkModelType(schema, MLModelType, TrainingDataSourceId);
    const model = await trainModel({
      data: data.path,
      schema,
      rearrangement,
      recipe,
      parameters: Parameters,
      signal,
      onProgress: (event) => tell(event, progress),
    });
    signal.throwIfAborted();
    const path = modelPath(home, entity.id);
    await mkdir(dirname(path), { recursive: true });
    return {
      SizeInBytes: await model.save(path),
      TrainingParameters: shownParameters(model.training.parameters, Parameters),
      Recipe: model.state.recipeText,
      Schema: schemaText(stillThere(context.store, 'DataSource', TrainingDataSourceId)),
    };
  });
}

/** JSON text that is a recipe in syntax; undefined: the default recipe. */
async function readRecipe(
  { Recipe, RecipeUri }: Pick<Request, 'Recipe' | 'RecipeUri'>,
  { places }: WorkContext,
): Promise<string | undefined> {
  if (!RecipeUri) return Recipe || undefined;
  const text = await places.readText(RecipeUri, RECIPE_BYTES);
  if (text === undefined) throw nothingThere(RecipeUri);
  parseRecipe(text);
  return text;
}

function tell(event: Progress, progress: (message: string) => void): void {
  const message = messageOf(event);
  if (message !== undefined) progress(message);
}

function messageOf(event: Progress): string | undefined {
  switch (event.event) {
    case 'read':
      return `${observations(event.observationCount)} read for ${READINGS[event.purpose]}`;
    case 'features':
      return `${formatCount(event.featureCount)} features of ${observations(event.observationCount)}`;
    case 'pass':
      return `pass ${event.pass} of ${event.maxPasses}: loss ${event.loss.toPrecision(4)}`;
    default:
      return undefined;
  }
}

const READINGS = { count: 'the split', statistics: 'statistics', encode: 'features', evaluate: 'the evaluation' };
