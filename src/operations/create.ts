import type { EntityKind } from '../store/entity.js';
import type { OperationContext } from './context.js';
import { nameOf } from './errors.js';
import { type Message, ServiceError } from './service.js';

/** What a create operation asks for. */
export interface Creation {
  readonly kind: EntityKind;
  readonly id: string;
  readonly name: string | undefined;
  /** Members of the call without id, name and passwords. */
  readonly request: Message;
}

/** What checking a call has found. */
export interface Checked {
  /** In wire form. */
  readonly facts: Message;
  /** Values of the kind's filter variables. */
  readonly filters: Readonly<Record<string, string>>;
}

/**
 * Make an object that does not exist yet; do nothing when an equal call has made it before.
 *
 * @param check looks at what the call refers to; not asked about a call that is repeated, since that may have changed
 * @throws ServiceError IdempotentParameterMismatchException when the id is taken by another call, or by a deleted object
 */
export async function create(
  context: OperationContext,
  creation: Creation,
  check: () => Checked | Promise<Checked>,
): Promise<void> {
  const { store, user, placeOptions } = context;
  const { kind, id, name, request } = creation;
  const known = store.get(kind, id);
  const { facts, filters } = known === undefined ? await check() : { facts: {}, filters: {} };
  const created = store.create({
    kind,
    id,
    name,
    request,
    facts: { CreatedByIamUser: user, Places: placeOptions, ...facts },
    fingerprint: canonical({ name, request }),
    filters: { IAMUser: user, ...filters },
  });
  if (created !== 'different') return;
  const deleted = store.get(kind, id)?.status === 'DELETED';
  throw new ServiceError(
    'IdempotentParameterMismatchException',
    deleted
      ? `The ${nameOf(kind, id)} was deleted; ids are not used again. Hint: choose another id`
      : `The ${nameOf(kind, id)} exists already, created with other parameters. Hint: choose another id`,
  );
}

/** JSON with the members of objects in order, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const texts = members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${texts.sort().join(',')}}`;
}
