import { formatCount } from '../format-count.js';
import { type ColumnNumbers, nearlyDistinct } from './column-numbers.js';
import { isIdentifierName } from './identifier.js';
import type { TypeChoice } from './infer-type.js';
import { isPlaceholder, numberPlaceholders } from './placeholders.js';
import { emptyPart, everyValue, times } from './reason.js';

/** Rows from which 1, 2, 3, … is no coincidence. */
const FEWEST_COUNTED = 20;
const SHOWN_OTHERS = 5;

/** The type of a column of numbers, by rules 3 to 5 of `inferType`. */
export function inferNumeric(column: ColumnNumbers, name: string): TypeChoice {
  if (column.code !== undefined) return { type: 'CATEGORICAL', reason: `codes: '${column.code}' has leading zeros` };
  const distinct = nearlyDistinct(column);
  const identifier = distinct === undefined ? undefined : describeIdentifier(column, name, distinct);
  if (identifier !== undefined) {
    return { type: 'CATEGORICAL', reason: `${identifier}${emptyPart(column.empty)}; ${adviseRowId(name)}` };
  }
  return { type: 'NUMERIC', reason: describeNumeric(column) + hintDistinct(column, name, distinct) };
}

/** The reason of a NUMERIC attribute: `all 150 values are numbers from 0.1 to 2.5`. */
export function describeNumeric(column: ColumnNumbers): string {
  return describeNumbers(column) + describeConstant(column) + describePlaceholders(column);
}

/** What to do with a column that only tells rows apart. */
export function adviseRowId(name: string): string {
  return `set rowId to '${name}', so that it is not learned from`;
}

function describeIdentifier({ numbers, min, max }: ColumnNumbers, name: string, distinct: number): string | undefined {
  const count = numbers.length;
  const each = distinct === count ? 'all different' : `${formatCount(distinct)} of them different`;
  if (isIdentifierName(name)) return `an id by its name: ${formatCount(count)} whole numbers, ${each}`;
  const counted = distinct === count && max - min === count - 1 && (min === 0 || min === 1);
  return counted && count >= FEWEST_COUNTED ? `row numbers: ${min} to ${max}, each once` : undefined;
}

function describeNumbers(column: ColumnNumbers): string {
  const { filled, empty, numbers, min, max, others } = column;
  const range = min === max ? `${min}` : `numbers from ${min} to ${max}`;
  if (others.size === 0) return `${everyValue(filled)} ${range}${emptyPart(empty)}`;
  const percent = (Math.floor((numbers.length / filled) * 1000) / 10).toFixed(1);
  const listed = [...others].slice(0, SHOWN_OTHERS).map(([value, count]) => `'${value}' (${formatCount(count)})`);
  if (others.size > SHOWN_OTHERS) listed.push('…');
  const kind = [...others.keys()].every(isPlaceholder) ? 'placeholders, read as missing' : 'invalid, read as missing';
  return `${percent}% of ${formatCount(filled)} values are ${range}; ${kind}: ${listed.join(', ')}${emptyPart(empty)}`;
}

function describeConstant({ filled, min, max }: ColumnNumbers): string {
  return min === max && filled > 1 ? '; constant: nothing to learn from' : '';
}

function describePlaceholders(column: ColumnNumbers): string {
  const found = numberPlaceholders(column).map(({ value, count }) => `${value} (${times(count)})`);
  if (found.length === 0) return '';
  const [verb, noun] = found.length === 1 ? ['looks', 'a placeholder'] : ['look', 'placeholders'];
  return `; ${found.join(' and ')} ${verb} like ${noun} for a missing value: leave the field empty instead`;
}

function hintDistinct({ numbers }: ColumnNumbers, name: string, distinct: number | undefined): string {
  if (distinct === undefined || numbers.length < FEWEST_COUNTED) return '';
  return `; nearly all are different whole numbers: if it is an id, ${adviseRowId(name)}`;
}
