import type { Input } from './datasource/input.js';
import { rearrangedRecords } from './datasource/rearrangement.js';
import type { DataRecord } from './datasource/records.js';
import type { Data, Environment } from './environment.js';
import { schemaAlerts } from './evaluation/alerts.js';
import { type EvaluateOptions, type Evaluation, evaluateSource } from './evaluation/evaluate.js';
import { encodeModel } from './model/file.js';
import { Scorer } from './model/score.js';
import type { ModelState, TrainingRecord } from './model/state.js';
import type { ModelType } from './model/types.js';
import { type FeatureWeight, featureWeights } from './model/weights.js';
import { type BatchCounts, predictBatch } from './prediction/batch.js';
import { type OpenForModel, openForModel } from './prediction/plan.js';
import { type Prediction, RecordPredictor } from './prediction/predict.js';
import { givenSchema } from './resolve-schema.js';
import type { Schema } from './schema/schema.js';

/** A trained model: predicts, evaluates, explains its weights, and saves itself. */
export class Model {
  #scorer: Scorer | undefined;
  #predictor: RecordPredictor | undefined;

  constructor(
    readonly state: ModelState,
    readonly environment: Environment,
    /** Measured on the data kept for it; undefined for a model that was loaded or trained without. */
    readonly evaluation?: Evaluation,
  ) {}

  get type(): ModelType {
    return this.state.target.type;
  }

  /** The classes of a MULTICLASS model, in the order of its scores. */
  get classes(): readonly string[] {
    return this.state.target.type === 'MULTICLASS' ? this.state.target.classes : [];
  }

  /** Parameters, seed, observations and the loss of each pass. */
  get training(): TrainingRecord {
    return this.state.training;
  }

  get scorer(): Scorer {
    this.#scorer ??= new Scorer(this.state, this.environment.module);
    return this.#scorer;
  }

  /**
   * Predict one observation. Attributes may be left out; the target is ignored.
   *
   * @param options.scoreThreshold P(1) from which on the answer is 1, BINARY only; default: the model's
   * @throws InvalidInput for an attribute that the schema does not have, or a value that does not fit its type
   */
  predict(record: DataRecord, options?: { readonly scoreThreshold?: number }): Prediction {
    this.#predictor ??= new RecordPredictor(this.scorer);
    return this.#predictor.predict(record, options?.scoreThreshold);
  }

  /**
   * Predict many observations: CSV text in the service's batch format, in pieces.
   *
   * @param counts added to while the data is read
   * @throws the signal's reason when it is aborted
   */
  async *predictBatch(
    data: Data,
    counts: BatchCounts = { totalRecordCount: 0, invalidRecordCount: 0 },
    signal?: AbortSignal,
  ): AsyncGenerator<string> {
    const input = await this.environment.openInput(data, signal);
    try {
      yield* predictBatch(this.scorer, await openForModel(this.state, input, 'label'), counts, { signal });
    } finally {
      await input.close();
    }
  }

  /** Measure the model on data with known targets. */
  evaluate(data: Data, options: EvaluateDataOptions = {}): Promise<Evaluation> {
    return evaluateData(this.environment, this.scorer, data, options);
  }

  /** Every weight with the text of its feature, in the units of the data; strongest first. */
  weights(): FeatureWeight[] {
    return featureWeights(this.state);
  }

  /** The bytes of the model file; the same data, recipe, parameters and seed give the same bytes. */
  encode(): Promise<Uint8Array> {
    return encodeModel(this.state);
  }

  /**
   * Write the model file, whole or not at all.
   *
   * @returns its size in bytes
   */
  async save(path: string): Promise<number> {
    const bytes = await this.encode();
    await this.environment.writeWhole(path, bytes);
    return bytes.length;
  }
}

export interface EvaluateDataOptions extends EvaluateOptions {
  /** The service's DataRearrangement, an object or its JSON text: which part of the data to evaluate on. Default: all. */
  readonly rearrangement?: object | string;
  /** The data's own schema, its JSON text, or the path of its file: names its columns. Default: the model's. */
  readonly schema?: object | string;
}

/**
 * Measure a model on data that has not been opened yet.
 *
 * @throws InvalidInput when it lacks an attribute that the model needs, or has no observation to evaluate on
 */
export async function evaluateData(
  environment: Environment,
  scorer: Scorer,
  data: Data,
  options: EvaluateDataOptions,
): Promise<Evaluation> {
  const schema = options.schema === undefined ? undefined : (await givenSchema(environment, options.schema)).schema;
  const input = await environment.openInput(data, options.signal);
  try {
    return await evaluateInput(scorer, input, options, schema);
  } finally {
    await input.close();
  }
}

/** `evaluateData`, for data whose columns are not known yet, or by its own schema. */
export async function evaluateInput(
  scorer: Scorer,
  input: Input,
  options: Omit<EvaluateDataOptions, 'schema'>,
  schema?: Schema,
): Promise<Evaluation> {
  return evaluateOpened(scorer, await openForModel(scorer.state, input, 'typed', schema), options);
}

/** `evaluateData`, for data that is open. */
export async function evaluateOpened(
  scorer: Scorer,
  { source, plan }: OpenForModel,
  options: Omit<EvaluateDataOptions, 'schema'>,
): Promise<Evaluation> {
  const trained = scorer.state.schema.attributes.map(({ attributeName }) => attributeName);
  const found = plan.map(({ name }) => name);
  const keep = await rearrangedRecords(options.rearrangement, source, { signal: options.signal });
  return evaluateSource(scorer, source, options, { alerts: schemaAlerts(trained, found), keep, isLast: true });
}
