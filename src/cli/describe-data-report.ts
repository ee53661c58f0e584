import pc from 'picocolors';
import type { DataDescription } from '../describe-data.js';
import { formatCount } from '../format-count.js';
import type { Association } from '../insights/association.js';
import type { AttributeInsight, DataInsights, TargetInsight } from '../insights/insights.js';
import { formatBytes, formatNumber, formatPercent, lean, leanOfAll, plural } from '../insights/wording.js';

const LABEL_WIDTH = 14;
const HISTOGRAM_WIDTH = 25;
const BAR_WIDTH = 10;
const TARGET_BAR_WIDTH = 32;
const SHOWN_CLASSES = 10;
const SHOWN_VALUES = 5;
const NAME_WIDTH = 32;
const TYPE_WIDTH = 13;
const TEXT_WIDTH = 96;
/** Share of the target's entropy below which a value is not worth a line. */
const LEAST_TELLING = 0.002;

const line = (label: string, text: string): string => `  ${pc.dim(label.padEnd(LABEL_WIDTH))}${text}\n`;

/** What the service's console showed of a data source, for a terminal. */
export function reportInsights(
  { name, sizeInBytes, schema, schemaOrigin, rejectedCount, rejectedExamples, insights }: DataDescription,
  { html, elapsedMs }: { html: string | undefined; elapsedMs: number },
): string {
  const unused = schema.attributes.length - insights.attributes.length;
  let text = `\n${pc.bold(printable(name, TEXT_WIDTH))}\n\n`;
  text += line('observations', formatCount(insights.observationCount));
  const examples = rejectedExamples.slice(0, 3).map((example) => printable(example, TEXT_WIDTH));
  text += line(
    'rejected',
    rejectedCount === 0 ? '0' : pc.yellow(`${formatCount(rejectedCount)}: ${examples.join('; ')}`),
  );
  if (sizeInBytes !== undefined) text += line('size', formatBytes(sizeInBytes));
  text += line('schema', printable(schemaOrigin, TEXT_WIDTH));
  text += line('attributes', typeCounts(insights) + (unused > 0 ? pc.dim(`; ${unused} not used`) : ''));
  text += `\n${targetLines(insights)}${attributeLines(insights)}`;
  for (const warning of insights.warnings) text += warningLine(warning);
  if (insights.warnings.length > 0) text += '\n';
  const { sample, target } = insights;
  if (target && !sample.complete) {
    text += line('compared', `in a random sample of ${formatCount(sample.rowCount)} observations`);
  }
  if (html !== undefined) text += line('page', html);
  return `${text}${line('elapsed', `${(elapsedMs / 1000).toFixed(2)} s`)}\n`;
}

function typeCounts({ attributes }: DataInsights): string {
  const counts = new Map<string, number>();
  for (const { type } of attributes) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ');
}

function targetLines({ target, attributes }: DataInsights): string {
  if (target === undefined) return '';
  const insight = attributes.find(({ isTarget }) => isTarget)!;
  let text = `  ${pc.bold(`target ${printable(target.name, NAME_WIDTH)}`)}  ${target.type}\n`;
  if (insight.type === 'NUMERIC') {
    text += `    ${pc.cyan(histogramText(insight))}\n`;
  } else {
    const classes = target.classes.slice(0, SHOWN_CLASSES);
    const total = target.classes.reduce((sum, { count }) => sum + count, 0);
    const width = Math.max(...classes.map(({ value }) => printable(value, NAME_WIDTH).length));
    const most = Math.max(...classes.map(({ count }) => count));
    for (const { value, count } of classes) {
      const bar = pc.cyan(barText(count / most, TARGET_BAR_WIDTH));
      text += `    ${printable(value, NAME_WIDTH).padEnd(width)}  ${bar} ${formatPercent(count / total)}\n`;
    }
    const more = target.classes.length - classes.length;
    if (more > 0) text += `    ${pc.dim(`and ${formatCount(more)} more`)}\n`;
  }
  return `${text}${factLines(insight, undefined)}\n`;
}

function attributeLines({ target, attributes }: DataInsights): string {
  const others = attributes.filter(({ isTarget }) => !isTarget);
  const width = Math.max(9, ...others.map(({ name }) => printable(name, NAME_WIDTH).length));
  const most = Math.max(1e-9, ...others.map(({ correlation }) => correlation?.share ?? 0));
  const tells = target ? `tells of ${printable(target.name, NAME_WIDTH)}` : '';
  const heading = `${'attribute'.padEnd(width + TYPE_WIDTH + HISTOGRAM_WIDTH + 4)}${tells}`.trimEnd();
  let text = `  ${pc.dim(heading)}\n`;
  for (const insight of others) {
    const { name, type, correlation } = insight;
    const shape = pc.cyan(histogramText(insight).padEnd(HISTOGRAM_WIDTH));
    const head = `  ${pc.bold(printable(name, NAME_WIDTH).padEnd(width))}  ${pc.dim(type.padEnd(TYPE_WIDTH))}${shape}`;
    const share =
      correlation && `  ${pc.green(barText(correlation.share / most, BAR_WIDTH))} ${formatPercent(correlation.share)}`;
    text += `${(head + (share ?? '')).trimEnd()}\n${factLines(insight, target)}`;
  }
  return `${text}\n`;
}

