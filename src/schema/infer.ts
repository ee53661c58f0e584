import type { ColumnTable } from 'arquero';
import { InvalidInput } from '../errors.js';
import { type ColumnSummary, summarizeColumn } from './column-summary.js';
import { columnName, headerNames } from './header.js';
import { inferType, type TypeChoice } from './infer-type.js';
import { MAX_ATTRIBUTES, MAX_NAME_LENGTH } from './parse.js';
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
 * numbers that are not 0 and 1 becomes CATEGORICAL. A target of other numbers stays NUMERIC (regression).
 *
 * @param header fields of the first line; undefined when the file has none, and names are Var1, Var2, …
 * @param sample rows after the header, columns of strings in file order, about 10,000 rows
 * @throws InvalidInput when names are too long or occur twice, when there are more than 1,000 columns, when the target is
 *   not there or cannot be a target, and when the sample has no rows
 */
export function inferSchema(
  header: readonly string[] | undefined,
  sample: ColumnTable,
  options: { target?: string } = {},
): { schema: Schema; reasons: InferenceReason[] } {
  const names = attributeNames(header, sample);
  const target = options.target ?? null;
  if (target !== null && !names.includes(target)) {
    const attributes = names.map((attributeName) => ({ attributeName, attributeType: 'TEXT' as const }));
    throw unknownAttribute(target, attributes, 'target');
  }
  if (sample.numRows() === 0) {
    throw new InvalidInput('no observations to infer attribute types from', {
      hint: header ? 'the data has a header and nothing after it' : 'the data is empty',
    });
  }
  const reasons = names.map((attribute, index): InferenceReason => {
    const column = summarizeColumn(sample, index);
    const choice = inferType(column);
    return { attribute, ...(attribute === target ? targetType(attribute, choice, column) : choice) };
  });
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

function attributeNames(header: readonly string[] | undefined, sample: ColumnTable): string[] {
  const names = header
    ? headerNames(header)
    : Array.from({ length: sample.numCols() }, (_, index) => columnName(index));
  if (names.length > MAX_ATTRIBUTES) {
    throw new InvalidInput(`the data has ${names.length} columns; at most ${MAX_ATTRIBUTES} are possible`, {
      hint: 'remove columns',
    });
  }
  names.forEach((name, index) => {
    const { length } = [...name];
    if (length > MAX_NAME_LENGTH) {
      const shown = [...name].slice(0, MAX_NAME_LENGTH).join('');
      throw new InvalidInput(
        `line 1, column ${index + 1}: the name '${shown}…' has ${length} characters; at most ${MAX_NAME_LENGTH} are possible`,
        { hint: 'is line 1 a header? If so, shorten the name' },
      );
    }
    const earlier = names.indexOf(name);
    if (earlier < index) {
      throw new InvalidInput(`line 1, column ${index + 1}: '${name}' is the name of column ${earlier + 1} already`, {
        hint: 'is line 1 a header? If so, give every column its own name',
      });
    }
  });
  if (names.length !== sample.numCols()) {
    throw new InvalidInput(`columns in the header: ${names.length}; in the records: ${sample.numCols()}`, {
      hint: 'every line must have as many fields as the header',
    });
  }
  return names;
}

function targetType(name: string, choice: TypeChoice, column: ColumnSummary): TypeChoice {
  const distinct = column.values.length;
  if (choice.type === 'TEXT') {
    if (distinct <= MAX_CLASSES) {
      return { type: 'CATEGORICAL', reason: `the target has ${distinct} distinct values: each is a class` };
    }
    throw new InvalidInput(`target: '${name}' has ${distinct.toLocaleString('en')} distinct values of text`, {
      hint: `a target is a number, yes or no, or one of at most ${MAX_CLASSES} classes`,
    });
  }
  if (choice.type !== 'NUMERIC') return choice;
  const numbers = column.numbers.filter((number) => number !== undefined);
  const classes = new Set(numbers);
  if (classes.size <= 2 && numbers.every(Number.isInteger)) {
    return { type: 'CATEGORICAL', reason: `the target is always ${[...classes].join(' or ')}: each is a class` };
  }
  const few = classes.size <= 20 && numbers.every(Number.isInteger) && column.filled >= 10 * classes.size;
  const advice = few ? `; only ${classes.size} whole numbers: declare it CATEGORICAL if they are classes` : '';
  return { type: 'NUMERIC', reason: choice.reason + advice };
}
