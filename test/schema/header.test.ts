import { describe, expect, it } from 'vitest';
import { sampleOfTexts } from '../../src/datasource/sample-column.js';
import { InvalidInput } from '../../src/errors.js';
import { checkHeader, checkSameHeader, headerNames, looksLikeHeader } from '../../src/schema/header.js';
import { parseSchema } from '../../src/schema/parse.js';

const schema = parseSchema(
  {
    dataFileContainsHeader: true,
    attributes: [
      { attributeName: 'age', attributeType: 'NUMERIC' },
      { attributeName: 'job', attributeType: 'CATEGORICAL' },
      { attributeName: 'income', attributeType: 'NUMERIC' },
    ],
  },
  'x',
);

function problem(fields: string[]): InvalidInput {
  try {
    checkHeader(fields, schema, 'people.csv');
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return error as InvalidInput;
  }
  throw new Error('nothing was thrown');
}

describe('headerNames', () => {
  it('strips white space and a byte order mark, and names what has no name', () => {
    expect(headerNames(['\uFEFFage', ' job ', ''])).toEqual(['age', 'job', 'Var3']);
  });
});

describe('checkHeader', () => {
  it('accepts the names of the schema, white space aside', () => {
    checkHeader(['age', 'job', 'income'], schema, 'people.csv');
    checkHeader(['\uFEFFage', ' job', 'income '], schema, 'people.csv');
  });

  it('accepts names that have white space in the schema, too', () => {
    const spaced = parseSchema({ attributes: [{ attributeName: ' age', attributeType: 'NUMERIC' }] }, 'x');
    checkHeader([' age'], spaced, 'people.csv');
  });

  it.each([
    [
      ['age', 'occupation', 'income'],
      "people.csv: line 1, column 2: found the name 'occupation' where the schema has 'job'",
      'attributes are matched to columns by position: correct the name in the schema or in the file',
    ],
    [
      ['age', 'Job', 'income'],
      "people.csv: line 1, column 2: found the name 'Job' where the schema has 'job'",
      "spell the name the same in both; is it 'job'?",
    ],
    [
      ['income', 'job', 'age'],
      "people.csv: line 1, column 1: found the name 'income' where the schema has 'age'",
      "the names are the same in another order: list the schema's attributes in the order of the file: income, job, age",
    ],
    [
      ['age', 'income', 'city'],
      "people.csv: line 1, column 2: found the name 'income' where the schema has 'job'",
      'attributes are matched to columns by position: correct the name in the schema or in the file',
    ],
    [
      ['age', 'city', 'job'],
      "people.csv: line 1, column 2: found the name 'city' where the schema has 'job'",
      "the schema's 'job' is column 3 of the file; attributes are matched by position",
    ],
    [
      ['age', 'job'],
      'people.csv: line 1: the header has 2 columns, the schema has 3 columns',
      'not in the file: income',
    ],
    [
      ['id', 'age', 'job', 'income'],
      'people.csv: line 1: the header has 4 columns, the schema has 3 columns',
      'not in the schema: id',
    ],
    [
      ['age;job;income'],
      'people.csv: line 1: the header has 1 column, the schema has 3 columns',
      "columns must be separated by commas, not by ';'",
    ],
    [
      ['39', 'clerk', '1e4'],
      'people.csv: line 1 looks like data, but the schema says that it is a header: 39, clerk, 1e4',
      'set dataFileContainsHeader to false in the schema, or add a header to the file',
    ],
    [
      ['39', 'clerk', '', '7'],
      'people.csv: line 1 looks like data, but the schema says that it is a header: 39, clerk, , 7',
      'set dataFileContainsHeader to false in the schema, or add a header to the file',
    ],
    [
      ['39', 'job', '10'],
      "people.csv: line 1, column 1: found the name '39' where the schema has 'age'",
      'attributes are matched to columns by position: correct the name in the schema or in the file',
    ],
  ])('explains %j', (fields, message, hint) => {
    expect(problem(fields)).toMatchObject({ message, hint });
  });
});

describe('looksLikeHeader', () => {
  const below = [
    ['5.1', '4.9', ''],
    ['setosa', 'virginica', 'setosa'],
    ['yes', 'no', 'no'],
  ];
  const words = [
    ['red', 'blue', ''],
    ['setosa', 'virginica', 'setosa'],
    ['5', 'x', 'z'],
  ];

  it.each([
    [['length', 'species', 'wild'], true],
    [['', 'species', 'wild'], true],
    [['length', '', 'wild'], true],
    [['length', 'length', 'wild'], true],
    [['length', 'setosa', 'wild'], true],
    [['5.0', 'species', 'wild'], false],
    [['?', 'setosa', 'wild'], false],
    [['NA', 'species', 'yes'], false],
    [['?', 'species', 'wild'], true],
    [['length', '2024', 'wild'], true],
    [['', 'setosa', 'wild'], false],
    [['', '', ''], false],
  ])('judges %j over numbers', (first, header) => {
    expect(looksLikeHeader(first, below.map(sampleOfTexts))).toBe(header);
  });

  it.each([
    [['colour', 'species', 'size'], true],
    [['', 'species', 'size'], false],
    [['colour', 'colour', 'size'], false],
    [['red', 'species', 'size'], false],
    [['colour', 'species', 'x'], false],
  ])('judges %j over words', (first, header) => {
    expect(looksLikeHeader(first, words.map(sampleOfTexts))).toBe(header);
  });

  it('judges a lone line by whether it has numbers', () => {
    const nothing = [[], []].map(sampleOfTexts);
    expect(looksLikeHeader(['length', 'species'], nothing)).toBe(true);
    expect(looksLikeHeader(['5.1', 'setosa'], nothing)).toBe(false);
  });
});

describe('checkSameHeader', () => {
  const line = (source: string, ...fields: string[]) => ({ source, fields });

  it('accepts the same names, white space and byte order marks aside', () => {
    checkSameHeader([line('a.csv', 'x', ''), line('b.csv', '\uFEFFx ', ' ')]);
    checkSameHeader([line('a.csv', 'x')]);
  });

  it.each([
    [['x', 'y'], ['y', 'x'], "b.csv: line 1, column 1: found the name 'y' where a.csv has 'x'"],
    [['x', 'y'], ['x', 'Y'], "b.csv: line 1, column 2: found the name 'Y' where a.csv has 'y'"],
    [['x', 'y'], ['x'], 'b.csv: line 1: the header has 1 column, that of a.csv has 2 columns'],
  ])('refuses after %j the header %j', (first, other, message) => {
    expect(() => checkSameHeader([line('a.csv', ...first), line('b.csv', ...other)])).toThrow(InvalidInput);
    expect(() => checkSameHeader([line('a.csv', ...first), line('b.csv', ...other)])).toThrow(message);
  });
});
