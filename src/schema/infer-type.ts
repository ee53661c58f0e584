import { isNumberSample, type SampleColumn, type ValueSample } from '../datasource/sample-column.js';
import { formatCount } from '../format-count.js';
import { NEARLY_ALL, scanNumbers } from './column-numbers.js';
import { type ColumnSummary, median, summarizeColumn, total } from './column-summary.js';
import { countWords } from './count-words.js';
import { isIdentifierName, isUuid } from './identifier.js';
import { adviseRowId, inferNumeric } from './infer-numeric.js';
import { isUnmistakable } from './placeholders.js';
import { emptyPart, everyValue, shorten, times } from './reason.js';
import type { AttributeType } from './schema.js';
import { binaryPair, parseBinary } from './values.js';

/** A type, and for people why. */
export interface TypeChoice {
  readonly type: AttributeType;
  readonly reason: string;
}

/**
 * The type that the values of a column suggest. The first rule that fits decides:
 *
 * 1. no values at all: CATEGORICAL, which nothing later in the file can contradict
 * 2. both values of one pair 0/1, n/y, no/yes, f/t, false/true, in any letter case, and nothing else: BINARY
 * 3. numbers, one of them written with leading zeros (007): CATEGORICAL, a code
 * 4. whole numbers of which 95 % or more are different, in a column whose name says that it is an id (id, user_id, orderId,
 *    key, uuid, …); or the numbers from 0 or 1 to n, each once, 20 or more: CATEGORICAL, an id
 * 5. numbers only; or at least half numbers, the rest well-known placeholders (NA, ?, null, …); or at least 95 % numbers
 *    and at most 3 other values: NUMERIC
 * 6. single words of which 95 % or more are different, in a column named as an id, or all of them UUIDs: CATEGORICAL, an id
 * 7. at most 100 distinct values, each occurring 10 times on average: CATEGORICAL, however many words they have
 * 8. 3 or more words in the median or 5 in the mean, or mostly distinct values of 20 or more characters: TEXT
 * 9. CATEGORICAL
 *
 * Reasons point out what a person should look at: ids, constant columns, placeholders such as -999 or N/A.
 *
 * @param name of the column
 */
export function inferType(sample: SampleColumn, name: string): TypeChoice {
  const binary = isNumberSample(sample) ? undefined : inferBinary(sample);
  if (binary) return binary;
  const numbers = scanNumbers(sample);
  if (numbers) return inferNumeric(numbers, name);
  const column = summarizeColumn(sample as ValueSample);
  if (column.filled === 0) return { type: 'CATEGORICAL', reason: `all ${formatCount(column.empty)} values are empty` };
  return inferIdentifier(column, name) ?? inferWords(column);
}

function inferBinary({ rowCount, texts, counts }: ValueSample): TypeChoice | undefined {
  const spellings = new Map<0 | 1, string>();
  let pair: number | undefined;
  let empty = 0;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    const meaning = parseBinary(text);
    if (meaning === undefined) {
      if (text.trim() !== '') return undefined;
      empty += counts[i];
      continue;
    }
    pair ??= binaryPair(text);
    if (binaryPair(text) !== pair) return undefined;
    if (!spellings.has(meaning)) spellings.set(meaning, text.trim());
  }
  if (spellings.size !== 2) return undefined;
  const reason = `${everyValue(rowCount - empty)} ${spellings.get(0)} or ${spellings.get(1)}${emptyPart(empty)}`;
  return { type: 'BINARY', reason };
}

function inferIdentifier(column: ColumnSummary, name: string): TypeChoice | undefined {
  const distinct = column.values.length;
  if (distinct < 2 || distinct < NEARLY_ALL * column.filled || column.values.some((value) => /\s/.test(value))) {
    return undefined;
  }
  const uuids = column.values.every(isUuid);
  if (!uuids && !isIdentifierName(name)) return undefined;
  const kind = uuids ? 'UUIDs' : 'an id by its name';
  const count = `${formatCount(distinct)} of ${formatCount(column.filled)} values are different`;
  return { type: 'CATEGORICAL', reason: `${kind}: ${count}${emptyPart(column.empty)}; ${adviseRowId(name)}` };
}

function inferWords(column: ColumnSummary): TypeChoice {
  const distinct = column.values.length;
  const words = column.values.map(countWords);
  const meanWords = total(column, (_, index) => words[index]) / column.filled;
  const medianWords = median(column, (_, index) => words[index]);
  const meanLength = total(column, (value) => value.length) / column.filled;
  const repeated = distinct <= 100 && column.filled >= 10 * distinct;
  const end = emptyPart(column.empty) + describePlaceholders(column);
  if (!repeated && (medianWords >= 3 || meanWords >= 5)) {
    return { type: 'TEXT', reason: `${meanWords.toFixed(1)} words in a value on average${end}` };
  }
  if (!repeated && meanLength >= 20 && distinct > 0.5 * column.filled) {
    const reason = `${formatCount(distinct)} of ${formatCount(column.filled)} values are distinct and long`;
    return { type: 'TEXT', reason: reason + end };
  }
  const examples = column.values.slice(0, 3).map(shorten).join(', ');
  const noun = distinct === 1 ? 'value' : 'distinct values';
  const more = distinct > 3 ? ', …' : '';
  const constant = distinct === 1 && column.filled > 1 && column.empty === 0 ? '; constant: nothing to learn from' : '';
  return { type: 'CATEGORICAL', reason: `${formatCount(distinct)} ${noun}: ${examples}${more}${constant}${end}` };
}

/** Words such as N/A among others: categories of their own unless somebody takes them out. */
function describePlaceholders({ values, counts }: ColumnSummary): string {
  if (values.length < 2) return '';
  const found = values.flatMap((value, i) => (isUnmistakable(value) ? [`'${value}' (${times(counts[i])})`] : []));
  if (found.length === 0) return '';
  const verb = found.length === 1 ? 'looks like a placeholder' : 'look like placeholders';
  return `; ${found.join(' and ')} ${verb} for a missing value`;
}
