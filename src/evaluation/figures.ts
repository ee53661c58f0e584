import type { Evaluation } from './evaluation.js';

/** The figures of an evaluation that can be averaged over several; each model type has some of them, the main one first. */
const FIGURES = {
  BINARY: ['auc', 'logLoss', 'accuracy', 'precision', 'recall', 'f1', 'falsePositiveRate'],
  MULTICLASS: ['macroF1', 'accuracy', 'logLoss', 'baseline'],
  REGRESSION: ['rmse', 'mae', 'r2', 'baseline'],
} as const;

export type FigureName = (typeof FIGURES)[keyof typeof FIGURES][number];

/** The figures of an evaluation by name; those that it could not have (AUC of one class only) are absent. */
export function figuresOf(evaluation: Evaluation): Partial<Record<FigureName, number>> {
  const values = evaluation as unknown as Record<FigureName, number | null>;
  const known = FIGURES[evaluation.type].filter((name) => values[name] !== null);
  return Object.fromEntries(known.map((name) => [name, values[name]]));
}

/** Mean of a figure over several evaluations, and how far they lie apart. */
export interface Spread {
  readonly mean: number;
  /** Of the sample (n - 1); null where only one evaluation has the figure. */
  readonly standardDeviation: number | null;
  /** Evaluations that have the figure. */
  readonly count: number;
}

/** Mean and standard deviation of each figure. */
export function spreadOf(
  evaluations: readonly Partial<Record<FigureName, number>>[],
): Partial<Record<FigureName, Spread>> {
  const names = [...new Set(evaluations.flatMap((figures) => Object.keys(figures) as FigureName[]))];
  const spreads = names.map((name): [FigureName, Spread] => {
    const values = evaluations.map((figures) => figures[name]).filter((value) => value !== undefined);
    const count = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return [name, { mean, standardDeviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null, count }];
  });
  return Object.fromEntries(spreads);
}
