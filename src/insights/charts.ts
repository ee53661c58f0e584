import { formatCount } from '../format-count.js';
import type { Plotter } from '../page/plot.js';
import { SERIES_COLORS } from '../page/style.js';
import type { AttributeInsight, ClassShares, DataInsights, HistogramInsight, TargetInsight } from './insights.js';
import { formatNumber, formatPercent } from './wording.js';

const WIDTH = 600;
const HISTOGRAM_HEIGHT = 190;
const BAR_HEIGHT = 20;
const LABEL_LENGTH = 26;
/** Width of a character of the labels, pixels, about. */
const CHARACTER = 6.6;
const SHOWN_VALUES = 12;

/** A part of a chart: so many rows of one class in one bin or with one value. */
interface Part {
  readonly rows: number;
  readonly series: number;
  readonly title: string;
}

export const seriesColor = (series: number): string => `var(--series-${(series % SERIES_COLORS) + 1})`;

const STYLE = { background: 'transparent', fontSize: '11px' };

/** An attribute's distribution, by class of the target where that is known. @returns '' when there is nothing to draw */
export function attributeChart(plot: Plotter, insight: AttributeInsight, target: TargetInsight | undefined): string {
  switch (insight.type) {
    case 'NUMERIC':
      return insight.histogram ? histogramChart(plot, insight.histogram, target) : '';
    case 'BINARY': {
      const values = [
        { label: '0', rows: insight.negatives },
        { label: '1', rows: insight.positives },
      ];
      return barChart(plot, values, insight.classShares, target);
    }
    case 'CATEGORICAL': {
      const values = insight.mostFrequent
        .slice(0, SHOWN_VALUES)
        .map(({ value, count }) => ({ label: value, rows: count }));
      return barChart(plot, values, insight.classShares, target);
    }
    case 'TEXT':
      return wordChart(plot, insight, target);
  }
}

function histogramChart(plot: Plotter, histogram: HistogramInsight, target: TargetInsight | undefined): string {
  const { edges, counts, classShares } = histogram;
  const parts = counts.flatMap((count, bin) => {
    const range = `${formatNumber(edges[bin])} to ${formatNumber(edges[bin + 1])}`;
    return split(count, bin, classShares, target, range).map((part) => ({
      ...part,
      from: edges[bin],
      to: edges[bin + 1],
    }));
  });
  const { rectY, ruleY, axisX, axisY, gridY } = plot.marks;
  return plot({
    width: WIDTH,
    height: HISTOGRAM_HEIGHT,
    marginLeft: 52,
    marginTop: 12,
    marginBottom: 26,
    style: STYLE,
    x: { domain: [edges[0], edges[edges.length - 1]] },
    marks: [
      gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      axisY({ ticks: 4, tickSize: 0, label: null }),
      axisX({ ticks: 8, label: null, color: 'currentColor' }),
      rectY(parts, {
        x1: 'from',
        x2: 'to',
        y: 'rows',
        z: 'series',
        fill: (part: Part) => seriesColor(part.series),
        order: (part: Part) => part.series,
        title: 'title',
        inset: 0.4,
      }),
      ruleY([0], { stroke: 'var(--muted)' }),
    ],
    color: { type: 'identity' },
  });
}

/** Rows of a bin or value by class; the whole as series 0 where the classes are not known. */
function split(
  rows: number,
  place: number,
  shares: ClassShares | undefined,
  target: TargetInsight | undefined,
  label: string,
): Part[] {
  if (shares === undefined || target === undefined)
    return [{ rows, series: 0, title: `${label}\n${formatCount(rows)}` }];
  return shares.map((byPlace, series) => ({
    rows: rows * byPlace[place],
    series,
    title: `${label}: ${formatCount(rows)}\n${target.name} = ${target.classes[series].value}: ${formatPercent(byPlace[place])}`,
  }));
}

function barChart(
  plot: Plotter,
  values: readonly { readonly label: string; readonly rows: number }[],
  shares: ClassShares | undefined,
  target: TargetInsight | undefined,
): string {
  const parts = values.flatMap(({ label, rows }, place) =>
    split(rows, place, shares, target, label).map((part) => ({ ...part, place })),
  );
  return bars(
    plot,
    values.map(({ label }) => label),
    parts,
  );
}

