import type { ColumnKind, ColumnPlan } from '../datasource/block.js';
import type { Input } from '../datasource/input.js';
import { kindOfType, modelPlan } from '../datasource/plan.js';
import type { DataSource } from '../datasource/source.js';
import { InvalidInput } from '../errors.js';
import type { ModelState } from '../model/state.js';
import { attributesOf } from '../recipe/fitted.js';
import { checkHeader, checkSameHeader, headerNames } from '../schema/header.js';
import type { Schema } from '../schema/schema.js';

/** What of a model says which columns it reads. */
export type ColumnUser = Pick<ModelState, 'schema' | 'targetAttributeName' | 'recipe'>;

/** How the target is to be read: not at all, as its text, or by its type. */
type TargetUse = 'skip' | 'label' | 'typed';

interface ColumnUse {
  readonly target: TargetUse;
  /** Attribute that is copied to predictions as its text; null: none. */
  readonly rowId: string | null;
  /** The row weights are there, and are read next to a typed target. */
  readonly weighted: boolean;
}

function kindChooser(state: ColumnUser, use: ColumnUse): (name: string) => ColumnKind {
  const used = new Set(state.recipe.outputs.flatMap(attributesOf));
  const types = new Map(state.schema.attributes.map((a) => [a.attributeName, a.attributeType]));
  return (name) => {
    const kind = kindOfType(types.get(name)!);
    if (name === state.targetAttributeName) {
      if (use.target === 'skip' || use.target === 'typed') return use.target === 'skip' ? 'skip' : kind;
      return kind === 'binary' ? 'binary' : 'raw';
    }
    if (used.has(name)) return kind;
    if (name === state.schema.rowWeight) return use.target === 'typed' && use.weighted ? 'numeric' : 'skip';
    return name === use.rowId ? 'raw' : 'skip';
  };
}

/** How the attributes of a model's schema are read for scoring: only those that the recipe uses. */
export function scoringPlan(state: ColumnUser): ColumnPlan[] {
  const kindOf = kindChooser(state, { target: 'skip', rowId: null, weighted: false });
  return state.schema.attributes.map(({ attributeName: name }) => ({ name, kind: kindOf(name) }));
}

/** Data that is open for a model. */
export interface OpenForModel {
  readonly source: DataSource;
  readonly plan: readonly ColumnPlan[];
  /** Attribute whose text is copied to predictions, where it is read. */
  readonly rowId: string | null;
}

/**
 * Open data for a model. Columns are found by name where the data has names, else by position.
 *
 * @param targetUse `label`: read the text of target and row id where they are present; `typed`: the target must be there
 * @param given the data's own schema: names its columns, says whether there is a header, a row id, a target. Types are the
 *   model's. Not looked at for rows in memory
 */
export async function openForModel(
  state: ColumnUser,
  input: Input,
  targetUse: TargetUse,
  given?: Schema,
): Promise<OpenForModel> {
  if (given !== undefined && !input.named) return openGiven(state, input, targetUse, given);
  const first = await input.firstFields();
  const known = new Set(state.schema.attributes.map(({ attributeName }) => attributeName));
  const trimmed = headerNames(first);
  const fields = input.named ? first : first.map((field, i) => (known.has(field) ? field : trimmed[i]));
  const needed = scoringPlan(state).filter(({ kind }) => kind !== 'skip');
  const named = input.named || state.schema.dataFileContainsHeader || needed.every(({ name }) => fields.includes(name));
  const present = (name: string): boolean => (named ? fields.includes(name) : true);
  const complete = named || fields.length === state.schema.attributes.length;
  const hasTarget = complete && present(state.targetAttributeName);
  if (named && !input.named) checkSameHeader(await input.firstLines());
  const { rowWeight, rowId } = state.schema;
  const use = {
    target: targetUse === 'label' && !hasTarget ? 'skip' : targetUse,
    rowId: targetUse === 'label' && rowId !== null && present(rowId) ? rowId : null,
    weighted: rowWeight !== null && present(rowWeight),
  } as const;
  const plan = modelPlan(state.schema, named ? fields : fields.length, kindChooser(state, use), input.name);
  return { source: input.open(plan, named), plan, rowId: use.rowId };
}

/** Open data that comes with a schema of its own. */
async function openGiven(state: ColumnUser, input: Input, targetUse: TargetUse, given: Schema): Promise<OpenForModel> {
  const names = given.attributes.map(({ attributeName }) => attributeName);
  if (given.dataFileContainsHeader) {
    for (const { fields, source } of await input.firstLines()) checkHeader(fields, given, source);
  }
  const target = state.targetAttributeName;
  const rowId = targetUse === 'label' ? given.rowId : null;
  const { rowWeight } = state.schema;
  const kindOf = kindChooser(state, {
    target: targetUse === 'label' && given.targetAttributeName !== target ? 'skip' : targetUse,
    rowId,
    weighted: rowWeight !== null && names.includes(rowWeight),
  });
  const plan = modelPlan(state.schema, names, kindOf, input.name).map((column): ColumnPlan => {
    if (column.name !== rowId || column.kind === 'raw') return column;
    if (column.kind === 'skip') return { ...column, kind: 'raw' };
    throw new InvalidInput(`${input.name}: the row id '${rowId}' is an attribute that the model learned from`, {
      hint: 'set rowId to null in the schema of the data',
    });
  });
  return { source: input.open(plan, given.dataFileContainsHeader), plan, rowId };
}
