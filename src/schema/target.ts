import { InvalidInput } from '../errors.js';
import { suggest } from '../suggest.js';
import type { Attribute, Schema } from './schema.js';

/**
 * The schema with another target.
 *
 * @throws InvalidInput when there is no such attribute, or it cannot be a target: TEXT, the row id or weight, excluded
 */
export function withTarget(schema: Schema, name: string): Schema {
  checkTarget(schema, name, 'target');
  return { ...schema, targetAttributeName: name };
}

/**
 * @param where beginning of the message: source and JSON path, or the name of the flag
 * @throws InvalidInput when the attribute does not exist or cannot be a target
 */
export function checkTarget(schema: Schema, name: string, where: string): void {
  const attribute = schema.attributes.find(({ attributeName }) => attributeName === name);
  if (attribute === undefined) throw unknownAttribute(name, schema.attributes, where);
  const refuse = (reason: string, hint: string): InvalidInput =>
    new InvalidInput(`${where}: '${name}' ${reason}`, { hint });
  if (name === schema.rowId)
    throw refuse('is the rowId, which is never learned', 'choose another target, or set rowId to null');
  if (name === schema.rowWeight) throw refuse('is the rowWeight', 'choose another target, or set rowWeight to null');
  if (schema.excludedAttributeNames.includes(name)) {
    throw refuse('is excluded', 'choose another target, or remove it from excludedAttributeNames');
  }
  if (attribute.attributeType === 'TEXT') {
    throw refuse(
      'is of type TEXT, for which there is no type of model',
      'declare it CATEGORICAL to predict one of several classes, BINARY for yes or no, NUMERIC for a number',
    );
  }
}

/** The error for a name that is not in the schema. */
export function unknownAttribute(name: string, attributes: readonly Attribute[], where: string): InvalidInput {
  const names = attributes.map(({ attributeName }) => attributeName);
  const close = suggest(name, names);
  const listed = names.length > 30 ? `${names.slice(0, 30).join(', ')}, … (${names.length} in all)` : names.join(', ');
  return new InvalidInput(`${where}: unknown attribute '${name}'`, {
    hint: `${close ? `did you mean '${close}'? ` : ''}Attributes: ${listed}`,
  });
}
