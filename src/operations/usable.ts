import { InvalidInput } from '../errors.js';
import type { Entity, EntityKind } from '../store/entity.js';
import type { Store } from '../store/store.js';
import { nameOf } from './errors.js';

/**
 * An object that another one is to be made from; its work need not be done yet.
 *
 * @param member of the call that names it
 * @throws InvalidInput when there is none, or it was deleted or has failed
 */
export function usable(store: Store, kind: EntityKind, id: string, member: string): Entity {
  const entity = store.get(kind, id);
  if (entity === undefined) {
    throw new InvalidInput(`${member}: there is no ${nameOf(kind, id)}`, { hint: 'create it first, or check the id' });
  }
  if (entity.status === 'DELETED') throw new InvalidInput(`${member}: the ${nameOf(kind, id)} was deleted`);
  if (entity.status === 'FAILED') {
    throw new InvalidInput(`${member}: the ${nameOf(kind, id)} has failed: ${entity.message}`, {
      hint: 'repair what its message names, and create another one',
    });
  }
  return entity;
}
