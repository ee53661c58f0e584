import { describe, expect, it } from 'vitest';
import { formatSchema } from '../../src/schema/format.js';
import { MAX_SCHEMA_LENGTH, parseSchema } from '../../src/schema/parse.js';
import type { Schema } from '../../src/schema/schema.js';

const schemaOf = (...names: string[]): Schema =>
  parseSchema({ attributes: names.map((attributeName) => ({ attributeName, attributeType: 'TEXT' })) }, 'x');

describe('formatSchema', () => {
  it('writes one attribute per line, and all members', () => {
    expect(formatSchema(schemaOf('a "b"', 'c'))).toBe(`{
  "version": "1.0",
  "rowId": null,
  "rowWeight": null,
  "targetAttributeName": null,
  "dataFormat": "CSV",
  "dataFileContainsHeader": false,
  "attributes": [
    { "attributeName": "a \\"b\\"", "attributeType": "TEXT" },
    { "attributeName": "c", "attributeType": "TEXT" }
  ],
  "excludedAttributeNames": []
}
`);
  });

  it('writes what can be read back, however long the names', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `${i}"${'n'.repeat(60)}`.slice(0, 64));
    const schema = schemaOf(...names);
    const text = formatSchema(schema);
    expect(text.length).toBeLessThanOrEqual(MAX_SCHEMA_LENGTH);
    expect(parseSchema(text, 'x')).toEqual(schema);
  });
});
