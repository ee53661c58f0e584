import { Fingerprint } from '../datasource/fingerprint.js';
import { Rejections } from '../datasource/rejections.js';
import { weightRows } from '../datasource/row-weights.js';
import { everyRecord, RowSelector } from '../datasource/select.js';
import type { DataSource } from '../datasource/source.js';
import { watched } from '../datasource/watched.js';
import { InvalidInput } from '../errors.js';
import { sigmoid } from '../model/link.js';
import type { Scorer } from '../model/score.js';
import type { ModelState } from '../model/state.js';
import { TargetReader, type TargetScale } from '../model/target.js';
import { distributionAlerts, heldOutAlerts, shareAlerts, sizeAlerts } from './alerts.js';
import { RocAccumulator } from './auc.js';
import { BinaryConfusion } from './confusion.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import type { BinaryEvaluation, Evaluation, MulticlassEvaluation, RegressionEvaluation } from './evaluation.js';
import { LogLoss } from './log-loss.js';
import { ResidualCounter } from './residual-histogram.js';
import { RegressionErrors } from './rmse.js';
import { ScoreCounter } from './score-histogram.js';
import { totalWeight } from './weights.js';

export type { Evaluation } from './evaluation.js';

export interface EvaluateOptions {
  readonly signal?: AbortSignal;
  /** @param observationCount observations read so far */
  onRead?(observationCount: number): void;
}

/** What part of a source to evaluate on, and what is known of it. */
export interface SourcePart {
  /** Which records to evaluate on; default: all. */
  keep?(recordIndex: number, byteOffset: number): boolean;
  /** None of the records was learned from; otherwise the source is compared with the training data. */
  readonly heldOut?: boolean;
  /** Nobody reads the source afterwards. */
  readonly isLast?: boolean;
  /** Alerts to begin with. */
  readonly alerts?: readonly string[];
}

/** Gathers figures over blocks of scored observations. */
interface Accumulator {
  /**
   * @param margins row major; regression: predictions
   * @param targets as `TargetReader.read` gives them
   * @param weights one per observation; undefined: 1 each
   */
  add(margins: Float64Array, targets: Float64Array, weights: Float64Array | undefined): void;
  finish(base: Base): Evaluation;
}
type Base = Pick<Evaluation, 'observationCount' | 'totalWeight' | 'rejectedCount' | 'alerts'>;

/**
 * Score the observations of a data source and compare the answers with their targets. Observations count by the row
 * weights, if the model's schema names an attribute for them and the source reads it.
 *
 * @throws InvalidInput when there is no observation with a valid target, or none has a weight above 0
 */
export async function evaluateSource(
  scorer: Scorer,
  source: DataSource,
  options: EvaluateOptions = {},
  part: SourcePart = {},
): Promise<Evaluation> {
  const { state } = scorer;
  const rejections = new Rejections();
  const selector = new RowSelector(state.targetAttributeName, part.keep ?? everyRecord, rejections);
  const reader = new TargetReader(state.targetAttributeName, state.target);
  const fingerprint = new Fingerprint(state.targetAttributeName);
  const accumulator = openAccumulator(state, reader);
  let observationCount = 0;
  let weightSum = 0;
  for await (const block of watched(source, { ...options, last: part.isLast })) {
    const selected = selector.select(block);
    const { rows, weights } = weightRows(block, selected, state.schema.rowWeight, rejections);
    fingerprint.add(block);
    observationCount += rows.length;
    weightSum += totalWeight(weights, rows.length);
    accumulator.add(scorer.margins(block, rows), reader.read(block, rows), weights);
  }
  if (observationCount === 0 || weightSum === 0) throw nothingToEvaluate(source, state, observationCount);
  const trained = state.training;
  const same = part.heldOut !== true && trained.dataFingerprint === fingerprint.toString();
  const alerts = [
    ...(part.alerts ?? []),
    ...(same ? heldOutAlerts(trained.observationCount, observationCount) : []),
    ...sizeAlerts(observationCount, rejections.count, trained.observationCount),
  ];
  return accumulator.finish({
    observationCount,
    totalWeight: weightSum,
    rejectedCount: rejections.count,
    alerts,
  });
}

