import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CrossValidateOptions, CrossValidation } from './cross-validate.js';
import type { ParserThreads } from './csv/parallel.js';
import { parserThreads } from './csv/worker-threads.js';
import { fileError, spool, writeWhole } from './datasource/files.js';
import { csvInput, type Input, rowsInput } from './datasource/input.js';
import { openLocation } from './datasource/location.js';
import { type DataRecord, isTable, rowsOfRecords, rowsOfTable } from './datasource/records.js';
import type { DataDescription, DescribeDataOptions } from './describe-data.js';
import type { DescribeRecipeOptions, RecipeDescription } from './describe-recipe.js';
import type { Data, Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import type { Evaluation } from './evaluation/evaluate.js';
import { kernelModule } from './kernel/load.js';
import { decodeModel } from './model/file.js';
import { type EvaluateDataOptions, Model } from './model.js';
import { type InferredSchema, inferFromInput } from './resolve-schema.js';
import type { Crew } from './threads/crew.js';
import { nodeResources } from './threads/resources.js';
import { openCrew } from './threads/worker-crew.js';
import type { TrainModelOptions } from './train-model.js';

export * from './index.js';

const environment: Environment = {
  get module() {
    return kernelModule();
  },
  openInput,
  readText: async (path) => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw fileError(error, path);
    }
  },
  resources: nodeResources,
  writeWhole: (path, bytes) => writeWhole(path, [bytes]),
};

async function openInput(data: Data, signal?: AbortSignal, crew?: Crew | null): Promise<Input> {
  const module = kernelModule();
  const parsers = crew === undefined ? ownThreads(nodeResources.threads() - 1) : crew && parserThreads(crew);
  if (typeof data === 'string') return csvInput(await openLocation(data), module, parsers ?? undefined);
  if (data instanceof URL) return csvInput(await openLocation(fileURLToPath(data)), module, parsers ?? undefined);
  if (Array.isArray(data)) return rowsInput(rowsOfRecords(data as DataRecord[]), 'records');
  if (isTable(data)) return rowsInput(rowsOfTable(data), 'table');
  if (typeof data === 'object' && data !== null && Symbol.asyncIterator in data) {
    const name = data === process.stdin ? 'standard input' : 'stream';
    return csvInput(await spool(data as AsyncIterable<Uint8Array>, name, signal), module, parsers ?? undefined);
  }
  if (data instanceof Uint8Array) return csvInput(await spool(Readable.from([data]), 'bytes', signal), module);
  throw new InvalidInput(`data: ${typeof data} is not a data source`, {
    hint: 'give the path of a file or folder, a stream of bytes, an arquero table or an array of objects',
  });
}

/** For an input alone, whose blocks this thread looks at. */
function ownThreads(count: number): ParserThreads | null {
  return count === 0 ? null : parserThreads(openCrew(count), true);
}

/**
 * Train a model.
 *
 * @returns the model, with its `evaluation` when part of the data was kept for it or `evaluationData` is given
 * @throws InvalidInput for data, schema, recipe or parameters that no model can be made of
 * @throws the signal's reason when it is aborted
 */
export async function trainModel(options: TrainModelOptions): Promise<Model> {
  const { trainModelIn } = await import('./train-model.js');
  return trainModelIn(environment, options);
}

/**
 * Train and evaluate on folds of the data in turn: each observation is evaluated on exactly once, by a model that has not
 * learned from it. The data is parsed once where its columns fit in memory.
 *
 * @throws InvalidInput as `trainModel`, naming the fold; for more folds than observations
 * @throws the signal's reason when it is aborted
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CrossValidation> {
  const { crossValidateIn } = await import('./cross-validate.js');
  return crossValidateIn(environment, options);
}

/**
 * Look at data: statistics of each attribute, how much each tells of the target, and what is odd.
 *
 * @throws InvalidInput for data or a schema that cannot be read, and for a target that is not there
 * @throws the signal's reason when it is aborted
 */
export async function describeData(options: DescribeDataOptions): Promise<DataDescription> {
  const { describeDataIn } = await import('./describe-data.js');
  return describeDataIn(environment, options);
}

/**
 * Compile a recipe: its outputs with groups and assignments expanded, and with data the features that each yields.
 *
 * @throws InvalidInput for a recipe that is wrong or does not fit the schema, naming JSON path, column and word
 * @throws the signal's reason when it is aborted
 */
export async function describeRecipe(options: DescribeRecipeOptions): Promise<RecipeDescription> {
  const { describeRecipeIn } = await import('./describe-recipe.js');
  return describeRecipeIn(environment, options);
}

/**
 * Read a model file. Nothing else is needed to predict.
 *
 * @throws InvalidInput when the file is missing, damaged or of an unknown format
 */
export async function loadModel(path: string | URL): Promise<Model> {
  const name = path instanceof URL ? fileURLToPath(path) : path;
  const bytes = await readFile(name).catch((error: unknown) => {
    throw fileError(error, name);
  });
  return new Model(await decodeModel(bytes, name), environment);
}

/** Measure a model on data with known targets. */
export function evaluate(model: Model, data: Data, options: EvaluateDataOptions = {}): Promise<Evaluation> {
  return model.evaluate(data, options);
}

/**
 * Propose a schema from the first 10,000 observations, with the reason for each attribute's type.
 *
 * @param options.target attribute to predict; becomes the schema's target
 * @throws InvalidInput for data that no schema can describe, and for a target that is not there or cannot be one
 */
export async function inferSchema(data: Data, options: { target?: string } = {}): Promise<InferredSchema> {
  const input = await openInput(data, undefined, null);
  try {
    return await inferFromInput(input, options.target);
  } finally {
    await input.close();
  }
}
