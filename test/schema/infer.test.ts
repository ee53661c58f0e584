import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOfTexts } from '../../src/datasource/sample-column.js';
import { InvalidInput } from '../../src/errors.js';
import * as infers from '../../src/schema/infer.js';
import { parseSchema } from '../../src/schema/parse.js';

const repeat = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

/** Infer from columns of texts. */
function inferSchema(
  header: readonly string[] | undefined,
  columns: readonly (readonly string[])[],
  options?: { target?: string },
): ReturnType<typeof infers.inferSchema> {
  return infers.inferSchema(header, columns.map(sampleOfTexts), options);
}

/** Type and reason of one column, the target or not. */
function infer(values: readonly string[], target = false): { type: string; reason: string } {
  const { reasons } = inferSchema(['x'], [values], target ? { target: 'x' } : {});
  return { type: reasons[0].type, reason: reasons[0].reason };
}

function problem(action: () => unknown): InvalidInput {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return error as InvalidInput;
  }
  throw new Error('nothing was thrown');
}

describe('the inferred type of', () => {
  it.each<[string, readonly string[], string, string]>([
    ['numbers', ['5.1', '-2', '+1e3', '.5', '3.'], 'NUMERIC', 'all 5 values are numbers from -2 to 1000'],
    ['numbers, some empty', ['1.5', '', ' ', '2'], 'NUMERIC', 'all 2 values are numbers from 1.5 to 2; 2 empty'],
    [
      'numbers and a placeholder',
      [...repeat(97, (i) => `${i / 2}`), '?', '?', 'none'],
      'NUMERIC',
      "97.0% of 100 values are numbers from 0 to 48; placeholders, read as missing: '?' (2), 'none' (1)",
    ],
    [
      'numbers, a third NA',
      [...repeat(66, (i) => `${i / 2}`), ...repeat(34, () => 'NA')],
      'NUMERIC',
      "66.0% of 100 values are numbers from 0 to 32.5; placeholders, read as missing: 'NA' (34)",
    ],
    [
      'numbers and an odd word',
      [...repeat(99, (i) => `${i / 2}`), 'broken'],
      'NUMERIC',
      "99.0% of 100 values are numbers from 0 to 49; invalid, read as missing: 'broken' (1)",
    ],
    [
      'row numbers, in any order',
      repeat(30, (i) => `${((7 * i) % 30) + 1}`),
      'CATEGORICAL',
      "row numbers: 1 to 30, each once; set rowId to 'x', so that it is not learned from",
    ],
    ['a few consecutive numbers', ['1', '2', '3', '4'], 'NUMERIC', 'all 4 values are numbers from 1 to 4'],
    [
      'consecutive numbers from somewhere else than 0 or 1, such as years',
      repeat(30, (i) => `${1990 + i}`),
      'NUMERIC',
      "all 30 values are numbers from 1990 to 2019; nearly all are different whole numbers: if it is an id, set rowId to 'x', so that it is not learned from",
    ],
    ['one number throughout', ['7', '7.0', '7'], 'NUMERIC', 'all 3 values are 7; constant: nothing to learn from'],
    [
      'numbers with -999 among them',
      [...repeat(97, (i) => `${i / 2}`), '-999', '-999', '-999'],
      'NUMERIC',
      'all 100 values are numbers from -999 to 48; -999 (3 times) looks like a placeholder for a missing value: leave the field empty instead',
    ],
    [
      'numbers with 9999 and -99 among them',
      [...repeat(96, (i) => `${i % 40}`), '9999', '-99', '9999', '-99'],
      'NUMERIC',
      'all 100 values are numbers from -99 to 9999; 9999 (2 times) and -99 (2 times) look like placeholders for a missing value: leave the field empty instead',
    ],
    [
      'ages up to 99',
      [...repeat(97, (i) => `${i}`), '99', '99'],
      'NUMERIC',
      "all 99 values are numbers from 0 to 99; nearly all are different whole numbers: if it is an id, set rowId to 'x', so that it is not learned from",
    ],
    [
      'N/A among words',
      repeat(60, (i) => ['red', 'green', 'N/A'][i % 3]),
      'CATEGORICAL',
      "3 distinct values: red, green, N/A; 'N/A' (20 times) looks like a placeholder for a missing value",
    ],
    [
      'UUIDs',
      repeat(10, (i) => `1b4e28ba-2fa1-11d2-883f-0016d3cca42${i}`),
      'CATEGORICAL',
      "UUIDs: 10 of 10 values are different; set rowId to 'x', so that it is not learned from",
    ],
    ['numbers with white space of Unicode', ['\u00a01', '\u00a02'], 'CATEGORICAL', '2 distinct values: 1, 2'],
    ['codes with leading zeros', ['01067', '80331', '10115'], 'CATEGORICAL', "codes: '01067' has leading zeros"],
    ['fractions below one', ['0.25', '0', '-0.5'], 'NUMERIC', 'all 3 values are numbers from -0.5 to 0.25'],
    [
      'words and numbers',
      ['10', '20', 'many', 'few', 'some', '30'],
      'CATEGORICAL',
      '6 distinct values: 10, 20, many, …',
    ],
    [
      'hexadecimal numbers and infinity',
      ['0x1F', 'Infinity', '1_000'],
      'CATEGORICAL',
      '3 distinct values: 0x1F, Infinity, 1_000',
    ],
    ['0 and 1', ['0', '1', '1', ''], 'BINARY', 'all 3 values are 0 or 1; 1 empty'],
    ['yes and no in any case', ['Yes', 'no', ' NO '], 'BINARY', 'all 3 values are no or Yes'],
    ['t and f', ['t', 'F'], 'BINARY', 'all 2 values are F or t'],
    ['yes alone', ['yes', 'yes'], 'CATEGORICAL', '1 value: yes; constant: nothing to learn from'],
    ['a mixture of pairs', ['yes', 'no', 'true'], 'CATEGORICAL', '3 distinct values: yes, no, true'],
    ['1 and yes', ['1', 'no', '0'], 'CATEGORICAL', '3 distinct values: 1, no, 0'],
    ['yes, no and unknown', ['yes', 'no', 'unknown'], 'CATEGORICAL', '3 distinct values: yes, no, unknown'],
    ['0, 1 and 2', ['0', '1', '2'], 'NUMERIC', 'all 3 values are numbers from 0 to 2'],
    ['nothing', ['', ' ', ''], 'CATEGORICAL', 'all 3 values are empty'],
    ['single words', ['red', 'green', 'red', ''], 'CATEGORICAL', '2 distinct values: red, green; 1 empty'],
    ['sentences', ['the fox jumped', 'over the fence', 'and was gone'], 'TEXT', '3.0 words in a value on average'],
    [
      'mostly short, some long texts',
      ['ok', 'fine', `a ${'b '.repeat(20)}`],
      'TEXT',
      '7.7 words in a value on average',
    ],
    [
      'two words each',
      ['New York', 'Las Vegas', 'San Jose'],
      'CATEGORICAL',
      '3 distinct values: New York, Las Vegas, San Jose',
    ],
    [
      'addresses on the web',
      repeat(10, (i) => `https://example.org/${i}`),
      'TEXT',
      '10 of 10 values are distinct and long',
    ],
    [
      'a few phrases, often',
      repeat(60, (i) => ['never worked at all', 'works for the state', 'is self employed now'][i % 3]),
      'CATEGORICAL',
      '3 distinct values: never worked at all, works for the state, is self employed now',
    ],
  ])('%s', (_, values, type, reason) => {
    expect(infer(values)).toEqual({ type, reason });
  });
});

