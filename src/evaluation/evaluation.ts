import type { RocCurve } from './auc.js';
import type { BinaryMetrics } from './confusion.js';
import type { ClassCounts } from './confusion-matrix.js';
import type { ResidualHistogram } from './residual-histogram.js';
import type { ScoreHistogram } from './score-histogram.js';

/** What every evaluation says. Where the data has row weights, all figures are weighted and counts are sums of weights. */
interface EvaluationBase {
  /** Observations that were scored. */
  readonly observationCount: number;
  /** Observations without a valid target, or that could not be read. */
  readonly rejectedCount: number;
  /** Sum of the row weights; equal to `observationCount` without them. */
  readonly totalWeight: number;
  /** What a person should know before trusting the figures. */
  readonly alerts: readonly string[];
}

export interface BinaryEvaluation extends EvaluationBase, BinaryMetrics {
  readonly type: 'BINARY';
  /** Area under the ROC curve, ties counted one half; null when only one of the two answers occurs. */
  readonly auc: number | null;
  /** AUC of a model that knows nothing: 0.5. */
  readonly baseline: number;
  /** Mean, nats. */
  readonly logLoss: number;
  /** P(1) from which on the answer is 1. */
  readonly scoreThreshold: number;
  /** Observations by score and true label, from which the figures at every cut-off follow: see `metricsAtCutOffs`. */
  readonly scores: ScoreHistogram;
  readonly roc: RocCurve;
}

export interface ClassMetrics extends ClassCounts {
  readonly class: string;
}

export interface MulticlassEvaluation extends EvaluationBase {
  readonly type: 'MULTICLASS';
  /** Unweighted mean of F1 over the classes of the evaluation data. */
  readonly macroF1: number;
  /** Macro-average F1 of always answering the most frequent training class. */
  readonly baseline: number;
  /** Mean, nats. */
  readonly logLoss: number;
  readonly accuracy: number;
  /** The model's classes, then those of the evaluation data that it has never seen. */
  readonly classes: readonly ClassMetrics[];
  /** Counts; rows are true classes, columns predicted ones, in the order of `classes`. */
  readonly confusion: readonly (readonly number[])[];
}

export interface RegressionEvaluation extends EvaluationBase {
  readonly type: 'REGRESSION';
  /** Root mean squared error, in the target's unit. */
  readonly rmse: number;
  /** RMSE of always answering the mean of the training targets. */
  readonly baseline: number;
  readonly logLoss: null;
  /** Mean absolute error, in the target's unit. */
  readonly mae: number;
  /** 1 - squared error / squared deviation from the mean; null for a constant target. */
  readonly r2: number | null;
  /** Residual = true - predicted: positive where the model underestimates. */
  readonly meanResidual: number;
  readonly residuals: ResidualHistogram;
}

export type Evaluation = BinaryEvaluation | MulticlassEvaluation | RegressionEvaluation;

/** The figure that the service reports, spelt as it spells it. */
export function performanceMetrics(evaluation: Evaluation): Record<string, string> {
  if (evaluation.type === 'BINARY') return evaluation.auc === null ? {} : { BinaryAUC: String(evaluation.auc) };
  if (evaluation.type === 'MULTICLASS') return { MulticlassAvgFScore: String(evaluation.macroF1) };
  return { RegressionRMSE: String(evaluation.rmse) };
}
