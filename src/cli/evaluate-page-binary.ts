import type { BinaryEvaluation } from '../evaluation/evaluation.js';
import { coarseScores, metricsAtCutOffs, type ScoreHistogram } from '../evaluation/score-histogram.js';
import type { Plotter } from '../page/plot.js';
import { followCutOff } from './evaluate-page-cut-off.js';

const SCORE_CELLS = 100;
/** The frame of every chart of the page, px. */
const FRAME = { width: 460, height: 300, marginLeft: 56, marginRight: 16, marginTop: 24, marginBottom: 40 };
const TALL = { ...FRAME, height: 400 };

/** Panels of a BINARY evaluation and the script that moves the cut-off. */
export function binaryPanels(evaluation: BinaryEvaluation, plot: Plotter): { body: string; script: string } {
  const { scores } = evaluation;
  const body = `
<section class="panel">
<h2>Cut-off</h2>
${cutOffTables(evaluation)}
<div class="charts">
<figure><h3>ROC curve</h3>${rocChart(evaluation, plot)}</figure>
<figure><h3>Precision, recall and F1 at every cut-off</h3>${ratesChart(scores, plot)}</figure>
<figure><h3>Scores of observations that are 1</h3>${scoreChart(scores, 'positives', plot)}</figure>
<figure><h3>Scores of observations that are 0</h3>${scoreChart(scores, 'negatives', plot)}</figure>
</div>
</section>`;
  return { body, script: `(${followCutOff})(${JSON.stringify(scores)});` };
}

function cutOffTables({ scores, scoreThreshold }: BinaryEvaluation): string {
  const cell = (figure: string): string => `<td class="number" data-figure="${figure}"></td>`;
  const rate = (name: string, figure: string, meaning: string): string =>
    `<tr><th>${name}</th>${cell(figure)}<td class="muted">${meaning}</td></tr>`;
  return `
<p><label for="cut-off">An observation is predicted 1 when its score is at least</label>
<output class="cut-off" for="cut-off" data-figure="cutOff"></output></p>
<input id="cut-off" type="range" min="0" max="${scores.steps}" step="1" value="${Math.round(scoreThreshold * scores.steps)}">
<div class="charts cut-off">
<table>
<thead><tr><th></th><th class="number">predicted 1</th><th class="number">predicted 0</th></tr></thead>
<tbody>
<tr><th>is 1</th><td class="number good"><span data-figure="truePositives"></span><small>true positives</small></td>
<td class="number bad"><span data-figure="falseNegatives"></span><small>false negatives</small></td></tr>
<tr><th>is 0</th><td class="number bad"><span data-figure="falsePositives"></span><small>false positives</small></td>
<td class="number good"><span data-figure="trueNegatives"></span><small>true negatives</small></td></tr>
</tbody>
</table>
<table><tbody>
${rate('Accuracy', 'accuracy', 'predictions that are right')}
${rate('Precision', 'precision', 'of those predicted 1, are 1')}
${rate('Recall', 'recall', 'of those that are 1, predicted 1')}
${rate('F1', 'f1', 'harmonic mean of precision and recall')}
${rate('False positive rate', 'falsePositiveRate', 'of those that are 0, predicted 1')}
${rate('Share predicted 1', 'predictedPositiveRate', 'of all observations')}
</tbody></table>
</div>`;
}

function rocChart({ roc, auc }: BinaryEvaluation, plot: Plotter): string {
  if (auc === null) return '<p class="muted">There are observations of one class only.</p>';
  const { line, areaY, link, text } = plot.marks;
  const points = roc.recalls.map((recall, i) => ({ rate: roc.falsePositiveRates[i], recall }));
  const curve = [{ rate: 0, recall: 0 }, ...points];
  const place = { x: 'rate', y: 'recall' };
  const chart = plot({
    ...TALL,
    x: { label: 'false positive rate', domain: [0, 1], grid: true },
    y: { label: 'recall', domain: [0, 1], grid: true },
    marks: [
      link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: 'var(--muted)', strokeDasharray: '4 4' }),
      areaY(curve, { ...place, fill: 'var(--series-1)', fillOpacity: 0.12 }),
      line(curve, { ...place, stroke: 'var(--series-1)', strokeWidth: 2 }),
      text([`area ${auc.toFixed(4)}`], { x: 0.98, y: 0.06, textAnchor: 'end', fontSize: 13, fill: 'currentColor' }),
    ],
  });
  return withOverlay(chart, `<circle class="cut-dot" r="6" ${frameOf(TALL)}/>`);
}

function ratesChart(scores: ScoreHistogram, plot: Plotter): string {
  const { line, text } = plot.marks;
  const all = metricsAtCutOffs(scores);
  const shown = [
    { name: 'precision', color: 'var(--series-1)', values: all.filter((m) => m.predictedPositiveRate > 0) },
    { name: 'recall', color: 'var(--series-2)', values: all },
    { name: 'f1', color: 'var(--series-3)', values: all },
  ] as const;
  const chart = plot({
    ...TALL,
    x: { label: 'cut-off', domain: [0, 1] },
    y: { domain: [0, 1], grid: true, label: null },
    marks: [
      ...shown.map(({ name, color, values }) => line(values, { x: 'cutOff', y: name, stroke: color, strokeWidth: 2 })),
      ...shown.map(({ name, color }, i) =>
        text([name === 'f1' ? 'F1' : name], {
          x: 0.3 * i + 0.02,
          y: 1.045,
          fill: color,
          fontSize: 13,
          textAnchor: 'start',
        }),
      ),
    ],
  });
  return withOverlay(chart, cutLine(TALL));
}

function scoreChart(scores: ScoreHistogram, which: 'positives' | 'negatives', plot: Plotter): string {
  const { rectY, ruleY } = plot.marks;
  const counts = coarseScores(scores, SCORE_CELLS)[which];
  const cells = counts.map((count, i) => ({ count, x1: i / SCORE_CELLS, x2: (i + 1) / SCORE_CELLS }));
  const chart = plot({
    ...FRAME,
    x: { label: 'score', domain: [0, 1] },
    y: { label: 'observations', grid: true, tickFormat: 's' },
    marks: [
      rectY(cells, {
        x1: 'x1',
        x2: 'x2',
        y: 'count',
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: which === 'positives' ? 'var(--series-1)' : 'var(--series-2)',
      }),
      ruleY([0], { stroke: 'currentColor' }),
    ],
  });
  return withOverlay(chart, cutLine(FRAME));
}

const cutLine = (frame: typeof FRAME): string =>
  `<line class="cut-line" y1="${frame.marginTop}" y2="${frame.height - frame.marginBottom}" ${frameOf(frame)}/>`;

/** Where the chart's scales begin and end, px. */
const frameOf = ({ width, height, marginLeft, marginRight, marginTop, marginBottom }: typeof FRAME): string =>
  `data-left="${marginLeft}" data-right="${width - marginRight}" data-top="${marginTop}" data-bottom="${height - marginBottom}"`;

/** The chart with an element on top of all its marks. */
function withOverlay(chart: string, element: string): string {
  const end = chart.lastIndexOf('</svg>');
  return `${chart.slice(0, end)}${element}${chart.slice(end)}`;
}
