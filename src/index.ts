export type { ColumnBlock, RecordIssue } from './datasource/block.js';
export type { DataRecord } from './datasource/records.js';
export type { Data } from './environment.js';
export { InvalidInput } from './errors.js';
export type { EvaluateOptions } from './evaluation/evaluate.js';
export type {
  BinaryEvaluation,
  ClassMetrics,
  Evaluation,
  MulticlassEvaluation,
  RegressionEvaluation,
} from './evaluation/evaluation.js';
export type { PassProgress, TrainingRecord } from './model/state.js';
export type { ModelType } from './model/types.js';
export type { FeatureWeight } from './model/weights.js';
export type { Model } from './model.js';
export type { BatchCounts } from './prediction/batch.js';
export type { Prediction } from './prediction/predict.js';
export type { Attribute, AttributeType, Schema } from './schema/schema.js';
export type { TrainModelOptions } from './train-model.js';
export type { Parameters } from './training/options.js';
export type { Progress } from './training/progress.js';
export { VERSION } from './version.js';
