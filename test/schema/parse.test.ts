import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { parseSchema } from '../../src/schema/parse.js';
import { withTarget } from '../../src/schema/target.js';

const attributes = [
  { attributeName: 'customerId', attributeType: 'CATEGORICAL' },
  { attributeName: 'jobDescription', attributeType: 'TEXT' },
  { attributeName: 'duration', attributeType: 'NUMERIC' },
  { attributeName: 'willRespond', attributeType: 'BINARY' },
];

/** The error of an action that must be the user's to repair. */
function problem(action: () => unknown): InvalidInput {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return error as InvalidInput;
  }
  throw new Error('nothing was thrown');
}
const parseProblem = (input: string | object): InvalidInput => problem(() => parseSchema(input, 'bank.schema'));

describe('parseSchema', () => {
  it('reads every member', () => {
    const document = {
      version: '1.0',
      rowId: 'customerId',
      rowWeight: null,
      targetAttributeName: 'willRespond',
      dataFormat: 'CSV',
      dataFileContainsHeader: true,
      attributes,
      excludedAttributeNames: ['duration'],
    };
    expect(parseSchema(JSON.stringify(document), 'bank.schema')).toEqual(document);
    expect(parseSchema(document, 'bank.schema')).toEqual(document);
  });

  it('fills in what is absent', () => {
    expect(parseSchema({ attributes }, 'bank.schema')).toEqual({
      version: '1.0',
      rowId: null,
      rowWeight: null,
      targetAttributeName: null,
      dataFormat: 'CSV',
      dataFileContainsHeader: false,
      attributes,
      excludedAttributeNames: [],
    });
  });

  it('reads the older names of the API documentation', () => {
    const schema = parseSchema(
      {
        version: '1.0',
        recordAnnotationFieldName: 'F1',
        recordWeightFieldName: 'F2',
        targetFieldName: 'F3',
        dataFormat: 'CSV',
        dataFileContainsHeader: true,
        attributes: [
          { fieldName: 'F1', fieldType: 'TEXT' },
          { fieldName: 'F2', fieldType: 'NUMERIC' },
          { fieldName: 'F3', fieldType: 'CATEGORICAL' },
          { fieldName: 'F4', fieldType: 'NUMERIC' },
        ],
        excludedVariableNames: ['F4'],
      },
      'old.schema',
    );
    expect(schema).toMatchObject({
      rowId: 'F1',
      rowWeight: 'F2',
      targetAttributeName: 'F3',
      excludedAttributeNames: ['F4'],
    });
    expect(schema.attributes[3]).toEqual({ attributeName: 'F4', attributeType: 'NUMERIC' });
  });

  it('accepts both names of a member when they agree', () => {
    const document = { attributes, targetAttributeName: 'willRespond', targetFieldName: 'willRespond' };
    expect(parseSchema(document, 'x').targetAttributeName).toBe('willRespond');
    expect(parseProblem({ ...document, targetFieldName: 'duration' }).message).toMatch(
      "targetFieldName: 'duration' contradicts targetAttributeName",
    );
  });

  it('ignores unknown members, but not misspelt ones', () => {
    expect(parseSchema({ attributes, comment: 'x' }, 'x').attributes).toHaveLength(4);
    const { message, hint } = parseProblem({ attributes, targetAttributName: 'willRespond' });
    expect(message).toBe('bank.schema: targetAttributName: not a member of a schema');
    expect(hint).toMatch("did you mean 'targetAttributeName'?");
  });

  it('ignores a byte order mark', () => {
    expect(parseSchema(`\uFEFF${JSON.stringify({ attributes })}`, 'x').attributes).toHaveLength(4);
  });

  it('has room for 1,000 attributes and names of 64 characters', () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({
      attributeName: `${i}`.padStart(64, '𝑥'),
      attributeType: 'NUMERIC',
    }));
    expect(parseSchema({ attributes: many }, 'x').attributes).toHaveLength(1000);
    expect(parseProblem({ attributes: [...many, ...attributes] }).message).toBe(
      'bank.schema: attributes: 1004 attributes; a schema has 1 to 1000',
    );
    expect(parseProblem({ attributes: [{ attributeName: 'n'.repeat(65), attributeType: 'TEXT' }] }).message).toMatch(
      /^bank.schema: attributes\[0\].attributeName: 'n+' has 65 characters; names have 1 to 64$/,
    );
  });

  it.each([
    [[], 'bank.schema: a schema is a JSON object, found an array'],
    [{}, 'bank.schema: attributes: missing'],
    [{ attributes: {} }, 'bank.schema: attributes: must be an array, found an object'],
    [{ attributes: [] }, 'bank.schema: attributes: 0 attributes; a schema has 1 to 1000'],
    [{ attributes: ['age'] }, "bank.schema: attributes[0]: must be an object, found 'age'"],
    [{ attributes: [{ attributeType: 'TEXT' }] }, 'bank.schema: attributes[0].attributeName: missing'],
    [
      { attributes: [{ attributeName: 7, attributeType: 'TEXT' }] },
      'bank.schema: attributes[0].attributeName: must be a string, found 7',
    ],
    [
      { attributes: [{ attributeName: '', attributeType: 'TEXT' }] },
      "bank.schema: attributes[0].attributeName: '' has 0 characters; names have 1 to 64",
    ],
    [{ attributes: [{ attributeName: 'a' }] }, 'bank.schema: attributes[0].attributeType: missing'],
    [
      { attributes: [...attributes, attributes[2]] },
      "bank.schema: attributes[4].attributeName: 'duration' is the name of attributes[2] already",
    ],
    [{ attributes, version: '2.0' }, "bank.schema: version: unknown version '2.0'"],
    [{ attributes, dataFormat: 'TSV' }, "bank.schema: dataFormat: unknown data format 'TSV'"],
    [
      { attributes, dataFileContainsHeader: 'true' },
      "bank.schema: dataFileContainsHeader: must be true or false, found 'true'",
    ],
    [{ attributes, rowId: 1 }, "bank.schema: rowId: must be an attribute's name or null, found 1"],
    [{ attributes, rowId: 'id' }, "bank.schema: rowId: unknown attribute 'id'"],
    [{ attributes, rowWeight: 'w' }, "bank.schema: rowWeight: unknown attribute 'w'"],
    [
      { attributes, excludedAttributeNames: 'duration' },
      "bank.schema: excludedAttributeNames: must be an array of names, found 'duration'",
    ],
    [
      { attributes, excludedAttributeNames: ['duration', 'x'] },
      "bank.schema: excludedAttributeNames[1]: unknown attribute 'x'",
    ],
    [
      { attributes, targetAttributeName: 'duration', rowId: 'duration' },
      "bank.schema: targetAttributeName: 'duration' is the rowId, which is never learned",
    ],
    [
      { attributes, targetAttributeName: 'duration', excludedAttributeNames: ['duration'] },
      "bank.schema: targetAttributeName: 'duration' is excluded",
    ],
    [
      { attributes, targetFieldName: 'jobDescription' },
      "bank.schema: targetFieldName: 'jobDescription' is of type TEXT, for which there is no type of model",
    ],
  ])('refuses %j', (document, message) => {
    expect(parseProblem(document).message).toBe(message);
  });

  it('suggests a type', () => {
    const { message, hint } = parseProblem({
      attributes: [attributes[0], { attributeName: 'age', attributeType: 'NUMERICAL' }],
    });
    expect(message).toBe("bank.schema: attributes[1].attributeType: unknown type 'NUMERICAL'");
    expect(hint).toBe("did you mean 'NUMERIC'? Types: BINARY, CATEGORICAL, NUMERIC, TEXT");
    const old = parseProblem({ attributes: [{ fieldName: 'F7', fieldType: 'WEIGHTED_INT_SEQUENCE' }] });
    expect(old.message).toMatch("attributes[0].fieldType: type 'WEIGHTED_INT_SEQUENCE' is not supported");
  });

  it('suggests a target, and lists the attributes', () => {
    const { message, hint } = parseProblem({ attributes, targetAttributeName: 'willrespond' });
    expect(message).toBe("bank.schema: targetAttributeName: unknown attribute 'willrespond'");
    expect(hint).toBe("did you mean 'willRespond'? Attributes: customerId, jobDescription, duration, willRespond");
  });

  it('refuses a text longer than 131,071 characters', () => {
    const text = JSON.stringify({ attributes });
    expect(parseSchema(text.padEnd(131_071), 'x').attributes).toHaveLength(4);
    expect(parseProblem(text.padEnd(131_072)).message).toBe(
      'bank.schema: the schema has 131,072 characters, more than 131,071',
    );
  });
});

describe('withTarget', () => {
  const schema = parseSchema({ attributes, rowId: 'customerId', excludedAttributeNames: ['jobDescription'] }, 'x');

  it('changes the target and nothing else', () => {
    expect(withTarget(schema, 'duration')).toEqual({ ...schema, targetAttributeName: 'duration' });
    expect(schema.targetAttributeName).toBeNull();
  });

  it('refuses what cannot be a target', () => {
    expect(problem(() => withTarget(schema, 'durations')).hint).toMatch(
      /^did you mean 'duration'\? Attributes: customerId, /,
    );
    expect(problem(() => withTarget(schema, 'customerId')).message).toBe(
      "target: 'customerId' is the rowId, which is never learned",
    );
    expect(problem(() => withTarget(schema, 'jobDescription')).message).toBe("target: 'jobDescription' is excluded");
    const text = parseSchema({ attributes }, 'x');
    expect(problem(() => withTarget(text, 'jobDescription')).message).toMatch('is of type TEXT');
  });
});
