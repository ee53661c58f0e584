import type { DataDescription } from '../describe-data.js';
import { formatCount } from '../format-count.js';
import { escapeHtml } from '../page/escape.js';
import { htmlPage } from '../page/page.js';
import { openPlot, type Plotter } from '../page/plot.js';
import type { Association } from './association.js';
import { attributeChart, correlationChart, seriesColor, targetChart } from './charts.js';
import type { AttributeInsight, ClassShares, DataInsights, NumericInsight, TargetInsight } from './insights.js';
import { type Fact, facts, formatBytes, formatNumber, formatPercent, lean, leanOfAll } from './wording.js';

/** Bars in the chart of correlations. */
const SHOWN_CORRELATIONS = 30;
const SHOWN_VALUES = 12;

const STYLE = `
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 17rem; gap: 1rem 2rem; align-items: start; }
@media (max-width: 52rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
.panel h3 { margin: 0 0 0.6rem; font-size: 1.1rem; overflow-wrap: anywhere; }
.panel h3 small { margin-left: 0.6rem; font-weight: 400; font-size: 0.8rem; letter-spacing: 0.03em; }
.facts { width: 100%; font-size: 0.87rem; }
.facts th { font-weight: 400; color: var(--muted); white-space: nowrap; }
.facts td { text-align: right; padding-right: 0; overflow-wrap: anywhere; }
.facts tr:last-child > * { border-bottom: 0; }
.values { margin-top: 0.9rem; font-size: 0.87rem; }
.values td:first-child { max-width: 22rem; overflow-wrap: anywhere; }
.legend { margin: 0 0 0.4rem; font-size: 0.82rem; color: var(--muted); }
.legend span { display: inline-block; margin-right: 1rem; }
.legend i { display: inline-block; width: 0.75em; height: 0.75em; margin-right: 0.4em; border-radius: 2px; }
.warnings { margin: 0.5rem 0; padding: 0; list-style: none; font-size: 0.9rem; }
.warnings li { color: var(--warn); } .warnings li::before { content: "⚠ "; }
.share { display: inline-block; width: 6rem; height: 0.7em; margin-right: 0.6em; background: var(--line); border-radius: 2px; }
.share i { display: block; height: 100%; background: var(--series-3); border-radius: 2px; }
.note { font-size: 0.82rem; color: var(--muted); margin: 0.3rem 0 0; }
`;

/**
 * What can be seen of a data source, as one self-contained HTML page with charts.
 *
 * @throws InvalidInput when the packages that draw charts are not installed
 */
export async function insightsPage(description: DataDescription): Promise<string> {
  const plot = await openPlot();
  const { insights, name } = description;
  const { target } = insights;
  const targetInsight = insights.attributes.find(({ isTarget }) => isTarget);
  const others = insights.attributes.filter(({ isTarget }) => !isTarget);
  const body = [
    `<h1>${escapeHtml(baseName(name))}</h1>`,
    `<p class="muted">${summaryText(description)}</p>`,
    warningOverview(insights),
    target && targetInsight ? targetSection(plot, target, targetInsight, insights) : '',
    '<h2>Attributes</h2>',
    overviewTable(others, target),
    ...others.map((insight) => attributePanel(plot, insight, target)),
  ];
  return htmlPage({ title: `${baseName(name)}: data insights`, body: body.join('\n'), style: STYLE });
}

const baseName = (path: string): string => path.replace(/[/\\]+$/, '').replace(/^.*[/\\]/, '') || path;

function summaryText({
  sizeInBytes,
  schemaOrigin,
  rejectedCount,
  rejectedExamples,
  insights,
}: DataDescription): string {
  const parts = [
    `${formatCount(insights.observationCount)} observations`,
    `${formatCount(insights.attributes.length)} attributes`,
    ...(sizeInBytes === undefined ? [] : [formatBytes(sizeInBytes)]),
    `schema: ${escapeHtml(baseName(schemaOrigin))}`,
  ];
  const rejected = `${formatCount(rejectedCount)} rejected (${escapeHtml(rejectedExamples.slice(0, 3).join('; '))})`;
  return parts.join(' · ') + (rejectedCount > 0 ? ` · <span class="warn">${rejected}</span>` : ' · none rejected');
}

