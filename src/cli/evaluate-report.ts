import pc from 'picocolors';
import type {
  BinaryEvaluation,
  Evaluation,
  MulticlassEvaluation,
  RegressionEvaluation,
} from '../evaluation/evaluation.js';
import { shownConfusion } from '../evaluation/others.js';
import { bestCutOff, type CutOffMetrics, coarseScores, metricsAtCutOffs } from '../evaluation/score-histogram.js';
import { printable } from './printable.js';
import { line, plural, short, uprightBars } from './report-lines.js';

const CUT_OFF_ROWS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const SCORE_CELLS = 50;
const NAME_WIDTH = 14;

/**
 * The figures and alerts of an evaluation.
 *
 * @param source what the observations are: `not learned from`
 */
export function evaluationLines(evaluation: Evaluation, source: string): string {
  let text = line('evaluation', `${plural(evaluation.observationCount, 'observation')} ${source}`);
  if (evaluation.totalWeight !== evaluation.observationCount)
    text += line('', `weight ${short(evaluation.totalWeight)}`);
  for (const { label, value, note } of figures(evaluation)) {
    text += line(`  ${label}`, `${pc.bold(value.padEnd(8))} ${pc.dim(note)}`);
  }
  for (const alert of evaluation.alerts) text += line('', pc.yellow(`! ${printable(alert)}`));
  return text;
}

/** A figure for people. */
export interface ShownFigure {
  readonly label: string;
  readonly value: string;
  /** What to compare it with, or what it means; may be empty. */
  readonly note: string;
}

/** The figures of an evaluation, the main one first. */
export function figures(evaluation: Evaluation): ShownFigure[] {
  if (evaluation.type === 'BINARY') return binaryFigures(evaluation);
  return evaluation.type === 'MULTICLASS' ? multiclassFigures(evaluation) : regressionFigures(evaluation);
}

function binaryFigures(evaluation: BinaryEvaluation): ShownFigure[] {
  const { auc, baseline, logLoss, accuracy, precision, recall, f1, falsePositiveRate, scoreThreshold } = evaluation;
  return [
    {
      label: 'AUC',
      value: auc === null ? 'unknown' : auc.toFixed(4),
      note: `baseline ${baseline}${auc === null ? '' : `: ${aucInWords(auc)}`}`,
    },
    { label: 'log loss', value: logLoss.toFixed(4), note: '' },
    { label: 'accuracy', value: accuracy.toFixed(4), note: `at cut-off ${scoreThreshold}` },
    { label: 'precision', value: precision.toFixed(4), note: 'of those predicted 1' },
    { label: 'recall', value: recall.toFixed(4), note: 'of those that are 1' },
    { label: 'F1', value: f1.toFixed(4), note: '' },
    { label: 'FPR', value: falsePositiveRate.toFixed(4), note: 'of those that are 0' },
  ];
}

function multiclassFigures({ macroF1, baseline, accuracy, logLoss, classes }: MulticlassEvaluation): ShownFigure[] {
  const hardest = [...classes].filter((c) => c.trueCount > 0).sort((a, b) => a.f1 - b.f1)[0];
  return [
    {
      label: 'macro F1',
      value: macroF1.toFixed(4),
      note: `baseline ${baseline.toFixed(4)}: always the most frequent class`,
    },
    {
      label: 'accuracy',
      value: accuracy.toFixed(4),
      note: hardest ? `hardest class ${hardest.class}, F1 ${hardest.f1.toFixed(2)}` : '',
    },
    { label: 'log loss', value: logLoss.toFixed(4), note: '' },
  ];
}

function regressionFigures({ rmse, baseline, mae, r2, meanResidual }: RegressionEvaluation): ShownFigure[] {
  return [
    { label: 'RMSE', value: short(rmse), note: `baseline ${short(baseline)}: always the mean` },
    { label: 'MAE', value: short(mae), note: '' },
    { label: 'R²', value: r2 === null ? 'unknown' : r2.toFixed(4), note: '' },
    { label: 'bias', value: short(meanResidual), note: 'mean of true - predicted' },
  ];
}

/** The service's console put AUC in words in this way. */
function aucInWords(auc: number): string {
  if (auc >= 0.9) return 'extremely good';
  if (auc >= 0.8) return 'very good';
  if (auc >= 0.7) return 'good';
  return auc >= 0.6 ? 'weak' : 'hardly better than chance';
}

/** What the service's console drew: cut-offs and score histograms, the confusion matrix, or the residual histogram. */
export function detailLines(evaluation: Evaluation): string {
  if (evaluation.type === 'BINARY') return `${cutOffLines(evaluation)}\n${scoreLines(evaluation)}`;
  return evaluation.type === 'MULTICLASS' ? confusionLines(evaluation) : residualLines(evaluation);
}