describe('an id', () => {
  const typeOf = (name: string, values: readonly string[]): string => inferSchema([name], [values]).reasons[0].type;
  const numbers = repeat(50, (i) => `${1000 + 37 * i}`);

  it.each([
    'id',
    'ID',
    'user_id',
    'userId',
    'customer-ID',
    'id.number',
    'key',
    'order key',
    'UUID',
    'PassengerId',
    'passengerid',
  ])('is known by the name %j and nearly distinct whole numbers', (name) => {
    expect(typeOf(name, numbers)).toBe('CATEGORICAL');
    expect(typeOf(name, [...numbers, '1000', '1037'])).toBe('CATEGORICAL');
  });

  it.each(['paid', 'grid', 'humid', 'width', 'idea', 'keyboard', 'price_index', 'liquid assets'])(
    'is not meant by the name %j',
    (name) => {
      expect(typeOf(name, numbers)).toBe('NUMERIC');
    },
  );

  it('is neither a fraction nor a number that comes back', () => {
    expect(
      typeOf(
        'id',
        repeat(50, (i) => `${i + 0.5}`),
      ),
    ).toBe('NUMERIC');
    expect(
      typeOf(
        'id',
        repeat(50, (i) => `${i % 40}`),
      ),
    ).toBe('NUMERIC');
  });

  it('may be a word, which is then no text however long', () => {
    const words = repeat(50, (i) => `customer-number-${i}-of-many`);
    expect(typeOf('customer_id', words)).toBe('CATEGORICAL');
    expect(typeOf('note', words)).toBe('TEXT');
  });

  it('can be a target of regression', () => {
    const { reasons } = inferSchema(['id'], [repeat(30, (i) => `${i + 1}`)], { target: 'id' });
    expect(reasons[0]).toMatchObject({ type: 'NUMERIC', reason: 'all 30 values are numbers from 1 to 30' });
  });
});

