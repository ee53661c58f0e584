import { writeWhole } from '../datasource/files.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { formatCount } from '../format-count.js';
import type { Model } from '../model.js';
import { escapeHtml } from '../page/escape.js';
import { htmlPage } from '../page/page.js';
import { openPlot, type Plotter } from '../page/plot.js';
import { binaryPanels } from './evaluate-page-binary.js';
import { modelPanels, multiclassPanels, regressionPanels } from './evaluate-page-panels.js';
import { figures } from './evaluate-report.js';
import { plural } from './report-lines.js';

const STYLE = `
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.25rem 2rem; align-items: start; }
.figures { display: flex; flex-wrap: wrap; gap: 0.75rem 2.25rem; margin: 0; }
.figures dt { color: var(--muted); }
.figures dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.figures small { display: block; font-size: 0.8rem; max-width: 12rem; line-height: 1.35; }
.panel h2 { margin-top: 0; }
input[type="range"] { width: 100%; margin: 0 0 1rem; accent-color: var(--bad); }
output.cut-off { font-size: 1.25rem; font-variant-numeric: tabular-nums; color: var(--bad); }
td small { display: block; }
td span[data-figure] { font-size: 1.25rem; }
.cut-line { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 5 3; }
.cut-dot { fill: var(--bad); stroke: var(--panel); stroke-width: 2; }
.confusion th.number, .confusion td.number { padding-left: 0.9rem; min-width: 4.5rem; }
.cut-off th { white-space: nowrap; }
.rest { margin-top: 0.75rem; }
ul.warn { margin: 1rem 0 0; padding-left: 1.2rem; }
table.features { width: 100%; }
td.strength { width: 40%; vertical-align: middle; }
td.strength div { height: 0.7rem; border-radius: 2px; }
td.strength .plus { background: var(--series-3); }
td.strength .minus { background: var(--series-4); }
`;

/**
 * Write an evaluation as one self-contained page, whole or not at all.
 *
 * @param source what was evaluated on, for the title
 * @throws InvalidInput when the file cannot be written, or the packages for charts are not installed
 */
export async function writeEvaluationPage(
  path: string,
  model: Model,
  evaluation: Evaluation,
  source: string,
): Promise<void> {
  await writeWhole(path, [evaluationPage(model, evaluation, source, await openPlot())]);
}

function evaluationPage(model: Model, evaluation: Evaluation, source: string, plot: Plotter): string {
  const { body, script } = panels(evaluation, plot);
  const target = escapeHtml(model.state.targetAttributeName);
  return htmlPage({
    title: `Evaluation on ${source}`,
    style: STYLE,
    script,
    body: `<h1>Evaluation on ${escapeHtml(source)}</h1>
<p class="muted">${KIND[model.type]} for <code>${target}</code>, learned from ${formatCount(model.training.observationCount)} observations;
${plural(evaluation.observationCount, 'observation')} evaluated.</p>
<section class="panel">${figureList(evaluation)}${alertList(evaluation)}</section>
${body}
${modelPanels(model, plot)}`,
  });
}

const KIND: Readonly<Record<Model['type'], string>> = {
  BINARY: 'Binary logistic regression',
  MULTICLASS: 'Multinomial logistic regression',
  REGRESSION: 'Linear regression',
};

function panels(evaluation: Evaluation, plot: Plotter): { body: string; script?: string } {
  if (evaluation.type === 'BINARY') return binaryPanels(evaluation, plot);
  return { body: evaluation.type === 'MULTICLASS' ? multiclassPanels(evaluation) : regressionPanels(evaluation, plot) };
}

function figureList(evaluation: Evaluation): string {
  const items = figures(evaluation).map(
    ({ label, value, note }) =>
      `<div><dt>${label}</dt><dd>${value}<small class="muted">${escapeHtml(note)}</small></dd></div>`,
  );
  return `<dl class="figures">${items.join('\n')}</dl>`;
}

function alertList({ alerts }: Evaluation): string {
  return alerts.length === 0
    ? ''
    : `<ul class="warn">${alerts.map((alert) => `<li>${escapeHtml(alert)}</li>`).join('\n')}</ul>`;
}
