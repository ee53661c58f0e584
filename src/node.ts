import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ColumnTable } from 'arquero';
import { fileError, openFile, spool, writeWhole } from './datasource/files.js';
import { csvInput, type Input, rowsInput } from './datasource/input.js';
import { type DataRecord, rowsOfRecords, rowsOfTable } from './datasource/records.js';
import type { Data, Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import type { EvaluateOptions, Evaluation } from './evaluation/evaluate.js';
import { kernelModules } from './kernel/load.js';
import { decodeModel } from './model/file.js';
import { Model } from './model.js';
import { type TrainModelOptions, trainModelIn } from './train-model.js';

export * from './index.js';

const environment: Environment = {
  modules: kernelModules,
  openInput,
  readText: async (path) => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw fileError(error, path);
    }
  },
  writeWhole: (path, bytes) => writeWhole(path, [bytes]),
};

async function openInput(data: Data): Promise<Input> {
  const { plain } = kernelModules;
  if (typeof data === 'string') return csvInput(await openFile(data), plain);
  if (data instanceof URL) return csvInput(await openFile(fileURLToPath(data)), plain);
  if (Array.isArray(data)) return rowsInput(rowsOfRecords(data as DataRecord[]), 'records');
  if (data instanceof ColumnTable) return rowsInput(rowsOfTable(data), 'table');
  if (typeof data === 'object' && data !== null && Symbol.asyncIterator in data) {
    return csvInput(await spool(data as AsyncIterable<Uint8Array>, 'standard input'), plain);
  }
  throw new InvalidInput(`data: ${typeof data} is not a data source`, {
    hint: 'give a file path, a stream of bytes, an arquero table or an array of objects',
  });
}

/**
 * Train a model.
 *
 * @returns the model, with its `evaluation` when part of the data was kept for it or `evaluationData` is given
 * @throws InvalidInput for data, schema, recipe or parameters that no model can be made of
 * @throws the signal's reason when it is aborted
 */
export function trainModel(options: TrainModelOptions): Promise<Model> {
  return trainModelIn(environment, options);
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
export function evaluate(model: Model, data: Data, options: EvaluateOptions = {}): Promise<Evaluation> {
  return model.evaluate(data, options);
}
