import { entropy, mutualInformation } from '../statistics/mutual-information.js';
import type { Collected, SampledColumn } from './collector.js';
import { type Simplified, simplify } from './simplify.js';

/** Bins of a NUMERIC attribute: the square root of the number of rows, at most so many. */
const MOST_BINS = 50;
/** Bins of a NUMERIC target. */
const TARGET_BINS = 10;
/** Classes of a CATEGORICAL target that are kept apart: as many as a model may have. */
const TARGET_CLASSES = 100;
/** Rows that a value must occur in to be compared with the target. */
const FEWEST_ROWS = 5;
/** Words whose presence stands for a TEXT attribute. */
const PATTERN_WORDS = 6;

/** Mutual information of an attribute and the target. */
export interface Correlation {
  /** Of the simplified attribute and the simplified target; 0 when they are independent. */
  readonly bits: number;
  /** `bits` as a share of the target's entropy, 0 .. 1. */
  readonly share: number;
}

/** What goes along with a category or a word. */
export interface Association {
  readonly value: string;
  /** Rows of the sample that hold it and have a target. */
  readonly rows: number;
  /** Mutual information of holding it and the target, bits. */
  readonly bits: number;
  /**
   * Where the target is a class: its share among these rows and among all, of class 1 of a BINARY target, of the class whose
   * share it raises most of a CATEGORICAL one.
   */
  readonly class?: { readonly label: string; readonly share: number; readonly overall: number };
  /** Where the target is a class: rows by class, in the order of the target's classes. */
  readonly classRows?: readonly number[];
  /** Where the target is a number: its mean among these rows and among all. */
  readonly mean?: { readonly value: number; readonly overall: number };
}

/** The target in the rows of the sample that have one. */
export interface TargetView {
  readonly name: string;
  readonly simplified: Simplified;
  /** Rows of the sample that have a target. */
  readonly rows: Uint32Array;
  /** Of the simplified target, bits. */
  readonly entropy: number;
  /** The numbers themselves, by row of the sample. */
  readonly values: Float64Array | undefined;
  /** Rows of each class. */
  readonly counts: Float64Array;
  /** Class 1 of a BINARY target. */
  readonly positive: number | undefined;
}

/** @returns undefined when the schema has no target, or no row of the sample has a value of it */
export function viewTarget({ schema, sample }: Collected): TargetView | undefined {
  const name = schema.targetAttributeName;
  const column = name === null ? undefined : sample.columns.get(name);
  if (name === null || column === undefined || column.type === 'TEXT') return undefined;
  const simplified = simplify(column, TARGET_BINS, TARGET_CLASSES);
  const rows = Uint32Array.from(simplified.codes.keys()).filter((row) => simplified.codes[row] > 0);
  if (rows.length === 0) return undefined;
  const counts = new Float64Array(simplified.size);
  for (const row of rows) counts[simplified.codes[row]]++;
  const values = column.type === 'NUMERIC' ? column.values : undefined;
  const positive = column.type === 'BINARY' ? simplified.labels.indexOf('1') : undefined;
  return { name, simplified, rows, entropy: entropy(counts), values, counts, positive };
}

/** How much an attribute tells of the target. For TEXT: which of its 6 most telling words a row holds. */
export function correlate(column: SampledColumn, target: TargetView): Correlation {
  const bins = Math.min(MOST_BINS, Math.ceil(Math.sqrt(target.rows.length)));
  const { codes, size } = column.type === 'TEXT' ? wordPattern(column, target) : simplify(column, bins);
  const columns = target.simplified.size;
  const counts = new Float64Array(size * columns);
  for (const row of target.rows) counts[codes[row] * columns + target.simplified.codes[row]]++;
  const bits = mutualInformation({ columns, counts });
  return { bits, share: target.entropy > 0 ? bits / target.entropy : 0 };
}

