import { InvalidInput } from '../errors.js';
import type { Attribute, AttributeType, Schema } from '../schema/schema.js';
import { suggest } from '../suggest.js';
import type { ColumnKind, ColumnPlan } from './block.js';

const KINDS: Readonly<Record<AttributeType, ColumnKind>> = {
  NUMERIC: 'numeric',
  BINARY: 'binary',
  CATEGORICAL: 'categorical',
  TEXT: 'text',
};

/** How values of an attribute type are read. */
export function kindOfType(type: AttributeType): ColumnKind {
  return KINDS[type];
}

/**
 * How each attribute of a schema is read to learn from it: by its type, the row weight as a number; excluded ones and the row
 * id not at all.
 */
export function trainingPlan(schema: Schema): ColumnPlan[] {
  const skipped = new Set([schema.rowId, ...schema.excludedAttributeNames]);
  const kindOf = ({ attributeName: name, attributeType }: Attribute): ColumnKind => {
    if (name === schema.rowWeight) return 'numeric';
    return skipped.has(name) ? 'skip' : KINDS[attributeType];
  };
  return schema.attributes.map((attribute) => ({ name: attribute.attributeName, kind: kindOf(attribute) }));
}

/**
 * How the columns of a file are read by a model: matched to the model's schema by the names in the file's header, or by
 * position where it has none.
 *
 * @param names the header, or the number of columns
 * @param kindOf how to read an attribute of the schema; `skip`: it may be absent
 * @throws InvalidInput when an attribute that is read is absent, or twice there
 */
export function modelPlan(
  schema: Schema,
  names: readonly string[] | number,
  kindOf: (name: string) => ColumnKind,
  source: string,
): ColumnPlan[] {
  const kinds = new Map(schema.attributes.map((a) => [a.attributeName, kindOf(a.attributeName)]));
  if (typeof names === 'number') return planByPosition(schema, names, kinds, source);
  const found = new Set<string>();
  const plan = names.map((name): ColumnPlan => {
    const kind = kinds.get(name) ?? 'skip';
    if (kind !== 'skip' && found.has(name)) {
      throw new InvalidInput(`${source}: line 1: two columns are named '${name}'`, { hint: 'rename or remove one' });
    }
    found.add(name);
    return { name, kind };
  });
  const absent = [...kinds].filter(([name, kind]) => kind !== 'skip' && !found.has(name)).map(([name]) => name);
  if (absent.length > 0) throw absentColumns(absent, names, source);
  return plan;
}

function planByPosition(
  schema: Schema,
  columnCount: number,
  kinds: ReadonlyMap<string, ColumnKind>,
  source: string,
): ColumnPlan[] {
  const all = schema.attributes.map(({ attributeName: name }) => ({ name, kind: kinds.get(name)! }));
  if (columnCount === all.length) return all;
  const withoutTarget = all.filter(({ name }) => name !== schema.targetAttributeName);
  if (columnCount === withoutTarget.length) {
    const target = all.find(({ name }) => name === schema.targetAttributeName);
    if (target?.kind !== 'skip' && target?.kind !== 'raw') throw absentColumns([target!.name], [], source);
    return withoutTarget;
  }
  throw new InvalidInput(`${source}: line 1 has ${columnCount} fields where the model's schema has ${all.length}`, {
    hint: `columns in order: ${all.map(({ name }) => name).join(', ')}; the target may be absent in prediction`,
  });
}

function absentColumns(absent: readonly string[], names: readonly string[], source: string): InvalidInput {
  const close = suggest(absent[0], names);
  const list = absent.map((name) => `'${name}'`).join(', ');
  return new InvalidInput(
    `${source}: the model needs ${absent.length > 1 ? 'columns' : 'the column'} ${list}, not found`,
    {
      hint: close ? `is it the one named '${close}'?` : `columns of the file: ${names.join(', ')}`,
    },
  );
}
