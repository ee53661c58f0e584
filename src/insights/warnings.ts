import { formatCount as count } from '../format-count.js';
import { isPlaceholder, isUnmistakable } from '../schema/placeholders.js';
import type { NumericSummary } from '../statistics/column.js';
import type { FrequentNumber } from '../statistics/frequent.js';
import type { AttributeInsight, CategoricalInsight, DataInsights } from './insights.js';

const MANY_MISSING = 0.2;
/** Share of the target's entropy from which an attribute is suspected to give the target away. */
const LEAK = 0.95;
const NEARLY_UNIQUE = 0.9;
/** Fewer rows than this can be unique by chance. */
const FEW_ROWS = 30;
const RARE_CLASS = 0.01;
/** Classes that a model may have. */
const MOST_CLASSES = 100;
const PLACEHOLDER_NUMBER = /^-?9{2,}$|^-1$/;
/** Least share of the rows, for numbers that look like placeholders and for others. */
const PLACEHOLDER_SHARE = 0.002;
const SPIKE_SHARE = 0.01;
/** Least share of the rows for words that may be good categories, such as 'unknown'. */
const COMMON = 0.05;

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** What is odd about an attribute. */
export function attributeWarnings(attribute: Omit<AttributeInsight, 'warnings'> & { type: string }): string[] {
  const insight = attribute as AttributeInsight;
  const { observations, missing, invalid, isTarget } = insight;
  const present = observations - missing;
  if (observations > 0 && present === 0) return ['no value at all: exclude it'];
  const warnings: string[] = [];
  const constant = constantValue(insight);
  if (constant !== undefined) warnings.push(`constant: every value is ${constant}`);
  if (missing / observations >= MANY_MISSING) {
    warnings.push(`${percent(missing / observations)} of the values are missing`);
  }
  if (invalid > 0) {
    warnings.push(`${count(invalid)} of the values are invalid (${percent(invalid / observations)}), taken as missing`);
  }
  if (!isTarget && present >= FEW_ROWS && isNearlyUnique(insight, present)) {
    warnings.push('nearly unique: an identifier? It tells nothing of rows not seen yet; exclude it');
  }
  if (insight.correlation !== undefined && insight.correlation.share >= LEAK && present >= FEW_ROWS) {
    warnings.push(
      `may leak the target: it tells ${percent(Math.min(1, insight.correlation.share))} of it; is it known before the target is?`,
    );
  }
  if (insight.type === 'CATEGORICAL') warnings.push(...placeholderCategories(insight, present));
  return warnings;
}

function constantValue(insight: AttributeInsight): string | undefined {
  switch (insight.type) {
    case 'NUMERIC':
      return insight.count > 1 && insight.min === insight.max ? String(insight.min) : undefined;
    case 'BINARY':
      if (insight.observations - insight.missing < 2) return undefined;
      return insight.negatives === 0 ? '1' : insight.positives === 0 ? '0' : undefined;
    case 'CATEGORICAL':
      if (insight.observations - insight.missing < 2) return undefined;
      return insight.distinct === 1 ? `'${insight.mostFrequent[0].value}'` : undefined;
    case 'TEXT':
      return undefined;
  }
}

function isNearlyUnique(insight: AttributeInsight, present: number): boolean {
  if (insight.type === 'CATEGORICAL') return insight.distinct >= NEARLY_UNIQUE * present;
  if (insight.type !== 'NUMERIC') return false;
  const whole = insight.mostFrequent.every(({ value }) => Number.isInteger(value));
  return whole && insight.distinct >= NEARLY_UNIQUE * present;
}

function placeholderCategories({ mostFrequent }: CategoricalInsight, present: number): string[] {
  return mostFrequent
    .map(({ value, count: rows }) => ({ value, share: rows / present }))
    .filter(({ value, share }) => isPlaceholder(value) && share >= (isUnmistakable(value) ? PLACEHOLDER_SHARE : COMMON))
    .map(({ value, share }) => `'${value}' in ${percent(share)} of the rows: a placeholder? It counts as a category`);
}

/**
 * Numbers that stand for something else, such as -999 for "unknown": the least or the greatest value, repeated, and farther
 * from the other values than these are from one another.
 */
export function placeholderNumbers(summary: NumericSummary, frequent: readonly FrequentNumber[]): string[] {
  const { min, max, count: total } = summary;
  return [...new Set([min, max])].flatMap((value) => {
    const rows = frequent.find((entry) => entry.value === value)?.count ?? 0;
    const looksLike = PLACEHOLDER_NUMBER.test(String(value));
    if (rows < 2 || rows === total || rows < (looksLike ? PLACEHOLDER_SHARE : SPIKE_SHARE) * total) return [];
    const others = value === min ? [(rows + 0.5) / total, 1] : [0, Math.max(0, (total - rows - 0.5) / total)];
    const [low, high] = summary.quantiles(others);
    const gap = value === min ? low - value : value - high;
    const far = gap > high - low || (value === -1 && low >= 0);
    if (!far || (!looksLike && (high === low || gap <= 2 * (high - low)))) return [];
    const rest = low === high ? `are ${low}` : `lie from ${low} to ${high}`;
    return [`${value} in ${percent(rows / total)} of the rows, the other values ${rest}: a placeholder?`];
  });
}

/** What is odd about the data as a whole. */
export function dataWarnings(data: Omit<DataInsights, 'warnings'>): string[] {
  const { target, attributes } = data;
  const insight = attributes.find(({ isTarget }) => isTarget);
  if (target === undefined || insight === undefined) return [];
  const warnings: string[] = [];
  if (insight.missing > 0) {
    warnings.push(`the target is missing in ${count(insight.missing)} of the rows, which cannot be learned from`);
  }
  if (insight.type === 'NUMERIC') return warnings;
  const present = insight.observations - insight.missing;
  const classes = classCounts(insight);
  if (classes.length < 2) warnings.push('the target has only one class: there is nothing to learn');
  if (insight.type === 'CATEGORICAL' && insight.distinct > MOST_CLASSES) {
    warnings.push(`the target has ${count(insight.distinct)} classes; a model may have ${MOST_CLASSES}`);
  }
  const rare = classes.filter(({ count: rows }) => rows < RARE_CLASS * present);
  if (rare.length > 0) {
    const names = rare.slice(0, 5).map(({ value, count: rows }) => `'${value}' (${count(rows)} rows)`);
    const more = rare.length > names.length ? ` and ${rare.length - names.length} more` : '';
    warnings.push(`the target has rare classes: ${names.join(', ')}${more}`);
  }
  return warnings;
}

function classCounts(insight: AttributeInsight): { value: string; count: number }[] {
  if (insight.type === 'BINARY') {
    const both = [
      { value: '0', count: insight.negatives },
      { value: '1', count: insight.positives },
    ];
    return both.filter(({ count: rows }) => rows > 0);
  }
  if (insight.type !== 'CATEGORICAL') return [];
  return insight.distinct > insight.mostFrequent.length
    ? [...insight.mostFrequent, ...insight.leastFrequent]
    : [...insight.mostFrequent];
}
