import pc from 'picocolors';
import { formatCount } from '../format-count.js';
import type { PassProgress, PriorChoice } from '../model/state.js';
import type { Model } from '../model.js';
import { bar, line, plural, reportWidth } from './report-lines.js';

/** Passes up to which all are shown; of more, the first and the last ones. */
const MOST_SHOWN = 14;
const SHOWN_OF_MANY = 6;
/** Columns of the terminal from which on there is room for a bar. */
const WIDTH_WITH_BAR = 98;

interface Column {
  readonly title: string;
  readonly width: number;
  /** undefined: nothing to show. */
  cell(progress: PassProgress): string | undefined;
}

/**
 * The passes of a training as a table.
 *
 * @param rowsPerSecond by pass, as far as known
 */
export function passLines(model: Model, rowsPerSecond: ReadonlyMap<number, number>): string {
  const { passes, heldOutCount, stoppedEarly, parameters, prior } = model.training;
  const shown =
    passes.length <= MOST_SHOWN ? passes : [...passes.slice(0, SHOWN_OF_MANY), ...passes.slice(-SHOWN_OF_MANY)];
  const columns = COLUMNS(rowsPerSecond).filter(({ cell }) => passes.some((progress) => cell(progress) !== undefined));
  const largest = Math.max(...passes.map(({ loss }) => loss));
  const withBar = reportWidth() >= WIDTH_WITH_BAR;
  let text = line('training', pc.dim(columns.map(({ title, width }) => title.padStart(width)).join('')));
  for (const [i, progress] of shown.entries()) {
    if (i > 0 && progress.pass > shown[i - 1].pass + 1) text += line('', pc.dim('…'.padStart(4)));
    const cells = columns.map(({ cell, width }) => (cell(progress) ?? '').padStart(width)).join('');
    text += line('', withBar ? `${cells}  ${pc.cyan(bar(progress.loss / largest))}` : cells);
  }
  if (passes.some(({ suboptimality }) => suboptimality !== undefined)) {
    text += line('', pc.dim('excess: estimate of the distance to the optimum; 1 is a model that always says the same'));
  }
  if (heldOutCount !== undefined) text += line('', pc.dim(heldOutText(passes, heldOutCount)));
  if (stoppedEarly === true) {
    const most = parameters['sgd.maxPasses'];
    text += line('', pc.dim(`the optimum was reached after ${passes.length} of at most ${most} passes`));
  }
  return text + (prior === undefined ? '' : priorLines(prior));
}

const COLUMNS = (rowsPerSecond: ReadonlyMap<number, number>): readonly Column[] => [
  { title: 'pass', width: 5, cell: ({ pass }) => String(pass) },
  { title: 'stage', width: 7, cell: ({ stage }) => (stage === undefined ? undefined : String(stage)) },
  { title: 'loss', width: 10, cell: ({ loss }) => loss.toFixed(5) },
  { title: 'held-out', width: 10, cell: ({ heldOutLoss }) => heldOutLoss?.toFixed(5) },
  { title: 'gradient', width: 10, cell: ({ gradientNorm }) => gradientNorm?.toExponential(0) },
  { title: 'excess', width: 8, cell: ({ suboptimality }) => suboptimality?.toExponential(0) },
  { title: 'rows/s', width: 12, cell: ({ pass }) => rounded(rowsPerSecond.get(pass)) },
];

/** `12,300,000`, with three significant digits. */
const rounded = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : formatCount(Number(value.toPrecision(3)));

function heldOutText(passes: readonly PassProgress[], heldOutCount: number): string {
  const text = `held-out: loss on ${plural(heldOutCount, 'observation')} not learned from`;
  const known = passes.filter(({ heldOutLoss }) => heldOutLoss !== undefined);
  const best = known.reduce((least, progress) => (progress.heldOutLoss! < least.heldOutLoss! ? progress : least));
  const last = known[known.length - 1];
  if (best.heldOutLoss! > 0.999 * last.heldOutLoss!) return text;
  return `${text}; it was lowest after pass ${best.pass}`;
}

function priorLines({ chosen, trials, heldOutCount }: PriorChoice): string {
  if (trials.length === 0) {
    return line('prior', `${chosen} ${pc.dim('(enough observations per feature: others were not tried)')}`);
  }
  const losses = trials.map(({ prior, heldOutLoss }) => `${prior}: ${heldOutLoss.toFixed(4)}`).join('  ');
  return line('prior', `${chosen} ${pc.dim(`by the loss on ${plural(heldOutCount, 'observation')}: ${losses}`)}`);
}
