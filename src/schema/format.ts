import { MAX_SCHEMA_LENGTH } from './parse.js';
import type { Schema } from './schema.js';

/** A schema as JSON text for people: one attribute per line; all on one line where it would be too long to be read back. */
export function formatSchema(schema: Schema): string {
  const members = Object.entries(schema).map(([name, value]) => {
    const text = name === 'attributes' ? formatAttributes(schema) : JSON.stringify(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  const text = `{\n${members.join(',\n')}\n}\n`;
  return text.length <= MAX_SCHEMA_LENGTH ? text : JSON.stringify(schema);
}

function formatAttributes({ attributes }: Schema): string {
  const lines = attributes.map(({ attributeName, attributeType }) => {
    return `    { "attributeName": ${JSON.stringify(attributeName)}, "attributeType": ${JSON.stringify(attributeType)} }`;
  });
  return `[\n${lines.join(',\n')}\n  ]`;
}