function factLines(insight: AttributeInsight, target: TargetInsight | undefined): string {
  const { observations, missing, invalid, warnings, isTarget } = insight;
  const parts = isTarget && insight.type !== 'NUMERIC' ? [] : [mainFacts(insight)];
  if (missing > 0) parts.push(`${formatCount(missing)} missing (${formatPercent(missing / observations)})`);
  if (invalid > 0) parts.push(`${formatCount(invalid)} invalid`);
  let text = parts.length > 0 ? `    ${parts.join('; ')}\n` : '';
  const telling = target && 'associated' in insight ? tellingText(insight.associated, target) : undefined;
  if (telling !== undefined) text += `    ${pc.dim(telling)}\n`;
  for (const warning of warnings) text += warningLine(warning);
  return text;
}

const warningLine = (warning: string): string => `    ${pc.yellow(`! ${printable(warning, 2 * TEXT_WIDTH)}`)}\n`;

function mainFacts(insight: AttributeInsight): string {
  switch (insight.type) {
    case 'NUMERIC': {
      if (insight.count === 0) return 'no numbers';
      const { min, max, mean, median, standardDeviation, distinct, distinctIsExact } = insight;
      const about = distinctIsExact ? '' : 'about ';
      return `${formatNumber(min)} to ${formatNumber(max)}, mean ${formatNumber(mean)}, median ${formatNumber(median)}, sd ${formatNumber(standardDeviation)}; ${about}${formatCount(distinct)} distinct`;
    }
    case 'BINARY':
      return insight.percentTrue === null ? 'no values' : `${formatPercent(insight.percentTrue / 100)} true`;
    case 'CATEGORICAL': {
      const present = insight.observations - insight.missing;
      const values = insight.mostFrequent.map(
        ({ value, count }) => `${printable(value, 24)} ${formatPercent(count / present)}`,
      );
      return `${plural(insight.distinct, 'value')}: ${listed(values, insight.distinct)}`;
    }
    case 'TEXT': {
      const { totalWords, uniqueWords, wordsPerRecord, wordLength } = insight;
      return `${plural(totalWords, 'word')}, ${formatCount(uniqueWords)} unique, ${wordsPerRecord.min} to ${wordsPerRecord.max} in a record, of ${wordLength.min} to ${wordLength.max} characters; ${prominentText(insight)}`;
    }
  }
}

function prominentText({ prominent, associated }: AttributeInsight & { type: 'TEXT' }): string {
  const words = associated.length > 0 ? associated.map(({ value }) => value) : prominent.map(({ word }) => word);
  return `prominent: ${listed(
    words.map((word) => printable(word, 24)),
    words.length,
  )}`;
}

function listed(texts: readonly string[], total: number): string {
  const shown = texts.slice(0, SHOWN_VALUES);
  return shown.join(', ') + (total > shown.length ? ', …' : '');
}

/** `y = 1 in 11 % of all; retired 25 %, student 31 %`; undefined when no value tells much */
function tellingText(associated: readonly Association[], target: TargetInsight): string | undefined {
  const telling = associated.slice(0, SHOWN_VALUES).filter(({ bits }) => bits >= LEAST_TELLING * target.entropy);
  if (telling.length === 0) return undefined;
  const name = printable(target.name, 24);
  const values = telling.map((association) => [printable(association.value, 24), association] as const);
  const [{ class: likely, mean }] = telling;
  if (target.type === 'CATEGORICAL' || (!mean && !likely)) {
    return `${name}: ${values.map(([value, a]) => `${value} → ${lean(a)} (of all ${leanOfAll(a)})`).join('; ')}`;
  }
  if (mean) {
    return `mean ${name} of all ${formatNumber(mean.overall)}; ${values.map(([value, a]) => `${value} ${lean(a)}`).join(', ')}`;
  }
  const shares = values.map(([value, a]) => `${value} ${formatPercent(a.class!.share)}`);
  return `${name} = ${printable(likely!.label, 24)} in ${formatPercent(likely!.overall)} of all; ${shares.join(', ')}`;
}

/** A histogram in block characters; the shares of categories, most frequent first; for BINARY the share that is true. */
export function histogramText(insight: AttributeInsight): string {
  switch (insight.type) {
    case 'NUMERIC':
      return blocks(grouped(insight.histogram?.counts ?? [], HISTOGRAM_WIDTH));
    case 'CATEGORICAL':
      return blocks(insight.mostFrequent.slice(0, HISTOGRAM_WIDTH).map(({ count }) => count));
    case 'BINARY':
      return insight.percentTrue === null ? '' : barText(insight.percentTrue / 100, BAR_WIDTH, '░');
    case 'TEXT':
      return blocks(insight.mostFrequent.slice(0, HISTOGRAM_WIDTH).map(({ count }) => count));
  }
}

function grouped(counts: readonly number[], width: number): number[] {
  const size = Math.ceil(counts.length / width);
  return Array.from({ length: Math.ceil(counts.length / size) }, (_, i) =>
    counts.slice(i * size, (i + 1) * size).reduce((sum, count) => sum + count, 0),
  );
}

/** One character per count, its height the share of the greatest; a blank is 0. */
function blocks(counts: readonly number[]): string {
  const most = Math.max(...counts);
  return counts.map((count) => (count === 0 ? ' ' : '▁▂▃▄▅▆▇█'[Math.min(7, Math.floor((8 * count) / most))])).join('');
}

/** @param share 0 .. 1 of the width, to an eighth of a character; anything above 0 shows */
function barText(share: number, width: number, rest = ' '): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(8 * width * Math.min(1, share)));
  const bar = '█'.repeat(eighths >> 3) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths & 7];
  return bar.padEnd(width, rest);
}

/** Text of the data for a terminal: shortened, on one line, and without characters that control it. */
function printable(text: string, width: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, '�');
  const characters = [...clean];
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : clean;
}