/** The most telling words, or the most prominent ones where there is no target, by the records that hold them. */
function wordChart(
  plot: Plotter,
  insight: AttributeInsight & { type: 'TEXT' },
  target: TargetInsight | undefined,
): string {
  const { associated, prominent } = insight;
  if (associated.length === 0 || target === undefined) {
    return barChart(
      plot,
      prominent.slice(0, SHOWN_VALUES).map((w) => ({ label: w.word, rows: w.records })),
      undefined,
      undefined,
    );
  }
  const shown = associated.slice(0, SHOWN_VALUES);
  const few = target.classes.length <= SERIES_COLORS;
  const shares = target.classes.map((_, c) => shown.map(({ classRows, rows }) => (classRows?.[c] ?? 0) / rows));
  const known = few && shown.every(({ classRows }) => classRows !== undefined);
  return barChart(
    plot,
    shown.map(({ value, rows }) => ({ label: value, rows })),
    known ? shares : undefined,
    target,
  );
}

function bars(plot: Plotter, labels: readonly string[], parts: readonly (Part & { place: number })[]): string {
  if (labels.length === 0) return '';
  const texts = labels.map(shorten);
  const longest = Math.max(...texts.map((text) => [...text].length));
  const { barX, axisY, axisX, gridX, ruleX } = plot.marks;
  return plot({
    width: WIDTH,
    height: labels.length * BAR_HEIGHT + 36,
    marginLeft: Math.max(52, Math.round(longest * CHARACTER) + 12),
    marginTop: 6,
    marginBottom: 26,
    style: STYLE,
    y: { domain: labels.map((_, place) => place), padding: 0.22, type: 'band' },
    marks: [
      gridX({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
      axisX({ ticks: 5, tickSize: 0, label: null }),
      axisY({ tickFormat: (place: number) => texts[place], tickSize: 0, label: null }),
      barX(parts, {
        y: 'place',
        x: 'rows',
        z: 'series',
        fill: (part: Part) => seriesColor(part.series),
        order: (part: Part) => part.series,
        title: 'title',
      }),
      ruleX([0], { stroke: 'var(--muted)' }),
    ],
    color: { type: 'identity' },
  });
}

/** Attributes by how much they tell of the target, most first. */
export function correlationChart(plot: Plotter, { attributes }: DataInsights, limit: number): string {
  const known = attributes
    .flatMap(({ name, correlation }) => (correlation ? [{ name, share: correlation.share }] : []))
    .sort((a, b) => b.share - a.share)
    .slice(0, limit);
  const texts = known.map(({ name }) => shorten(name));
  const longest = Math.max(0, ...texts.map((text) => [...text].length));
  const { barX, text, axisY, ruleX } = plot.marks;
  const places = known.map(({ name, share }, place) => ({ place, share, title: `${name}: ${formatPercent(share)}` }));
  return plot({
    width: WIDTH,
    height: known.length * BAR_HEIGHT + 12,
    marginLeft: Math.max(52, Math.round(longest * CHARACTER) + 12),
    marginRight: 52,
    marginTop: 4,
    marginBottom: 4,
    style: STYLE,
    x: { axis: null },
    y: { domain: places.map(({ place }) => place), padding: 0.22, type: 'band' },
    marks: [
      axisY({ tickFormat: (place: number) => texts[place], tickSize: 0, label: null }),
      barX(places, { y: 'place', x: 'share', fill: seriesColor(2), title: 'title' }),
      text(places, {
        y: 'place',
        x: 'share',
        text: ({ share }: { share: number }) => formatPercent(share),
        textAnchor: 'start',
        dx: 5,
      }),
      ruleX([0], { stroke: 'var(--muted)' }),
    ],
  });
}

/** The target's classes and how many rows have them, in the colours that the other charts have for them. */
export function targetChart(plot: Plotter, target: TargetInsight): string {
  const few = target.classes.length <= SERIES_COLORS;
  const classes = target.classes.slice(0, 2 * SHOWN_VALUES);
  const parts = classes.map(({ value, count }, place) => ({
    rows: count,
    series: few ? place : 0,
    place,
    title: `${value}: ${formatCount(count)}`,
  }));
  return bars(
    plot,
    classes.map(({ value }) => value),
    parts,
  );
}

function shorten(label: string): string {
  const characters = [...label];
  return characters.length > LABEL_LENGTH ? `${characters.slice(0, LABEL_LENGTH - 1).join('')}…` : label;
}
