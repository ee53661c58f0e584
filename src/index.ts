export type {
  CrossValidateOptions,
  CrossValidation,
  CrossValidationProgress,
  FoldResult,
} from './cross-validate.js';
export type { ColumnBlock, RecordIssue } from './datasource/block.js';
export { parseRearrangement } from './datasource/rearrangement.js';
export type { DataRecord } from './datasource/records.js';
export type { Split } from './datasource/split.js';
export type { DataDescription, DescribeDataOptions } from './describe-data.js';
export type {
  DescribeRecipeOptions,
  RecipeDescription,
  RecipeOutput,
} from './describe-recipe.js';
export type { Data } from './environment.js';
export { InvalidInput } from './errors.js';
export type { RocCurve } from './evaluation/auc.js';
export type { EvaluateOptions } from './evaluation/evaluate.js';
export type {
  BinaryEvaluation,
  ClassMetrics,
  Evaluation,
  MulticlassEvaluation,
  RegressionEvaluation,
} from './evaluation/evaluation.js';
export type { FigureName, Spread } from './evaluation/figures.js';
export type { ResidualHistogram } from './evaluation/residual-histogram.js';
export {
  bestCutOff,
  type CutOffMetrics,
  metricsAt,
  metricsAtCutOffs,
  type ScoreHistogram,
} from './evaluation/score-histogram.js';
export type { PassProgress, TrainingRecord } from './model/state.js';
export type { ModelType } from './model/types.js';
export type { FeatureWeight } from './model/weights.js';
export type { EvaluateDataOptions, Model } from './model.js';
export type { BatchCounts } from './prediction/batch.js';
export type { Prediction } from './prediction/predict.js';
export type { InferredSchema } from './resolve-schema.js';
export type { InferenceReason } from './schema/infer.js';
export type { Attribute, AttributeType, Schema } from './schema/schema.js';
export type { TrainModelOptions } from './train-model.js';
export type { Parameters } from './training/options.js';
export type { Progress } from './training/progress.js';
export { VERSION } from './version.js';
