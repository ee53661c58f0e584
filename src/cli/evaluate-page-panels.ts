import type { MulticlassEvaluation, RegressionEvaluation } from '../evaluation/evaluation.js';
import { shownConfusion } from '../evaluation/others.js';
import { formatCount } from '../format-count.js';
import type { Model } from '../model.js';
import { escapeHtml } from '../page/escape.js';
import type { Plotter } from '../page/plot.js';
import { trainingPanel } from './evaluate-page-training.js';
import { short } from './report-lines.js';

const SHOWN_FEATURES = 30;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Confusion heat map and per-class table. */
export function multiclassPanels(evaluation: MulticlassEvaluation): string {
  return `
<section class="panel">
<h2>Confusion matrix</h2>
<p class="muted">Rows are true classes, columns what the model answered; a cell is darker the larger its share of the row.</p>
<div class="scroll">${confusionTable(evaluation)}</div>
</section>
<section class="panel">
<h2>Classes</h2>
<div class="scroll">${classTable(evaluation)}</div>
</section>`;
}

function confusionTable(evaluation: MulticlassEvaluation): string {
  const { classes, counts, trueShares, predictedShares, f1, otherCount } = shownConfusion(evaluation);
  const heads = classes.map((name) => `<th class="number">${escapeHtml(name)}</th>`).join('');
  const rows = counts.map((row, i) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    const cells = row.map((value, k) => {
      const strength = total === 0 ? 0 : Math.round((value / total) * 70);
      const color = i === k ? 'var(--series-1)' : 'var(--series-4)';
      const background =
        value === 0 ? '' : ` style="background: color-mix(in srgb, ${color} ${strength}%, transparent)"`;
      return `<td class="number heat"${background}>${value === 0 ? '<span class="muted">0</span>' : short(value)}</td>`;
    });
    return `<tr><th>${escapeHtml(classes[i])}</th>${cells.join('')}<td class="number">${percent(trueShares[i])}</td><td class="number">${f1[i].toFixed(4)}</td></tr>`;
  });
  const predicted = predictedShares.map((share) => `<td class="number heat">${percent(share)}</td>`).join('');
  const note =
    otherCount > 0
      ? `<p class="muted rest">others: ${otherCount} classes; all of them are in the table below.</p>`
      : '';
  return `<table class="confusion"><thead><tr><th>true \\ predicted</th>${heads}<th class="number">share</th><th class="number">F1</th></tr></thead>
<tbody>${rows.join('\n')}
<tr><th class="muted">predicted</th>${predicted}<td></td><td></td></tr></tbody></table>${note}`;
}

function classTable({ classes }: MulticlassEvaluation): string {
  const rows = [...classes]
    .sort((a, b) => b.trueCount - a.trueCount)
    .map(
      (c) => `<tr><th>${escapeHtml(c.class)}</th>
${[c.trueCount, c.predictedCount, c.truePositives].map((value) => `<td class="number">${short(value)}</td>`).join('')}
${[c.precision, c.recall, c.f1].map((value) => `<td class="number">${value.toFixed(4)}</td>`).join('')}</tr>`,
    );
  const heads = ['observations', 'predicted', 'right', 'precision', 'recall', 'F1'];
  return `<table><thead><tr><th>class</th>${heads.map((head) => `<th class="number">${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

/** Residual histogram. */
export function regressionPanels({ residuals, meanResidual }: RegressionEvaluation, plot: Plotter): string {
  const { cellWidth, firstCell, counts, below, above } = residuals;
  const cells = counts.map((value, i) => ({
    value,
    x1: (firstCell + i) * cellWidth,
    x2: (firstCell + i + 1) * cellWidth,
  }));
  const { rectY, ruleX, ruleY } = plot.marks;
  const chart = plot({
    width: 940,
    height: 360,
    marginLeft: 56,
    x: { label: 'true - predicted' },
    y: { label: 'observations', grid: true },
    marks: [
      rectY(cells, { x1: 'x1', x2: 'x2', y: 'value', insetLeft: 0.5, insetRight: 0.5, fill: 'var(--series-1)' }),
      ruleY([0], { stroke: 'currentColor' }),
      ruleX([0], { stroke: 'var(--bad)', strokeWidth: 1.5, strokeDasharray: '4 4' }),
    ],
  });
  const outside =
    below + above > 0 ? ` Beyond the chart: ${short(below)} further left, ${short(above)} further right.` : '';
  return `
<section class="panel">
<h2>Residuals</h2>
<p class="muted">True minus predicted: right of 0 the model underestimates. Mean ${short(meanResidual)}; cells of
${short(cellWidth)}.${outside}</p>
<figure>${chart}</figure>
</section>`;
}

/** Learning curves, and the strongest features. */
export function modelPanels(model: Model, plot: Plotter): string {
  return `${trainingPanel(model, plot)}
<section class="panel">
<h2>Strongest features</h2>
<p class="muted">A weight changes ${model.type === 'REGRESSION' ? 'the prediction' : 'the log odds'} per unit of its feature; the bar is
how much the feature moves predictions over the training data.</p>
<div class="scroll">${featureTable(model)}</div>
</section>`;
}

function featureTable(model: Model): string {
  const strongest = model.weights().filter(({ strength }) => strength > 0);
  const shown = strongest.slice(0, SHOWN_FEATURES);
  if (shown.length === 0) return '<p>No feature moves the predictions.</p>';
  const classes = model.type === 'MULTICLASS';
  const rows = shown.map((weight) => {
    const feature = weight.feature.replace(/-?\d+\.\d{5,}/g, (number) => short(Number(number)));
    const width = Math.max(1, Math.round((weight.strength / shown[0].strength) * 100));
    const sign = weight.weight > 0 ? 'plus' : 'minus';
    return `<tr><td><code>${escapeHtml(feature)}</code></td>${classes ? `<td>${escapeHtml(weight.class ?? '')}</td>` : ''}
<td class="number">${weight.weight > 0 ? '+' : ''}${short(weight.weight)}</td>
<td class="strength"><div class="${sign}" style="width: ${width}%"></div></td></tr>`;
  });
  const rest =
    strongest.length > shown.length
      ? `<p class="muted rest">${formatCount(strongest.length - shown.length)} more are weaker.</p>`
      : '';
  return `<table class="features"><thead><tr><th>feature</th>${classes ? '<th>class</th>' : ''}<th class="number">weight</th><th>strength</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>${rest}`;
}
