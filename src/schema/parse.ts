import { InvalidInput } from '../errors.js';
import { formatCount } from '../format-count.js';
import { suggest } from '../suggest.js';
import { parseJson } from './json.js';
import { ATTRIBUTE_TYPES, type Attribute, type AttributeType, type Schema } from './schema.js';
import { checkTarget, unknownAttribute } from './target.js';

export const MAX_ATTRIBUTES = 1000;
/** Characters in an attribute's name. */
export const MAX_NAME_LENGTH = 64;
/** Characters in the text of a schema. */
export const MAX_SCHEMA_LENGTH = 131_071;

/** The members of a schema, each with the name it had in the older dialect of the service's API documentation. */
const SCHEMA_MEMBERS = {
  version: 'version',
  rowId: 'recordAnnotationFieldName',
  rowWeight: 'recordWeightFieldName',
  targetAttributeName: 'targetFieldName',
  dataFormat: 'dataFormat',
  dataFileContainsHeader: 'dataFileContainsHeader',
  attributes: 'attributes',
  excludedAttributeNames: 'excludedVariableNames',
} as const;
const ATTRIBUTE_MEMBERS = { attributeName: 'fieldName', attributeType: 'fieldType' } as const;
/** Types of the older dialect whose syntax was never documented. */
const UNDOCUMENTED_TYPES = ['WEIGHTED_INT_SEQUENCE', 'WEIGHTED_STRING_SEQUENCE'];

type JsonObject = Readonly<Record<string, unknown>>;

/** A member's value, and where it stands: `attributes[3].attributeType`. */
interface Member {
  readonly path: string;
  readonly value: unknown;
}

/**
 * Read a data schema, in the spelling of API 2014-12-12 or in the older one (`fieldName`, `targetFieldName`, …).
 *
 * Defaults: version '1.0', dataFormat 'CSV', no header, nothing excluded, no target, no row id. Members with other names
 * are ignored unless they look like a misspelling.
 *
 * @param input JSON text, at most 131,071 characters, or the parsed document
 * @param source file name, for messages
 * @throws InvalidInput naming the source, the JSON path and the value
 */
export function parseSchema(input: string | object, source: string): Schema {
  const document = typeof input === 'string' ? parseText(input, source) : input;
  if (!isObject(document)) {
    throw new InvalidInput(`${source}: a schema is a JSON object, found ${describe(document)}`, {
      hint: 'write { "version": "1.0", "attributes": [ … ] }',
    });
  }
  checkMembers(document, SCHEMA_MEMBERS, source, '');
  const member = (name: keyof typeof SCHEMA_MEMBERS): Member =>
    readMember(document, name, SCHEMA_MEMBERS[name], source);
  const attributes = readAttributes(member('attributes'), source);
  const reference = (name: 'rowId' | 'rowWeight' | 'targetAttributeName'): string | null =>
    readReference(member(name), attributes, source);
  const schema: Schema = {
    version: readVersion(member('version'), source),
    rowId: reference('rowId'),
    rowWeight: reference('rowWeight'),
    targetAttributeName: reference('targetAttributeName'),
    dataFormat: readDataFormat(member('dataFormat'), source),
    dataFileContainsHeader: readBoolean(member('dataFileContainsHeader'), source),
    attributes,
    excludedAttributeNames: readExcluded(member('excludedAttributeNames'), attributes, source),
  };
  if (schema.targetAttributeName !== null) {
    checkTarget(schema, schema.targetAttributeName, `${source}: ${member('targetAttributeName').path}`);
  }
  return schema;
}

function parseText(text: string, source: string): unknown {
  if (text.length > MAX_SCHEMA_LENGTH) {
    throw new InvalidInput(
      `${source}: the schema has ${formatCount(text.length)} characters, more than ${formatCount(MAX_SCHEMA_LENGTH)}`,
      { hint: 'is this the schema, and not the data? Otherwise shorten names or remove indentation' },
    );
  }
  return parseJson(text, source);
}

function checkMembers(
  object: JsonObject,
  members: Readonly<Record<string, string>>,
  source: string,
  path: string,
): void {
  const known = [...new Set(Object.entries(members).flat())];
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const close = suggest(name, known);
    if (close === undefined) continue;
    throw new InvalidInput(`${source}: ${path}${name}: not a member of a schema`, {
      hint: `did you mean '${close}'? Members: ${Object.keys(members).join(', ')}`,
    });
  }
}

/** A member under its name or its older name; absent and null are both null. */
function readMember(object: JsonObject, name: string, olderName: string, source: string, path = ''): Member {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  const older = Object.hasOwn(object, olderName) ? object[olderName] : undefined;
  if (value === undefined && older !== undefined) return { path: path + olderName, value: older };
  if (older !== undefined && JSON.stringify(older) !== JSON.stringify(value)) {
    throw new InvalidInput(
      `${source}: ${path}${olderName}: ${describe(older)} contradicts ${path}${name}, which is ${describe(value)}`,
      { hint: `'${olderName}' is the older name of '${name}': remove one of them` },
    );
  }
  return { path: path + name, value: value ?? null };
}

function readVersion({ path, value }: Member, source: string): '1.0' {
  if (value === null || value === '1.0' || value === 1) return '1.0';
  throw new InvalidInput(`${source}: ${path}: unknown version ${describe(value)}`, { hint: 'write "version": "1.0"' });
}

