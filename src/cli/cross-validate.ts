import pc from 'picocolors';
import type { CrossValidation, FoldResult } from '../cross-validate.js';
import { performanceMetrics } from '../evaluation/evaluation.js';
import { type FigureName, figuresOf } from '../evaluation/figures.js';
import { formatCount } from '../format-count.js';
import { crossValidate } from '../node.js';
import type { CrossValidateFlags } from './cross-validate-command.js';
import { progressDisplay } from './progress.js';
import { line, plural, short } from './report-lines.js';
import { interruptSignal } from './run.js';
import { trainingOptions } from './training-flags.js';

const CELL_WIDTH = 11;
const LABELS: Readonly<Record<FigureName, string>> = {
  auc: 'AUC',
  logLoss: 'log loss',
  accuracy: 'accuracy',
  precision: 'precision',
  recall: 'recall',
  f1: 'F1',
  falsePositiveRate: 'FPR',
  macroF1: 'macro F1',
  rmse: 'RMSE',
  mae: 'MAE',
  r2: 'R²',
  baseline: 'baseline',
};

/** `cross-validate FILE`. */
export async function crossValidateFile(file: string, flags: CrossValidateFlags): Promise<void> {
  const began = performance.now();
  const display = progressDisplay(flags.progress);
  const print = (text: string): void => {
    display.clear();
    if (flags.output === 'report') process.stdout.write(text);
  };
  const result = await crossValidate({
    ...trainingOptions(file, flags),
    folds: Number(flags.folds),
    strategy: flags.strategy,
    signal: interruptSignal(),
    onProgress(progress) {
      if (progress.event !== 'fold') {
        display.onProgress(progress);
        return;
      }
      const { fold } = progress;
      if (flags.progress === 'json') process.stderr.write(`${JSON.stringify({ event: 'fold', ...foldJson(fold) })}\n`);
      print(`${fold.fold === 1 ? head(file, fold, flags) : ''}${foldLine(fold)}`);
    },
  }).finally(display.clear);
  const elapsedMs = Math.round(performance.now() - began);
  if (flags.output === 'json') process.stdout.write(`${JSON.stringify(jsonResult(result, elapsedMs), null, 4)}\n`);
  else process.stdout.write(summary(result, elapsedMs));
}

function head(file: string, { evaluation }: FoldResult, flags: CrossValidateFlags): string {
  const names = Object.keys(figuresOf(evaluation)) as FigureName[];
  const labels = names.map((name) => LABELS[name].padStart(CELL_WIDTH)).join('');
  const how = flags.strategy === 'random' ? `random, seed '${flags.seed}'` : 'in file order';
  return (
    `\n${pc.bold(file === '-' ? 'standard input' : file)}\n\n` +
    line('folds', `${flags.folds} ${pc.dim(`(${how}); each is evaluated by a model that learned from the others`)}`) +
    `\n${line('fold', pc.dim(`${'learned from'.padStart(12)}${'evaluated'.padStart(CELL_WIDTH)}${labels}`))}`
  );
}

function foldLine({ fold, trainingCount, evaluation }: FoldResult): string {
  const cells = Object.values(figuresOf(evaluation)).map(cell).join('');
  return line(
    String(fold).padStart(4),
    `${formatCount(trainingCount).padStart(12)}${formatCount(evaluation.observationCount).padStart(CELL_WIDTH)}${cells}`,
  );
}

/** Shares with four decimals, amounts with four significant digits. */
const cell = (value: number | null): string =>
  (value === null ? '' : Math.abs(value) < 10 ? value.toFixed(4) : short(value)).padStart(CELL_WIDTH);

function summary({ figures, observationCount, folds }: CrossValidation, elapsedMs: number): string {
  const spreads = Object.values(figures);
  const alerts = [...new Set(folds.flatMap(({ evaluation }) => evaluation.alerts))];
  const indent = ' '.repeat(12);
  return (
    line(
      'mean',
      `${indent}${formatCount(observationCount).padStart(CELL_WIDTH)}${pc.bold(spreads.map(({ mean }) => cell(mean)).join(''))}`,
    ) +
    line(
      'spread',
      `${indent}${' '.repeat(CELL_WIDTH)}${spreads.map((spread) => cell(spread.standardDeviation)).join('')}  ${pc.dim('standard deviation')}`,
    ) +
    alerts.map((alert) => line('', pc.yellow(`! ${alert}`))).join('') +
    `\n${line('elapsed', `${(elapsedMs / 1000).toFixed(2)} s ${pc.dim(`for ${plural(folds.length, 'model')}`)}`)}\n`
  );
}

function foldJson({ fold, trainingCount, evaluation }: FoldResult): object {
  return {
    Fold: fold,
    ObservationCount: { Training: trainingCount, Evaluation: evaluation.observationCount },
    PerformanceMetrics: { Properties: performanceMetrics(evaluation) },
    Figures: figuresOf(evaluation),
    Alerts: evaluation.alerts,
  };
}

function jsonResult(
  { type, strategy, seed, observationCount, folds, figures }: CrossValidation,
  elapsedMs: number,
): object {
  const spreads = Object.entries(figures);
  return {
    MLModelType: type,
    FoldCount: folds.length,
    Strategy: strategy,
    Seed: seed,
    ObservationCount: observationCount,
    Mean: Object.fromEntries(spreads.map(([name, { mean }]) => [name, mean])),
    StandardDeviation: Object.fromEntries(spreads.map(([name, spread]) => [name, spread.standardDeviation])),
    Folds: folds.map(foldJson),
    ElapsedMs: elapsedMs,
  };
}
