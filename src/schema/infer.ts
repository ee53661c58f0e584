import type { SampleColumn, ValueSample } from '../datasource/sample-column.js';
import { InvalidInput } from '../errors.js';
import { formatCount } from '../format-count.js';
import { type ColumnNumbers, scanNumbers } from './column-numbers.js';
import { summarizeColumn } from './column-summary.js';
import { columnName, headerNames, otherSeparator } from './header.js';
import { describeNumeric } from './infer-numeric.js';
import { inferType, type TypeChoice } from './infer-type.js';
import { MAX_ATTRIBUTES, MAX_NAME_LENGTH } from './parse.js';
import { shorten } from './reason.js';
import type { AttributeType, Schema } from './schema.js';
import { unknownAttribute } from './target.js';

export { columnName } from './header.js';

/** Classes that a MULTICLASS model can tell apart, at most. */
const MAX_CLASSES = 100;

/** Why an attribute got its type. */
export interface InferenceReason {
  readonly attribute: string;
  readonly type: AttributeType;
  /** For people: `all 150 values are numbers from 0.1 to 2.5`. */
  readonly reason: string;
}

/**
 * Propose a schema from the first rows of the data. The rules for types are those of `inferType`; in addition, a target
 * that would be TEXT becomes CATEGORICAL when it has at most 100 distinct values, and a target of one or two whole
 * numbers that are not 0 and 1 becomes CATEGORICAL. A target of other numbers stays NUMERIC (regression), ids included.
 *
 * @param header fields of the first line; undefined when the file has none, and names are Var1, Var2, …
 * @param sample rows after the header, about 10,000: columns in file order, of one length
 * @param options.where beginning of messages on names: `data.csv: line 1, `
 * @throws InvalidInput when names are too long or occur twice, when there are more than 1,000 columns, when the target is
 *   not there or cannot be a target, and when the sample has no rows
 */
export function inferSchema(
  header: readonly string[] | undefined,
  sample: readonly SampleColumn[],
  options: { target?: string; where?: string } = {},
): { schema: Schema; reasons: InferenceReason[] } {
  const names = attributeNames(header, sample.length, options.where ?? 'line 1, ');
  const target = options.target ?? null;
  if (target !== null && !names.includes(target)) {
    const separator = names.length === 1 ? otherSeparator(header?.[0] ?? '') : undefined;
    if (separator) {
      throw new InvalidInput(`target: unknown attribute '${target}'; the only one is '${shorten(names[0])}'`, {
        hint: `columns must be separated by commas, not by ${separator}`,
      });
    }
    const attributes = names.map((attributeName) => ({ attributeName, attributeType: 'TEXT' as const }));
    throw unknownAttribute(target, attributes, 'target');
  }
  if ((sample[0]?.rowCount ?? 0) === 0) {
    throw new InvalidInput('no observations to infer attribute types from', {
      hint: header ? 'the data has a header and nothing after it' : 'the data is empty',
    });
  }
  const reasons = names.map((attribute, index): InferenceReason => {
    const column = sample[index];
    const choice = attribute === target ? inferTarget(column, attribute) : inferType(column, attribute);
    return { attribute, ...choice };
  });
  const separator = names.length === 1 ? otherSeparator(header?.[0] ?? '') : undefined;
  if (separator) {
    const reason = `${reasons[0].reason}; the only column: is it several, separated by ${separator}? They must be separated by commas`;
    reasons[0] = { ...reasons[0], reason };
  }
  const schema: Schema = {
    version: '1.0',
    rowId: null,
    rowWeight: null,
    targetAttributeName: target,
    dataFormat: 'CSV',
    dataFileContainsHeader: header !== undefined,
    attributes: reasons.map(({ attribute, type }) => ({ attributeName: attribute, attributeType: type })),
    excludedAttributeNames: [],
  };
  return { schema, reasons };
}

/** @throws InvalidInput when there are more columns than a schema may have */
export function checkColumnCount(columnCount: number, source: string): void {
  if (columnCount <= MAX_ATTRIBUTES) return;
  throw new InvalidInput(
    `${source}: ${formatCount(columnCount)} columns; at most ${formatCount(MAX_ATTRIBUTES)} are possible`,
    { hint: 'remove columns' },
  );
}

function attributeNames(header: readonly string[] | undefined, columnCount: number, where: string): string[] {
  const names = header ? headerNames(header) : Array.from({ length: columnCount }, (_, index) => columnName(index));
  checkColumnCount(names.length, 'the data');
  const indices = new Map<string, number>();
  names.forEach((name, index) => {
    const { length } = [...name];
    if (length > MAX_NAME_LENGTH) {
      const shown = [...name].slice(0, MAX_NAME_LENGTH).join('');
      throw new InvalidInput(
        `${where}column ${index + 1}: the name '${shown}…' has ${formatCount(length)} characters; at most ${MAX_NAME_LENGTH} are possible`,
        { hint: 'is line 1 a header? If so, shorten the name' },
      );
    }
    const earlier = indices.get(name);
    if (earlier !== undefined) {
      throw new InvalidInput(`${where}column ${index + 1}: '${name}' is the name of column ${earlier + 1} already`, {
        hint: 'is line 1 a header? If so, give every column its own name',
      });
    }
    indices.set(name, index);
  });
  if (names.length !== columnCount) {
    throw new InvalidInput(`columns in the header: ${names.length}; in the records: ${columnCount}`, {
      hint: 'every line must have as many fields as the header',
    });
  }
  return names;
}

function inferTarget(column: SampleColumn, name: string): TypeChoice {
  const choice = inferType(column, '');
  if (choice.type === 'BINARY') return choice;
  const numbers = scanNumbers(column);
  if (numbers !== undefined && numbers.code === undefined) return numericTarget(numbers);
  if (choice.type !== 'TEXT') return choice;
  const distinct = summarizeColumn(column as ValueSample).values.length;
  if (distinct <= MAX_CLASSES) {
    return { type: 'CATEGORICAL', reason: `the target has ${distinct} distinct values: each is a class` };
  }
  throw new InvalidInput(`target: '${name}' has ${formatCount(distinct)} distinct values of text`, {
    hint: `a target is a number, yes or no, or one of at most ${MAX_CLASSES} classes`,
  });
}

function numericTarget(column: ColumnNumbers): TypeChoice {
  const classes = column.whole ? new Set(column.numbers) : undefined;
  if (classes && classes.size <= 2) {
    return { type: 'CATEGORICAL', reason: `the target is always ${[...classes].join(' or ')}: each is a class` };
  }
  const few = classes && classes.size <= 20 && column.filled >= 10 * classes.size;
  const advice = few ? `; only ${classes.size} whole numbers: declare it CATEGORICAL if they are classes` : '';
  return { type: 'NUMERIC', reason: describeNumeric(column) + advice };
}
