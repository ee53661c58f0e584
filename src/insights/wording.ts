import { formatCount } from '../format-count.js';
import type { Association } from './association.js';
import type { AttributeInsight } from './insights.js';

/** `1 value`, `12,345 values` */
export const plural = (value: number, word: string): string => `${formatCount(value)} ${word}${value === 1 ? '' : 's'}`;

/** Four significant digits, without an exponent where one can do without. */
export function formatNumber(value: number | null): string {
  if (value === null) return 'none';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return size >= 10_000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(4)));
}

/** `12 %`, `1.3 %`, `0.04 %`; a share of anything above 0 is not 0. */
export function formatPercent(share: number): string {
  const percent = 100 * share;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '< 0.01 %';
  const text = percent.toFixed(percent < 0.1 ? 2 : percent < 10 ? 1 : 0);
  return share < 1 && text === '100' ? `${percent.toFixed(1)} %` : `${text} %`;
}

/** `12,000 bytes`, `341 kB`, `2.6 MB` */
export function formatBytes(value: number): string {
  if (value < 10_000) return plural(value, 'byte');
  return value < 1e6
    ? `${formatCount(Math.round(value / 1000))} kB`
    : `${formatNumber(Number((value / 1e6).toPrecision(3)))} MB`;
}

/** A fact about an attribute. */
export type Fact = readonly [label: string, value: string];

/** The facts about an attribute that the service's console showed for its type. */
export function facts(insight: AttributeInsight): Fact[] {
  const { observations, missing, invalid } = insight;
  const missingPart: Fact = ['missing', partOf(missing, observations)];
  const common: Fact[] = [missingPart, ['invalid', partOf(invalid, observations)]];
  switch (insight.type) {
    case 'NUMERIC':
      return [
        ['range', insight.min === null ? 'none' : `${formatNumber(insight.min)} to ${formatNumber(insight.max)}`],
        ['mean', formatNumber(insight.mean)],
        ['median', formatNumber(insight.median)],
        ['standard deviation', formatNumber(insight.standardDeviation)],
        ['5 % to 95 %', `${formatNumber(insight.percentiles[5])} to ${formatNumber(insight.percentiles[95])}`],
        ['distinct', `${insight.distinctIsExact ? '' : 'about '}${formatCount(insight.distinct)}`],
        ...common,
      ];
    case 'BINARY':
      return [['true', insight.percentTrue === null ? 'none' : formatPercent(insight.percentTrue / 100)], ...common];
    case 'CATEGORICAL':
      return [['unique values', formatCount(insight.distinct)], ...extremes(insight), missingPart];
    case 'TEXT':
      return [
        ['total words', formatCount(insight.totalWords)],
        ['unique words', formatCount(insight.uniqueWords)],
        [
          'words per record',
          `${formatCount(insight.wordsPerRecord.min)} to ${formatCount(insight.wordsPerRecord.max)}`,
        ],
        ['word length', `${insight.wordLength.min} to ${insight.wordLength.max}`],
        missingPart,
      ];
  }
}

const partOf = (count: number, total: number): string =>
  count === 0 ? '0' : `${formatCount(count)} (${formatPercent(count / total)})`;

function extremes({ mostFrequent, leastFrequent }: AttributeInsight & { type: 'CATEGORICAL' }): Fact[] {
  if (mostFrequent.length < 2) return [];
  const least = leastFrequent[0] ?? mostFrequent[mostFrequent.length - 1];
  const describe = ({ value, count }: { value: string; count: number }): string => `${value} (${formatCount(count)})`;
  return [
    ['most frequent', describe(mostFrequent[0])],
    ['least frequent', describe(least)],
  ];
}

/** What a category or a word says of the target, beside what all rows say: `51 % 1`, `92 % sport`, `mean 5064`. */
export function lean({ class: likely, mean }: Association): string {
  if (mean) return formatNumber(mean.value);
  return likely ? `${formatPercent(likely.share)} ${likely.label}` : '';
}

/** What `lean` is to be compared with. */
export function leanOfAll({ class: likely, mean }: Association): string {
  if (mean) return formatNumber(mean.overall);
  return likely ? `${formatPercent(likely.overall)} ${likely.label}` : '';
}
