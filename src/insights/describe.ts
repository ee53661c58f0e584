import type { CategoricalSummary, NumericSummary, TextSummary } from '../statistics/column.js';
import { binOf, histogram } from '../statistics/histogram.js';
import { entropy } from '../statistics/mutual-information.js';
import { associations, correlate, type TargetView, viewTarget } from './association.js';
import type { Collected, SampledColumn } from './collector.js';
import type {
  AttributeInsight,
  CategoricalInsight,
  ClassShares,
  DataInsights,
  NumericInsight,
  TargetInsight,
  TextInsight,
  WordInsight,
} from './insights.js';
import type { NumberDetails } from './numbers.js';
import { attributeWarnings, dataWarnings, placeholderNumbers } from './warnings.js';
import type { WordCount } from './words.js';

/** Values, words and associations that are listed. */
const LISTED = 20;
/** Classes of a target that charts tell apart, at most. */
const FEW_CLASSES = 8;
const HISTOGRAM_BINS = 50;
const PERCENTILES = [1, 5, 25, 50, 75, 95, 99];

/** Insights from what one pass over the data has found. */
export function describe(collected: Collected): DataInsights {
  const { schema, statistics, sample } = collected;
  const view = viewTarget(collected);
  const attributes = [...statistics.attributes.keys()].map((name) => describeAttribute(name, collected, view));
  const data = {
    observationCount: statistics.observationCount,
    target: view && describeTarget(view, schema.attributes.find((a) => a.attributeName === view.name)!.attributeType),
    sample: { rowCount: sample.rowCount, complete: sample.complete },
    attributes,
  };
  return { ...data, warnings: dataWarnings(data) };
}

function describeTarget({ name, simplified, counts, entropy: bits }: TargetView, type: string): TargetInsight {
  const classes = simplified.labels.map((value, i) => ({ value, count: counts[i] })).slice(1);
  return { name, type: type as TargetInsight['type'], entropy: bits, classes };
}

function describeAttribute(name: string, collected: Collected, view: TargetView | undefined): AttributeInsight {
  const summary = collected.statistics.attributes.get(name)!;
  const column = collected.sample.columns.get(name)!;
  const isTarget = name === collected.schema.targetAttributeName;
  const { observations, missing, invalid } = summary;
  const compared = isTarget ? undefined : view;
  const correlation = compared && correlate(column, compared);
  const common = { name, isTarget, observations, missing, invalid, ...(correlation && { correlation }) };
  switch (summary.type) {
    case 'NUMERIC': {
      const details = collected.numbers.get(name)!;
      const numbers = { ...common, ...numericPart(summary, details, column, compared) };
      const placeholders = placeholderNumbers(summary, details.frequent.top(1000));
      return { ...numbers, warnings: [...attributeWarnings(numbers), ...placeholders] };
    }
    case 'BINARY': {
      const { type, negatives, positives } = summary;
      const answers = negatives + positives;
      const { values } = column as SampledColumn & { type: 'BINARY' };
      const shares = classShares(2, (row) => (values[row] === 2 ? -1 : values[row]), compared);
      const percentTrue = answers > 0 ? (100 * positives) / answers : null;
      const binary = { ...common, type, negatives, positives, percentTrue, ...shares };
      return { ...binary, warnings: attributeWarnings(binary) };
    }
    case 'CATEGORICAL': {
      const categorical = { ...common, ...categoricalPart(summary, column, compared) };
      return { ...categorical, warnings: attributeWarnings(categorical) };
    }
    case 'TEXT': {
      const text = { ...common, ...textPart(summary, collected.words.get(name)!.list(), column, compared) };
      return { ...text, warnings: attributeWarnings(text) };
    }
  }
}

type Part<Insight extends AttributeInsight> = Omit<
  Insight,
  'name' | 'isTarget' | 'observations' | 'missing' | 'invalid' | 'correlation' | 'warnings'
>;