function readDataFormat({ path, value }: Member, source: string): 'CSV' {
  if (value === null || value === 'CSV') return 'CSV';
  throw new InvalidInput(`${source}: ${path}: unknown data format ${describe(value)}`, {
    hint: 'only "CSV" exists: comma-separated, one observation per line',
  });
}

function readBoolean({ path, value }: Member, source: string): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new InvalidInput(`${source}: ${path}: must be true or false, found ${describe(value)}`, {
    hint: 'write true or false without quotes',
  });
}

function readAttributes({ path, value }: Member, source: string): Attribute[] {
  if (!Array.isArray(value)) {
    const found = value === null ? 'missing' : `must be an array, found ${describe(value)}`;
    throw new InvalidInput(`${source}: ${path}: ${found}`, {
      hint: 'list the columns in order: [{ "attributeName": "age", "attributeType": "NUMERIC" }, …]',
    });
  }
  if (value.length === 0 || value.length > MAX_ATTRIBUTES) {
    throw new InvalidInput(`${source}: ${path}: ${value.length} attributes; a schema has 1 to ${MAX_ATTRIBUTES}`, {
      hint: value.length === 0 ? 'list one attribute per column of the data' : 'remove columns from the data',
    });
  }
  const attributes = value.map((entry, index) => readAttribute(entry, `${path}[${index}]`, source));
  const indices = new Map<string, number>();
  attributes.forEach(({ attributeName }, index) => {
    const earlier = indices.get(attributeName);
    if (earlier !== undefined) {
      throw new InvalidInput(
        `${source}: ${path}[${index}].attributeName: '${attributeName}' is the name of ${path}[${earlier}] already`,
        { hint: 'give every attribute its own name' },
      );
    }
    indices.set(attributeName, index);
  });
  return attributes;
}

function readAttribute(entry: unknown, path: string, source: string): Attribute {
  if (!isObject(entry)) {
    throw new InvalidInput(`${source}: ${path}: must be an object, found ${describe(entry)}`, {
      hint: 'write { "attributeName": "age", "attributeType": "NUMERIC" }',
    });
  }
  checkMembers(entry, ATTRIBUTE_MEMBERS, source, `${path}.`);
  const member = (name: keyof typeof ATTRIBUTE_MEMBERS): Member =>
    readMember(entry, name, ATTRIBUTE_MEMBERS[name], source, `${path}.`);
  return {
    attributeName: readName(member('attributeName'), entry, source),
    attributeType: readType(member('attributeType'), entry, source),
  };
}

function readName({ path, value }: Member, entry: JsonObject, source: string): string {
  if (typeof value !== 'string') {
    throw new InvalidInput(
      `${source}: ${path}: ${value === null ? 'missing' : `must be a string, found ${describe(value)}`}`,
      {
        hint: `members found: ${Object.keys(entry).join(', ') || 'none'}`,
      },
    );
  }
  const { length } = [...value];
  if (length >= 1 && length <= MAX_NAME_LENGTH) return value;
  throw new InvalidInput(
    `${source}: ${path}: ${describe(value)} has ${length} characters; names have 1 to ${MAX_NAME_LENGTH}`,
    {
      hint:
        length === 0 ? 'name the attribute after its column' : 'shorten the name here and in the header of the data',
    },
  );
}

function readType({ path, value }: Member, entry: JsonObject, source: string): AttributeType {
  const known = ATTRIBUTE_TYPES.find((type) => type === value);
  if (known) return known;
  const types = `Types: ${ATTRIBUTE_TYPES.join(', ')}`;
  if (value === null) {
    throw new InvalidInput(`${source}: ${path}: missing`, {
      hint: `members found: ${Object.keys(entry).join(', ')}. ${types}`,
    });
  }
  if (typeof value === 'string' && UNDOCUMENTED_TYPES.includes(value)) {
    throw new InvalidInput(`${source}: ${path}: type '${value}' is not supported; its syntax was never documented`, {
      hint: types,
    });
  }
  const close = typeof value === 'string' ? suggest(value, ATTRIBUTE_TYPES) : undefined;
  throw new InvalidInput(`${source}: ${path}: unknown type ${describe(value)}`, {
    hint: close ? `did you mean '${close}'? ${types}` : types,
  });
}

function readReference({ path, value }: Member, attributes: readonly Attribute[], source: string): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') {
    throw new InvalidInput(`${source}: ${path}: must be an attribute's name or null, found ${describe(value)}`, {
      hint: 'names stand in double quotes',
    });
  }
  if (attributes.some(({ attributeName }) => attributeName === value)) return value;
  throw unknownAttribute(value, attributes, `${source}: ${path}`);
}

function readExcluded({ path, value }: Member, attributes: readonly Attribute[], source: string): string[] {
  if (value === null) return [];
  if (!Array.isArray(value)) {
    throw new InvalidInput(`${source}: ${path}: must be an array of names, found ${describe(value)}`, {
      hint: 'write [] to exclude nothing',
    });
  }
  const names = value.map((name: unknown, index) => {
    const entry = { path: `${path}[${index}]`, value: name ?? 'null' };
    return readReference(entry, attributes, source)!;
  });
  return [...new Set(names)];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value for messages, at most 80 characters. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') return `'${value.length > 78 ? `${value.slice(0, 77)}…` : value}'`;
  return String(value);
}
