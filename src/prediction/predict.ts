import type { DataRecord } from '../datasource/records.js';
import { applyLink } from '../model/link.js';
import type { Scorer } from '../model/score.js';
import type { ModelType } from '../model/types.js';
import { scoringPlan } from './plan.js';
import { RecordBlock } from './record-block.js';

/** The answer for one observation, as the service's `Predict` operation spells it. */
export interface Prediction {
  readonly details: { readonly Algorithm: 'SGD'; readonly PredictiveModelType: ModelType };
  /** BINARY: '1' when P(1) >= the score threshold, else '0'; MULTICLASS: the class with the highest score. */
  readonly predictedLabel?: string;
  /** BINARY: one entry, keyed by the predicted label, whose value is P(1); MULTICLASS: P of every class. */
  readonly predictedScores?: Readonly<Record<string, number>>;
  /** REGRESSION. */
  readonly predictedValue?: number;
}

/** Predicts one observation after another; what does not change from call to call is made once. */
export class RecordPredictor {
  readonly #record: RecordBlock;
  readonly #details: Prediction['details'];

  constructor(readonly scorer: Scorer) {
    this.#record = new RecordBlock(scoringPlan(scorer.state));
    this.#details = { Algorithm: 'SGD', PredictiveModelType: scorer.state.target.type };
  }

  /**
   * Predict one observation. Attributes may be left out; the target and the row id are ignored.
   *
   * @param scoreThreshold P(1) from which on the answer is 1; BINARY only
   * @throws InvalidInput for an attribute that the schema does not have, or a value that does not fit its type
   */
  predict(record: DataRecord, scoreThreshold = this.scorer.state.scoreThreshold): Prediction {
    this.#record.fill(record);
    const { target, outputs } = this.scorer.state;
    const values = this.scorer.margins(this.#record.block, FIRST_ROW);
    applyLink(target.type, values, 0, outputs);
    const details = this.#details;
    if (target.type === 'REGRESSION') return { details, predictedValue: single(values[0]) };
    if (target.type === 'BINARY') {
      const predictedLabel = values[0] >= scoreThreshold ? '1' : '0';
      return { details, predictedLabel, predictedScores: { [predictedLabel]: single(values[0]) } };
    }
    const { classes } = target;
    return {
      details,
      predictedLabel: classes[values.indexOf(Math.max(...values))],
      predictedScores: Object.fromEntries(classes.map((name, k) => [name, single(values[k])])),
    };
  }
}

const FIRST_ROW = Uint32Array.of(0);
const LARGEST_SINGLE = 3.4028234663852886e38;

/** In single precision, as the service answers; never infinite. */
function single(value: number): number {
  return Math.fround(Math.max(-LARGEST_SINGLE, Math.min(LARGEST_SINGLE, value)));
}
