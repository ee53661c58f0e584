import type { ColumnKind, ColumnPlan } from '../datasource/block.js';
import type { Input } from '../datasource/input.js';
import { kindOfType, modelPlan } from '../datasource/plan.js';
import type { DataSource } from '../datasource/source.js';
import type { ModelState } from '../model/state.js';
import { attributesOf } from '../recipe/fitted.js';
import { checkSameHeader, headerNames } from '../schema/header.js';

/** How the target is to be read: not at all, as its text, or by its type. */
type TargetUse = 'skip' | 'label' | 'typed';

/** @param weighted the row weights are there, and are read next to a typed target */
function kindChooser(state: ModelState, targetUse: TargetUse, weighted = false): (name: string) => ColumnKind {
  const used = new Set(state.recipe.outputs.flatMap(attributesOf));
  const types = new Map(state.schema.attributes.map((a) => [a.attributeName, a.attributeType]));
  return (name) => {
    const kind = kindOfType(types.get(name)!);
    if (name === state.targetAttributeName) {
      if (targetUse === 'skip' || targetUse === 'typed') return targetUse === 'skip' ? 'skip' : kind;
      return kind === 'binary' ? 'binary' : 'raw';
    }
    if (name === state.schema.rowWeight) return targetUse === 'typed' && weighted ? 'numeric' : 'skip';
    if (name === state.schema.rowId) return targetUse === 'label' ? 'raw' : 'skip';
    return used.has(name) ? kind : 'skip';
  };
}

/** How the attributes of a model's schema are read for scoring: only those that the recipe uses. */
export function scoringPlan(state: ModelState, targetUse: TargetUse): ColumnPlan[] {
  const kindOf = kindChooser(state, targetUse);
  return state.schema.attributes.map(({ attributeName: name }) => ({ name, kind: kindOf(name) }));
}

/**
 * Open data for a model. Columns are found by name where the data has names, else by position.
 *
 * @param targetUse `label`: read the target's text where it is present; `typed`: it must be there
 */
export async function openForModel(
  state: ModelState,
  input: Input,
  targetUse: TargetUse,
): Promise<{ source: DataSource; plan: readonly ColumnPlan[] }> {
  const first = await input.firstFields();
  const known = new Set(state.schema.attributes.map(({ attributeName }) => attributeName));
  const trimmed = headerNames(first);
  const fields = input.named ? first : first.map((field, i) => (known.has(field) ? field : trimmed[i]));
  const target = state.targetAttributeName;
  const needed = scoringPlan(state, 'skip').filter(({ kind }) => kind !== 'skip');
  const named = input.named || state.schema.dataFileContainsHeader || needed.every(({ name }) => fields.includes(name));
  const hasTarget = named ? fields.includes(target) : fields.length === state.schema.attributes.length;
  if (named && !input.named) checkSameHeader(await input.firstLines());
  const use = targetUse === 'label' && !hasTarget ? 'skip' : targetUse;
  const { rowWeight } = state.schema;
  const weighted = rowWeight !== null && (!named || fields.includes(rowWeight));
  const plan = modelPlan(state.schema, named ? fields : fields.length, kindChooser(state, use, weighted), input.name);
  return { source: input.open(plan, named), plan };
}
