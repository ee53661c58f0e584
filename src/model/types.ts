/** What a model predicts: P(1), one probability per class, or a number. */
export const MODEL_TYPES = ['BINARY', 'MULTICLASS', 'REGRESSION'] as const;
export type ModelType = (typeof MODEL_TYPES)[number];