function cutOffLines({ scores, scoreThreshold }: BinaryEvaluation): string {
  const all = metricsAtCutOffs(scores);
  const best = bestCutOff(scores, 'f1').cutOff;
  const wanted = new Set([...CUT_OFF_ROWS, best, scoreThreshold]);
  const row = (metrics: CutOffMetrics): string => {
    const { cutOff, accuracy, precision, recall, f1, falsePositiveRate, predictedPositiveRate } = metrics;
    const rates = [accuracy, precision, recall, f1, falsePositiveRate, predictedPositiveRate];
    const cells = rates.map((rate) => rate.toFixed(4).padStart(12)).join('');
    const notes = [...(cutOff === best ? ['highest F1'] : []), ...(cutOff === scoreThreshold ? ['now'] : [])].join(
      ', ',
    );
    return `${cutOff.toFixed(3).padStart(7)}${cells}${notes === '' ? '' : `  ${pc.cyan(`← ${notes}`)}`}`;
  };
  const heads = ['accuracy', 'precision', 'recall', 'F1', 'FPR', 'share of 1s']
    .map((head) => head.padStart(12))
    .join('');
  let text = line('cut-offs', pc.dim(`cut-off${heads}`));
  for (const metrics of all) if (wanted.has(metrics.cutOff)) text += line('', row(metrics));
  return text;
}

function scoreLines({ scores }: BinaryEvaluation): string {
  const { positives, negatives } = coarseScores(scores, SCORE_CELLS);
  const axis = `0${'0.5'.padStart(SCORE_CELLS / 2 + 1).padEnd(SCORE_CELLS - 2)}1`;
  let text = '';
  for (const [name, counts] of [
    ['scores, 1s', positives],
    ['scores, 0s', negatives],
  ] as const) {
    for (const [i, bars] of uprightBars(counts, 3).entries()) text += line(i === 0 ? name : '', pc.cyan(bars));
    text += line('', pc.dim(axis));
  }
  return text;
}

function confusionLines(evaluation: MulticlassEvaluation): string {
  const { classes, counts, trueShares, predictedShares, f1, otherCount } = shownConfusion(evaluation);
  const names = classes.map((name) => (name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name));
  const width = Math.max(7, ...names.map((name) => name.length), ...counts.flat().map((value) => short(value).length));
  const share = (value: number): string => `${(value * 100).toFixed(1)} %`.padStart(8);
  const cells = (values: readonly string[]): string => values.map((value) => value.padStart(width)).join('  ');
  const label = Math.max(9, ...names.map((name) => name.length));
  let text = line('confusion', pc.dim(`${'true'.padEnd(label)}  ${cells(names)}  ${'share'.padStart(8)}      F1`));
  for (const [i, row] of counts.entries()) {
    const marked = row.map((value, k) => {
      const cell = short(value).padStart(width);
      if (value === 0) return pc.dim(cell);
      return i === k ? pc.green(cell) : pc.red(cell);
    });
    text += line('', `${names[i].padEnd(label)}  ${marked.join('  ')}  ${share(trueShares[i])}  ${f1[i].toFixed(4)}`);
  }
  text += line(
    '',
    pc.dim(`${'predicted'.padEnd(label)}  ${cells(predictedShares.map((value) => share(value).trim()))}`),
  );
  if (otherCount > 0) text += line('', pc.dim(`others: ${otherCount} classes; --output json has all of them`));
  return text;
}

function residualLines({ residuals }: RegressionEvaluation): string {
  const { cellWidth, firstCell, counts, below, above } = residuals;
  const begin = short(firstCell * cellWidth);
  const end = short((firstCell + counts.length) * cellWidth);
  const axis = [...' '.repeat(counts.length + end.length)];
  const put = (text: string, at: number): void => [...text].forEach((letter, i) => (axis[at + i] = letter));
  if (-firstCell > begin.length && -firstCell < counts.length) put('0', -firstCell);
  put(begin, 0);
  put(end, Math.max(begin.length + 3, counts.length - end.length));
  let text = '';
  for (const [i, bars] of uprightBars(counts, 5).entries()) text += line(i === 0 ? 'residuals' : '', pc.cyan(bars));
  text += line('', pc.dim(axis.join('')));
  text += line('', pc.dim(`true - predicted, cells of ${short(cellWidth)}; right of 0 the model underestimates`));
  if (below > 0) text += line('', pc.dim(`${short(below)} further below`));
  if (above > 0) text += line('', pc.dim(`${short(above)} further above`));
  return text;
}