function numericPart(
  summary: NumericSummary,
  { distinct, frequent, decimals }: NumberDetails,
  column: SampledColumn,
  view: TargetView | undefined,
): Part<NumericInsight> {
  const { count, min, max, mean, variance } = summary;
  const known = (value: number): number | null => (count > 0 ? value : null);
  const quantiles = summary.quantiles(PERCENTILES.map((percentile) => percentile / 100)).map(known);
  const bins = histogram(summary, { bins: HISTOGRAM_BINS, decimals });
  const { values } = column as SampledColumn & { type: 'NUMERIC' };
  return {
    type: 'NUMERIC',
    count,
    min: known(min),
    max: known(max),
    mean: known(mean),
    median: quantiles[PERCENTILES.indexOf(50)],
    variance: known(variance),
    standardDeviation: known(Math.sqrt(variance)),
    percentiles: Object.fromEntries(PERCENTILES.map((percentile, i) => [percentile, quantiles[i]])),
    distinct: distinct.count,
    distinctIsExact: distinct.isExact,
    mostFrequent: frequent.top(LISTED).map(({ value, count: rows }) => ({ value, count: rows })),
    mostFrequentIsExact: frequent.isExact,
    histogram: bins && {
      ...bins,
      ...classShares(bins.counts.length, (row) => (Number.isNaN(values[row]) ? -1 : binOf(bins, values[row])), view),
    },
  };
}

/** @param cellOf bin or value of a row of the sample; -1 for none */
function classShares(
  cells: number,
  cellOf: (row: number) => number,
  view: TargetView | undefined,
): { classShares?: ClassShares } {
  const classes = (view?.simplified.size ?? 0) - 1;
  if (view === undefined || view.values !== undefined || classes < 2 || classes > FEW_CLASSES) return {};
  const counts = Array.from({ length: classes }, () => new Array<number>(cells).fill(0));
  const totals = new Array<number>(cells).fill(0);
  for (const row of view.rows) {
    const cell = cellOf(row);
    if (cell < 0) continue;
    counts[view.simplified.codes[row] - 1][cell]++;
    totals[cell]++;
  }
  return {
    classShares: counts.map((byCell) => byCell.map((count, cell) => (totals[cell] > 0 ? count / totals[cell] : 0))),
  };
}

function categoricalPart(
  summary: CategoricalSummary,
  column: SampledColumn,
  view: TargetView | undefined,
): Part<CategoricalInsight> {
  const all = summary.mostFrequent(summary.distinct).map(({ value, count }) => ({ value, count }));
  const top = all.slice(0, LISTED);
  const shown = top.reduce((sum, { count }) => sum + count, 0);
  const { values, dictionary } = column as SampledColumn & { type: 'CATEGORICAL' };
  const placeOf = new Map(top.map(({ value }, place) => [value, place]));
  const places = Int32Array.from({ length: dictionary.size }, (_, code) => placeOf.get(dictionary.text(code)) ?? -1);
  return {
    type: 'CATEGORICAL',
    distinct: summary.distinct,
    mostFrequent: top,
    ...classShares(top.length, (row) => places[values[row]], view),
    leastFrequent: all.slice(LISTED).slice(-LISTED).reverse(),
    otherCount: summary.observations - summary.missing - shown,
    associated: view && column.type === 'CATEGORICAL' ? associations(column, view, LISTED) : [],
  };
}

function textPart(
  summary: TextSummary,
  words: readonly WordCount[],
  column: SampledColumn,
  view: TargetView | undefined,
): Part<TextInsight> {
  const { observations, tokens, fewestTokens, mostTokens } = summary;
  const describeWord = ({ word, count, records }: WordCount): WordInsight => ({
    word,
    count,
    records,
    share: records / observations,
    entropy: entropy([records, observations - records]),
  });
  const all = words.map(describeWord);
  const lengths = words.map(({ word }) => [...word].length);
  const prominent = all.toSorted((a, b) => b.entropy - a.entropy || b.count - a.count).slice(0, LISTED);
  return {
    type: 'TEXT',
    totalWords: tokens,
    uniqueWords: words.length,
    wordsPerRecord: { min: fewestTokens, max: mostTokens, mean: observations > 0 ? tokens / observations : 0 },
    wordLength: {
      min: lengths.reduce((a, b) => Math.min(a, b), lengths[0] ?? 0),
      max: lengths.reduce((a, b) => Math.max(a, b), 0),
    },
    mostFrequent: all.slice(0, LISTED),
    prominent,
    associated: view && column.type === 'TEXT' ? associations(column, view, LISTED) : [],
  };
}
