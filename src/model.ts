import type { DataRecord } from './datasource/records.js';
import type { Data, Environment } from './environment.js';
import { type EvaluateOptions, type Evaluation, evaluateSource } from './evaluation/evaluate.js';
import { encodeModel } from './model/file.js';
import { Scorer } from './model/score.js';
import type { ModelState, TrainingRecord } from './model/state.js';
import type { ModelType } from './model/types.js';
import { type FeatureWeight, featureWeights } from './model/weights.js';
import { type BatchCounts, predictBatch } from './prediction/batch.js';
import { openForModel } from './prediction/plan.js';
import { type Prediction, predictRecord } from './prediction/predict.js';

/** A trained model: predicts, evaluates, explains its weights, and saves itself. */
export class Model {
  #scorer: Scorer | undefined;

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
    this.#scorer ??= new Scorer(this.state, this.environment.modules);
    return this.#scorer;
  }

  /**
   * Predict one observation. Attributes may be left out; the target is ignored.
   *
   * @throws InvalidInput for an attribute that the schema does not have, or a value that does not fit its type
   */
  predict(record: DataRecord): Prediction {
    return predictRecord(this.scorer, record);
  }

  /**
   * Predict many observations: CSV text in the service's batch format, in pieces.
   *
   * @param counts added to while the data is read
   */
  async *predictBatch(
    data: Data,
    counts: BatchCounts = { totalRecordCount: 0, invalidRecordCount: 0 },
  ): AsyncGenerator<string> {
    const input = await this.environment.openInput(data);
    try {
      const { source, plan } = await openForModel(this.state, input, 'label');
      yield* predictBatch(this.scorer, source, plan, counts);
    } finally {
      await input.close();
    }
  }

  /** Measure the model on data with known targets. */
  async evaluate(data: Data, options: EvaluateOptions = {}): Promise<Evaluation> {
    const input = await this.environment.openInput(data);
    try {
      const { source } = await openForModel(this.state, input, 'typed');
      return await evaluateSource(this.scorer, source, options);
    } finally {
      await input.close();
    }
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