function nothingToEvaluate(source: DataSource, state: ModelState, observationCount: number): InvalidInput {
  const { targetAttributeName, schema } = state;
  if (observationCount > 0) {
    return new InvalidInput(`${source.name}: the weight of all ${observationCount} observations is 0`, {
      hint: `give some of them a '${schema.rowWeight}' above 0`,
    });
  }
  const weighted = schema.rowWeight === null ? '' : ` and a valid '${schema.rowWeight}'`;
  return new InvalidInput(`${source.name}: no observation to evaluate on`, {
    hint: `each needs a valid value for the target '${targetAttributeName}'${weighted}`,
  });
}

function openAccumulator(state: ModelState, reader: TargetReader): Accumulator {
  const { target } = state;
  if (target.type === 'BINARY') return binaryAccumulator(target, state.scoreThreshold);
  if (target.type === 'MULTICLASS') return multiclassAccumulator(target, reader);
  return regressionAccumulator(target);
}

type Scale<Type> = TargetScale & { type: Type };

function binaryAccumulator({ positiveShare }: Scale<'BINARY'>, scoreThreshold: number): Accumulator {
  const roc = new RocAccumulator();
  const logLoss = new LogLoss();
  const confusion = new BinaryConfusion(scoreThreshold);
  const scores = new ScoreCounter();
  return {
    add(margins, targets, weights) {
      const labels = new Uint8Array(targets);
      const probabilities = margins.map(sigmoid);
      roc.add(margins, labels, weights);
      logLoss.addBinary(margins, labels, weights);
      confusion.add(probabilities, labels, weights);
      scores.add(probabilities, labels, weights);
    },
    finish(base): BinaryEvaluation {
      const metrics = confusion.metrics();
      const positives = metrics.truePositives + metrics.falseNegatives;
      const shares = [{ name: '1', trained: positiveShare, evaluated: positives / base.totalWeight }];
      const { area, curve } = roc.finish();
      return {
        type: 'BINARY',
        ...base,
        alerts: [...base.alerts, ...shareAlerts(shares, base.observationCount)],
        auc: area,
        baseline: 0.5,
        logLoss: logLoss.mean,
        scoreThreshold,
        ...metrics,
        scores: scores.finish(),
        roc: curve,
      };
    },
  };
}

function multiclassAccumulator({ classes, shares }: Scale<'MULTICLASS'>, reader: TargetReader): Accumulator {
  const matrix = new ConfusionMatrix(classes.length);
  const logLoss = new LogLoss();
  return {
    add(margins, targets, weights) {
      matrix.addMargins(margins, targets, weights);
      logLoss.addMulticlass(margins, targets, classes.length, weights);
    },
    finish(base): MulticlassEvaluation {
      const names = reader.classes;
      const metrics = matrix.classes().map((counts, k) => ({ class: names[k], ...counts }));
      const compared = metrics.map((counts, k) => ({
        name: counts.class,
        trained: shares[k] ?? 0,
        evaluated: counts.trueCount / base.totalWeight,
      }));
      return {
        type: 'MULTICLASS',
        ...base,
        alerts: [...base.alerts, ...shareAlerts(compared, base.observationCount)],
        macroF1: matrix.macroAverageF1,
        baseline: matrix.baselineMacroF1(shares.indexOf(Math.max(...shares))),
        logLoss: logLoss.mean,
        accuracy: matrix.accuracy,
        classes: metrics,
        confusion: matrix.toArrays(),
      };
    },
  };
}

function regressionAccumulator(target: Scale<'REGRESSION'>): Accumulator {
  const errors = new RegressionErrors();
  const residuals = new ResidualCounter(target.standardDeviation);
  return {
    add(predictions, targets, weights) {
      errors.add(predictions, targets, weights);
      residuals.add(predictions, targets, weights);
    },
    finish(base): RegressionEvaluation {
      const evaluated = { mean: errors.targetMean, standardDeviation: errors.targetStandardDeviation };
      return {
        type: 'REGRESSION',
        ...base,
        alerts: [...base.alerts, ...distributionAlerts(target, evaluated, base.observationCount)],
        rmse: errors.rmse,
        baseline: errors.baselineRmse(target.mean),
        logLoss: null,
        mae: errors.mae,
        r2: errors.r2,
        meanResidual: errors.meanResidual,
        residuals: residuals.finish(),
      };
    },
  };
}