function warningOverview({ warnings, attributes }: DataInsights): string {
  const items = [
    ...warnings.map(escapeHtml),
    ...attributes.flatMap(({ name, warnings: own }) =>
      own.map((warning) => `<a href="#${anchor(name)}">${escapeHtml(name)}</a>: ${escapeHtml(warning)}`),
    ),
  ];
  return items.length === 0 ? '' : `<ul class="warnings">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

function targetSection(
  plot: Plotter,
  target: TargetInsight,
  insight: AttributeInsight,
  insights: DataInsights,
): string {
  const chart = insight.type === 'NUMERIC' ? attributeChart(plot, insight, undefined) : targetChart(plot, target);
  const sample = insights.sample.complete
    ? ''
    : ` Compared in a random sample of ${formatCount(insights.sample.rowCount)} observations.`;
  const correlations = insights.attributes.filter(({ correlation }) => correlation).length;
  const shown = correlations > SHOWN_CORRELATIONS ? ` The ${SHOWN_CORRELATIONS} strongest of ${correlations}.` : '';
  return `<h2>Target</h2>
<section class="panel" id="${anchor(target.name)}"><h3>${escapeHtml(target.name)}<small class="muted">${target.type}</small></h3>
<div class="columns"><div>${chart}</div>${factTable(facts(insight))}</div></section>
<section class="panel"><h3>What each attribute tells of ${escapeHtml(target.name)}</h3>
${correlationChart(plot, insights, SHOWN_CORRELATIONS)}
<p class="note">Mutual information as a share of the target's entropy: 100 % when the attribute alone determines the target.${shown}${sample}</p></section>`;
}