function wordPattern(
  column: SampledColumn & { type: 'TEXT' },
  target: TargetView,
): { codes: Uint32Array; size: number } {
  const words = tellingCodes(column, target, PATTERN_WORDS).map(({ code }) => code);
  const codes = Uint32Array.from(column.values, (held) =>
    words.reduce((pattern, word, bit) => pattern | (held.includes(word) ? 1 << bit : 0), 0),
  );
  return { codes, size: 2 ** words.length };
}

/** The categories or words that tell most of the target, most telling first. */
export function associations(
  column: SampledColumn & { type: 'CATEGORICAL' | 'TEXT' },
  target: TargetView,
  limit: number,
): Association[] {
  return tellingCodes(column, target, limit).map(({ code, bits, byClass }) => {
    const rows = byClass.reduce((sum, count) => sum + count, 0);
    const value = column.dictionary.text(code);
    if (target.values) return { value, rows, bits, mean: meansOf(column, target, target.values, code) };
    return { value, rows, bits, class: likeliest(byClass, rows, target), classRows: Array.from(byClass.subarray(1)) };
  });
}

function likeliest(byClass: Float64Array, rows: number, { counts, rows: all, simplified, positive }: TargetView) {
  const lift = (c: number): number => (counts[c] === 0 ? 0 : byClass[c] / counts[c]);
  let best = positive ?? 0;
  if (positive === undefined) for (let c = 1; c < byClass.length; c++) if (lift(c) > lift(best)) best = c;
  return { label: simplified.labels[best], share: byClass[best] / rows, overall: counts[best] / all.length };
}

function meansOf(column: SampledColumn, target: TargetView, values: Float64Array, code: number) {
  let [sum, count, total] = [0, 0, 0];
  for (const row of target.rows) {
    total += values[row];
    if (!holds(column, row, code)) continue;
    sum += values[row];
    count++;
  }
  return { value: sum / count, overall: total / target.rows.length };
}

function holds(column: SampledColumn, row: number, code: number): boolean {
  return column.type === 'TEXT' ? column.values[row].includes(code) : column.values[row] === code;
}

interface Telling {
  readonly code: number;
  readonly bits: number;
  /** Rows that hold it, by class of the target. */
  readonly byClass: Float64Array;
}

/** Codes in at least 5 rows, not in all, whose presence tells something of the target. */
function tellingCodes(column: SampledColumn & { type: 'CATEGORICAL' | 'TEXT' }, target: TargetView, limit: number) {
  const { size, codes: classOf } = target.simplified;
  const total = target.rows.length;
  const rowCounts = new Float64Array(column.dictionary.size);
  const each = (act: (code: number, row: number) => void): void => {
    for (const row of target.rows) {
      if (column.type === 'TEXT') for (const code of column.values[row]) act(code, row);
      else if (column.values[row] > 0) act(column.values[row], row);
    }
  };
  each((code) => rowCounts[code]++);
  const candidates = Array.from(rowCounts.keys()).filter((c) => rowCounts[c] >= FEWEST_ROWS && rowCounts[c] < total);
  const placeOf = new Int32Array(rowCounts.length).fill(-1);
  for (const [place, code] of candidates.entries()) placeOf[code] = place;
  const byClass = new Float64Array(candidates.length * size);
  each((code, row) => {
    if (placeOf[code] >= 0) byClass[placeOf[code] * size + classOf[row]]++;
  });
  const telling = candidates.map((code, place): Telling => {
    const held = byClass.subarray(place * size, (place + 1) * size);
    const pairs = new Float64Array(2 * size);
    pairs.set(held);
    for (let c = 0; c < size; c++) pairs[size + c] = target.counts[c] - held[c];
    return { code, bits: mutualInformation({ columns: size, counts: pairs }), byClass: held };
  });
  const text = (a: Telling): string => column.dictionary.text(a.code);
  return telling
    .filter(({ bits }) => bits > 0)
    .sort((a, b) => b.bits - a.bits || (text(a) < text(b) ? -1 : 1))
    .slice(0, limit);
}
