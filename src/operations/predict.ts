import type { DataRecord } from '../datasource/records.js';
import type { Input, OperationContext } from './context.js';
import type { MountedModel } from './model-cache.js';
import type { Message } from './service.js';

/**
 * Predict with the real-time endpoint of a model. Attributes may be left out; target, row id and attributes that the model
 * does not use are ignored.
 *
 * @throws InvalidInput for an attribute that the model's schema does not have, or a value that does not fit its type
 */
export async function predict({ models }: OperationContext, input: Input): Promise<Message> {
  const id = input.MLModelId as string;
  return answer(models.ready(id) ?? (await models.mount(id)), input.Record as DataRecord);
}

/**
 * `predict` for an input that has not been validated and a model that is loaded: what makes the difference under load.
 *
 * @returns undefined when the model is not loaded, or the input is not as it should be: validate it and say so
 */
export function predictAtOnce({ models }: OperationContext, input: Input): Message | undefined {
  const { MLModelId, Record, PredictEndpoint } = input;
  if (typeof MLModelId !== 'string' || !isTextMap(Record) || !isPlainUrl(PredictEndpoint)) return undefined;
  const model = models.ready(MLModelId);
  return model && answer(model, Record);
}

function answer({ model, scoreThreshold }: MountedModel, record: DataRecord): Message {
  return { Prediction: model.predict(record, { scoreThreshold }) };
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const item of Object.values(value)) if (typeof item !== 'string') return false;
  return true;
}

/** The URL that was found right last, so that it need not be looked at again. */
let lastUrl = '';

function isPlainUrl(value: unknown): boolean {
  if (value === lastUrl) return true;
  if (typeof value !== 'string' || !/^https?:\/\/[a-zA-Z0-9.:[\]-]{1,300}\/?$/.test(value)) return false;
  lastUrl = value;
  return true;
}