function overviewTable(attributes: readonly AttributeInsight[], target: TargetInsight | undefined): string {
  const rows = attributes.map((insight) => {
    const { name, type, missing, invalid, correlation } = insight;
    const cells = [
      `<td><a href="#${anchor(name)}">${escapeHtml(name)}</a></td>`,
      `<td class="muted">${type}</td>`,
      numberCell(missing),
      numberCell(invalid),
      `<td>${escapeHtml(inShort(insight))}</td>`,
      ...(target ? [`<td>${correlation ? shareBar(correlation.share) : ''}</td>`] : []),
    ];
    return `<tr>${cells.join('')}</tr>`;
  });
  const tells = target ? `<th>tells of ${escapeHtml(target.name)}</th>` : '';
  return `<div class="scroll"><table class="values"><thead><tr><th>name</th><th>type</th><th class="number">missing</th><th class="number">invalid</th><th>values</th>${tells}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

const numberCell = (count: number): string =>
  `<td class="number${count > 0 ? ' warn' : ' muted'}">${formatCount(count)}</td>`;

const shareBar = (share: number): string =>
  `<span class="share"><i style="width:${(100 * Math.min(1, share)).toFixed(1)}%"></i></span>${formatPercent(share)}`;

function inShort(insight: AttributeInsight): string {
  switch (insight.type) {
    case 'NUMERIC':
      return insight.count === 0
        ? 'none'
        : `${formatNumber(insight.min)} to ${formatNumber(insight.max)}, mean ${formatNumber(insight.mean)}`;
    case 'BINARY':
      return insight.percentTrue === null ? 'none' : `${formatPercent(insight.percentTrue / 100)} true`;
    case 'CATEGORICAL':
      return `${formatCount(insight.distinct)} unique`;
    case 'TEXT':
      return `${formatCount(insight.totalWords)} words, ${formatCount(insight.uniqueWords)} unique`;
  }
}

function attributePanel(plot: Plotter, insight: AttributeInsight, target: TargetInsight | undefined): string {
  const { name, type, correlation, warnings } = insight;
  const list: Fact[] = facts(insight);
  if (correlation) list.push(['tells of the target', formatPercent(correlation.share)]);
  const items = warnings.map((warning) => `<li>${escapeHtml(warning)}</li>`).join('');
  return `<section class="panel" id="${anchor(name)}"><h3>${escapeHtml(name)}<small class="muted">${type}</small></h3>
${items && `<ul class="warnings">${items}</ul>`}
<div class="columns"><div>${legend(insight, target)}${attributeChart(plot, insight, target)}${note(insight)}</div>${factTable(list)}</div>
${valueTable(insight, target)}</section>`;
}

function legend(insight: AttributeInsight, target: TargetInsight | undefined): string {
  const shares: ClassShares | undefined =
    insight.type === 'NUMERIC' ? insight.histogram?.classShares : classSharesOf(insight);
  if (shares === undefined || target === undefined) return '';
  const classes = target.classes.map(
    ({ value }, series) => `<span><i style="background:${seriesColor(series)}"></i>${escapeHtml(value)}</span>`,
  );
  return `<p class="legend"><span>${escapeHtml(target.name)}</span>${classes.join('')}</p>`;
}

function classSharesOf(insight: AttributeInsight): ClassShares | undefined {
  if (insight.type === 'BINARY' || insight.type === 'CATEGORICAL') return insight.classShares;
  return insight.type === 'TEXT' && insight.associated[0]?.classRows ? [] : undefined;
}

function note(insight: AttributeInsight): string {
  const text =
    insight.type === 'NUMERIC' ? openBins(insight) : insight.type === 'CATEGORICAL' ? otherValues(insight) : '';
  return text && `<p class="note">${escapeHtml(text)}</p>`;
}

function openBins({ histogram, min, max }: NumericInsight): string {
  const parts = [];
  if (histogram?.openBelow) parts.push(`the first bin reaches down to ${formatNumber(min)}`);
  if (histogram?.openAbove) parts.push(`the last bin reaches up to ${formatNumber(max)}`);
  const text = parts.join(', ');
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function otherValues({ distinct, mostFrequent }: AttributeInsight & { type: 'CATEGORICAL' }): string {
  const shown = Math.min(SHOWN_VALUES, mostFrequent.length);
  return distinct > shown ? `The ${shown} most frequent of ${formatCount(distinct)} values.` : '';
}

/** What is known of single values: with a target, those that tell most of it. */
function valueTable(insight: AttributeInsight, target: TargetInsight | undefined): string {
  if (insight.type !== 'CATEGORICAL' && insight.type !== 'TEXT') return '';
  const noun = insight.type === 'TEXT' ? 'word' : 'value';
  if (target && insight.associated.length > 0) {
    return associationTable(noun, insight.associated.slice(0, SHOWN_VALUES), target);
  }
  if (insight.type !== 'TEXT') return '';
  const rows = insight.prominent.slice(0, SHOWN_VALUES);
  return table(
    ['prominent words', 'occurrences', 'records', 'of all'],
    rows.map(({ word, count, records, share }) => [
      word,
      formatCount(count),
      formatCount(records),
      formatPercent(share),
    ]),
  );
}

/** With a BINARY target all rows speak of class 1, which then stands in the heading. */
function associationTable(noun: string, associated: readonly Association[], target: TargetInsight): string {
  const binary = target.type === 'BINARY';
  const of = binary
    ? `${target.name} = ${associated[0].class?.label}`
    : associated[0].mean
      ? `mean ${target.name}`
      : target.name;
  const short = (text: string): string => (binary ? text.replace(/ %.*/, ' %') : text);
  return table(
    [`most telling ${noun}s`, 'rows', of, 'of all', 'bits'],
    associated.map((association) => {
      const { value, rows, bits } = association;
      return [value, formatCount(rows), short(lean(association)), short(leanOfAll(association)), bits.toFixed(4)];
    }),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: string) => (text: string, i: number) =>
    `<${tag}${i > 0 ? ' class="number"' : ''}>${escapeHtml(text)}</${tag}>`;
  const lines = rows.map((cells) => `<tr>${cells.map(cell('td')).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table class="values"><thead><tr>${head.map(cell('th')).join('')}</tr></thead><tbody>
${lines}
</tbody></table></div>`;
}

function factTable(list: readonly Fact[]): string {
  const rows = list.map(([label, value]) => `<tr><th>${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`);
  return `<table class="facts">${rows.join('')}</table>`;
}

const anchor = (name: string): string => `attribute-${encodeURIComponent(name)}`;
