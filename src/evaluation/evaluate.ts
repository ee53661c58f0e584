import { Rejections } from '../datasource/rejections.js';
import { RowSelector } from '../datasource/select.js';
import type { DataSource } from '../datasource/source.js';
import { watched } from '../datasource/watched.js';
import { InvalidInput } from '../errors.js';
import { sigmoid } from '../model/link.js';
import type { Scorer } from '../model/score.js';
import type { ModelState } from '../model/state.js';
import { TargetReader, type TargetScale } from '../model/target.js';
import { shareAlerts, sizeAlerts } from './alerts.js';
import { RocAccumulator } from './auc.js';
import { BinaryConfusion } from './confusion.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import type { BinaryEvaluation, Evaluation, MulticlassEvaluation, RegressionEvaluation } from './evaluation.js';
import { LogLoss } from './log-loss.js';
import { RegressionErrors } from './rmse.js';

export type { Evaluation } from './evaluation.js';

export interface EvaluateOptions {
  readonly signal?: AbortSignal;
  /** @param observationCount observations read so far */
  onRead?(observationCount: number): void;
}

/** Gathers figures over blocks of scored observations. */
interface Accumulator {
  /**
   * @param margins row major; regression: predictions
   * @param targets as `TargetReader.read` gives them
   */
  add(margins: Float64Array, targets: Float64Array): void;
  finish(base: Base): Evaluation;
}
type Base = Pick<Evaluation, 'observationCount' | 'rejectedCount' | 'alerts'>;

/**
 * Score the observations of a data source and compare the answers with their targets.
 *
 * @param keep which records to evaluate on
 * @throws InvalidInput when there is no observation with a valid target
 */
export async function evaluateSource(
  scorer: Scorer,
  source: DataSource,
  options: EvaluateOptions = {},
  keep: (recordIndex: number, byteOffset: number) => boolean = () => true,
): Promise<Evaluation> {
  const { state } = scorer;
  const rejections = new Rejections();
  const selector = new RowSelector(state.targetAttributeName, keep, rejections);
  const reader = new TargetReader(state.targetAttributeName, state.target);
  const accumulator = openAccumulator(state, reader);
  let observationCount = 0;
  for await (const block of watched(source, options)) {
    const rows = selector.select(block);
    observationCount += rows.length;
    accumulator.add(scorer.margins(block, rows), reader.read(block, rows));
  }
  if (observationCount === 0) {
    throw new InvalidInput(`${source.name}: no observation to evaluate on`, {
      hint: `each needs a valid value for the target '${state.targetAttributeName}'`,
    });
  }
  const rejectedCount = rejections.count;
  const alerts = sizeAlerts(observationCount, rejectedCount, state.training.observationCount);
  return accumulator.finish({ observationCount, rejectedCount, alerts });
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
  return {
    add(margins, targets) {
      const labels = Uint8Array.from(targets);
      roc.add(margins, labels);
      logLoss.addBinary(margins, labels);
      confusion.add(margins.map(sigmoid), labels);
    },
    finish(base): BinaryEvaluation {
      const metrics = confusion.metrics();
      const positives = metrics.truePositives + metrics.falseNegatives;
      const shares = [{ name: '1', trained: positiveShare, evaluated: positives / base.observationCount }];
      return {
        type: 'BINARY',
        ...base,
        alerts: [...base.alerts, ...shareAlerts(shares)],
        auc: roc.areaUnderRoc(),
        baseline: 0.5,
        logLoss: logLoss.mean,
        scoreThreshold,
        ...metrics,
      };
    },
  };
}

function multiclassAccumulator({ classes, shares }: Scale<'MULTICLASS'>, reader: TargetReader): Accumulator {
  const matrix = new ConfusionMatrix(classes.length);
  const logLoss = new LogLoss();
  return {
    add(margins, targets) {
      matrix.addMargins(margins, targets);
      logLoss.addMulticlass(margins, targets, classes.length);
    },
    finish(base): MulticlassEvaluation {
      const names = reader.classes;
      const metrics = matrix.classes().map((counts, k) => ({ class: names[k], ...counts }));
      const compared = metrics.map((counts, k) => ({
        name: counts.class,
        trained: shares[k] ?? 0,
        evaluated: counts.trueCount / base.observationCount,
      }));
      return {
        type: 'MULTICLASS',
        ...base,
        alerts: [...base.alerts, ...shareAlerts(compared)],
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

function regressionAccumulator({ mean }: Scale<'REGRESSION'>): Accumulator {
  const errors = new RegressionErrors();
  return {
    add: (predictions, targets) => errors.add(predictions, targets),
    finish: (base): RegressionEvaluation => ({
      type: 'REGRESSION',
      ...base,
      rmse: errors.rmse,
      baseline: errors.baselineRmse(mean),
      logLoss: null,
      mae: errors.mae,
      r2: errors.r2,
    }),
  };
}
