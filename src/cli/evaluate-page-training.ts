import { formatCount } from '../format-count.js';
import type { PassProgress } from '../model/state.js';
import type { Model } from '../model.js';
import type { Plotter } from '../page/plot.js';
import { plural } from './report-lines.js';

/** Passes up to which each is a dot. */
const DOTTED_PASSES = 60;
const COLORS = {
  'training loss': 'var(--series-1)',
  'held-out loss': 'var(--series-2)',
  'distance to the optimum, estimate': 'var(--series-3)',
  'gradient norm': 'var(--series-5)',
} as const;
type Series = keyof typeof COLORS;

interface Point {
  readonly pass: number;
  readonly value: number;
  readonly series: Series;
}

/** Learning curves: losses per pass and stage, and how near the optimum is. */
export function trainingPanel(model: Model, plot: Plotter): string {
  const { observationCount, passes, heldOutCount, stoppedEarly, parameters } = model.training;
  const early =
    stoppedEarly === true
      ? ` The optimum was reached after ${passes.length} of at most ${formatCount(Number(parameters['sgd.maxPasses']))} passes.`
      : '';
  const held =
    heldOutCount === undefined
      ? ''
      : ` The held-out loss is that of the model as it would be if training ended there, on
${plural(heldOutCount, 'observation')} that it does not learn from.`;
  return `
<section class="panel">
<h2>Training</h2>
<p class="muted">Mean loss of each pass over ${formatCount(observationCount)} observations; in stage 1, stochastic gradient descent, each is scored
before the model learns from it.${held}${early}</p>
<figure>${chart(lossPoints(passes), passes, plot, 'linear')}</figure>
${distanceFigure(passes, plot)}${priorTable(model)}
</section>`;
}

function lossPoints(passes: readonly PassProgress[]): Point[] {
  return passes.flatMap(({ pass, loss, heldOutLoss }): Point[] => [
    { pass, value: loss, series: 'training loss' },
    ...(heldOutLoss === undefined ? [] : [{ pass, value: heldOutLoss, series: 'held-out loss' } as const]),
  ]);
}

/** Stage 2 only. */
function distanceFigure(passes: readonly PassProgress[], plot: Plotter): string {
  const points = passes.flatMap(({ pass, suboptimality, gradientNorm }): Point[] => [
    { pass, value: suboptimality ?? 0, series: 'distance to the optimum, estimate' },
    { pass, value: gradientNorm ?? 0, series: 'gradient norm' },
  ]);
  const shown = points.filter(({ value }) => value > 0);
  if (shown.length === 0) return '';
  return `<h3>Stage 2</h3>
<p class="muted">Estimate of how far loss and penalties are from their optimum, as a share of what separates a model that always says the
same from it; and the largest component of their gradient.</p>
<figure>${chart(shown, passes, plot, 'log')}</figure>`;
}

function chart(
  points: readonly Point[],
  passes: readonly PassProgress[],
  plot: Plotter,
  scale: 'linear' | 'log',
): string {
  const { line, dot, ruleX, text } = plot.marks;
  const used = [...new Set(points.map(({ series }) => series))];
  const place = { x: 'pass', y: 'value', z: 'series', stroke: 'series' } as const;
  const second = passes.find(({ stage }) => stage === 2)?.pass;
  const boundary = scale === 'linear' && second !== undefined && second > 1 ? [second - 0.5] : [];
  return plot({
    width: 940,
    height: 260,
    marginLeft: 64,
    x: {
      label: 'pass',
      domain: [passes[0].pass, passes[passes.length - 1].pass],
      ...(passes.length <= 20 ? { ticks: passes.map(({ pass }) => pass) } : {}),
      tickFormat: 'd',
    },
    y: scale === 'log' ? powerAxis(points) : { label: 'loss', grid: true, nice: true, zero: false },
    color: { domain: used, range: used.map((series) => COLORS[series]), legend: true },
    marks: [
      ruleX(boundary, { stroke: 'var(--muted)', strokeDasharray: '3 4' }),
      text(boundary, {
        x: (pass: number) => pass,
        text: () => 'stage 2',
        frameAnchor: 'top',
        dx: 6,
        textAnchor: 'start',
        fill: 'var(--muted)',
      }),
      line(points, { ...place, strokeWidth: 2 }),
      ...(passes.length <= DOTTED_PASSES ? [dot(points, { ...place, fill: 'series', r: 3 })] : []),
    ],
  });
}

/** A logarithmic axis from power of ten to power of ten, with a tick for at most eight of them. */
function powerAxis(points: readonly Point[]): object {
  const exponents = points.map(({ value }) => Math.log10(value));
  const low = Math.floor(Math.min(...exponents));
  const high = Math.max(low + 1, Math.ceil(Math.max(...exponents)));
  const step = Math.ceil((high - low) / 8);
  const ticks: number[] = [];
  for (let exponent = high; exponent >= low; exponent -= step) ticks.push(Number(`1e${exponent}`));
  return {
    type: 'log',
    label: 'log scale',
    grid: true,
    domain: [Number(`1e${low}`), Number(`1e${high}`)],
    ticks,
    tickFormat: '.0e',
  };
}

function priorTable({ training: { prior } }: Model): string {
  if (prior === undefined || prior.trials.length === 0) return '';
  const cells = prior.trials.map(
    ({ prior: strength, heldOutLoss }) =>
      `<tr><td class="number">${strength}</td><td class="number">${heldOutLoss.toFixed(4)}</td><td>${strength === prior.chosen ? 'chosen' : ''}</td></tr>`,
  );
  return `<h3>Strength of the prior</h3>
<p class="muted">Loss on ${plural(prior.heldOutCount, 'training observation')}, held out in trials.</p>
<table><thead><tr><th class="number">prior</th><th class="number">loss</th><th></th></tr></thead><tbody>${cells.join('\n')}</tbody></table>`;
}
