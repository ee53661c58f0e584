import { BlockBuilder, type DataRecord, rowsOfRecords } from '../datasource/records.js';
import { InvalidInput } from '../errors.js';
import { applyLink } from '../model/link.js';
import type { Scorer } from '../model/score.js';
import type { ModelType } from '../model/types.js';
import { suggest } from '../suggest.js';
import { scoringPlan } from './plan.js';

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

/**
 * Predict one observation. Attributes may be left out; the target and the row id are ignored.
 *
 * @throws InvalidInput for an attribute that the schema does not have, or a value that does not fit its type
 */
export function predictRecord(scorer: Scorer, record: DataRecord): Prediction {
  const { state } = scorer;
  checkNames(
    record,
    state.schema.attributes.map(({ attributeName }) => attributeName),
  );
  const plan = scoringPlan(state, 'skip').filter(({ kind }) => kind !== 'skip');
  const block = new BlockBuilder(plan, 'record').build(rowsOfRecords([record]), 0, 1);
  for (const { attribute, text, reason } of block.issues) {
    throw new InvalidInput(`attribute '${attribute}': '${text}' is ${reason}`, { hint: 'correct it or leave it out' });
  }
  const values = scorer.margins(block, Uint32Array.of(0));
  applyLink(state.target.type, values, 0, state.outputs);
  const details = { Algorithm: 'SGD', PredictiveModelType: state.target.type } as const;
  const scores = Array.from(values, single);
  if (state.target.type === 'REGRESSION') return { details, predictedValue: scores[0] };
  if (state.target.type === 'BINARY') {
    const predictedLabel = values[0] >= state.scoreThreshold ? '1' : '0';
    return { details, predictedLabel, predictedScores: { [predictedLabel]: scores[0] } };
  }
  const { classes } = state.target;
  return {
    details,
    predictedLabel: classes[values.indexOf(Math.max(...values))],
    predictedScores: Object.fromEntries(classes.map((name, k) => [name, scores[k]])),
  };
}

const LARGEST_SINGLE = 3.4028234663852886e38;

/** In single precision, as the service answers; never infinite. */
function single(value: number): number {
  return Math.fround(Math.max(-LARGEST_SINGLE, Math.min(LARGEST_SINGLE, value)));
}

function checkNames(record: DataRecord, names: readonly string[]): void {
  for (const name of Object.keys(record)) {
    if (names.includes(name)) continue;
    const close = suggest(name, names);
    throw new InvalidInput(`the model has no attribute '${name}'`, {
      hint: `${close ? `did you mean '${close}'? ` : ''}Attributes: ${names.join(', ')}`,
    });
  }
}