describe('the inferred type of a target', () => {
  it('is CATEGORICAL for at most 100 distinct phrases', () => {
    expect(
      infer(
        repeat(100, (i) => `class of kind ${i}`),
        true,
      ),
    ).toEqual({
      type: 'CATEGORICAL',
      reason: 'the target has 100 distinct values: each is a class',
    });
    const { message, hint } = problem(() =>
      infer(
        repeat(101, (i) => `class of kind ${i}`),
        true,
      ),
    );
    expect(message).toBe("target: 'x' has 101 distinct values of text");
    expect(hint).toMatch('at most 100 classes');
  });

  it('stays NUMERIC for numbers, and tells that few whole numbers may be classes', () => {
    expect(infer(['1.5', '2.5', '1.5'], true).type).toBe('NUMERIC');
    expect(infer(['1', '2', '3'], true)).toEqual({ type: 'NUMERIC', reason: 'all 3 values are numbers from 1 to 3' });
    expect(
      infer(
        repeat(70, (i) => `${(i % 7) + 1}`),
        true,
      ).reason,
    ).toBe('all 70 values are numbers from 1 to 7; only 7 whole numbers: declare it CATEGORICAL if they are classes');
  });

  it('is CATEGORICAL for two whole numbers, BINARY for 0 and 1', () => {
    expect(infer(['1', '2', '2'], true)).toEqual({
      type: 'CATEGORICAL',
      reason: 'the target is always 1 or 2: each is a class',
    });
    expect(infer(['-1', '1'], true).type).toBe('CATEGORICAL');
    expect(infer(['0', '1'], true).type).toBe('BINARY');
  });
});

describe('inferSchema', () => {
  const sample = [
    ['5.1', '4.9'],
    ['red', 'green'],
  ];

  it('makes a schema that parses', () => {
    const { schema, reasons } = inferSchema(['length', 'colour'], sample, { target: 'colour' });
    expect(schema).toEqual({
      version: '1.0',
      rowId: null,
      rowWeight: null,
      targetAttributeName: 'colour',
      dataFormat: 'CSV',
      dataFileContainsHeader: true,
      attributes: [
        { attributeName: 'length', attributeType: 'NUMERIC' },
        { attributeName: 'colour', attributeType: 'CATEGORICAL' },
      ],
      excludedAttributeNames: [],
    });
    expect(parseSchema(JSON.stringify(schema), 'x')).toEqual(schema);
    expect(reasons.map(({ attribute }) => attribute)).toEqual(['length', 'colour']);
  });

  it('names columns Var1, Var2, … without a header, and those without a name', () => {
    const names = (header: string[] | undefined) =>
      inferSchema(header, sample).schema.attributes.map((a) => a.attributeName);
    expect(names(undefined)).toEqual(['Var1', 'Var2']);
    expect(names(['', 'colour'])).toEqual(['Var1', 'colour']);
    expect(inferSchema(undefined, sample).schema.dataFileContainsHeader).toBe(false);
  });

  it('says how many values are missing', () => {
    expect(inferSchema(['a'], [['', '3', ' ']]).reasons[0].reason).toBe('the only value is 3; 2 empty');
  });

  it.each([
    [['a', 'a'], "line 1, column 2: 'a' is the name of column 1 already"],
    [['a'], 'columns in the header: 1; in the records: 2'],
    [['a', 'b', 'c'], 'columns in the header: 3; in the records: 2'],
    [
      ['a', 'n'.repeat(65)],
      `line 1, column 2: the name '${'n'.repeat(64)}…' has 65 characters; at most 64 are possible`,
    ],
  ])('refuses the header %j', (header, message) => {
    expect(problem(() => inferSchema(header, sample)).message).toBe(message);
  });

  it('refuses a target that is not there, and a sample without rows', () => {
    const { message, hint } = problem(() => inferSchema(['length', 'colour'], sample, { target: 'color' }));
    expect(message).toBe("target: unknown attribute 'color'");
    expect(hint).toBe("did you mean 'colour'? Attributes: length, colour");
    expect(problem(() => inferSchema(['a'], [[]])).message).toBe('no observations to infer attribute types from');
  });

  it('names what the columns may be separated by when there is only one', () => {
    const { message, hint } = problem(() => inferSchema(['a;b;y'], [['1;2;3']], { target: 'y' }));
    expect(message).toBe("target: unknown attribute 'y'; the only one is 'a;b;y'");
    expect(hint).toBe("columns must be separated by commas, not by ';'");
  });

  it('refuses more than 1,000 columns', () => {
    const names = repeat(1001, (i) => `x${i}`);
    const sample = names.map(() => ['1']);
    expect(problem(() => inferSchema(names, sample)).message).toBe(
      'the data: 1,001 columns; at most 1,000 are possible',
    );
  });

  it('takes doubles as they are printed for NUMERIC', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (numbers) => {
        const { type, reason } = infer(numbers.map(String));
        if (type === 'BINARY') expect(new Set(numbers.map((x) => x + 0))).toEqual(new Set([0, 1]));
        else expect([type, reason]).toEqual(['NUMERIC', expect.stringContaining(`${Math.min(...numbers) + 0}`)]);
      }),
    );
  });
});
