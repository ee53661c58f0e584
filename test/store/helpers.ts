import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityKind, Message, NewEntity } from '../../src/store/entity.js';
import { openStore, type Store } from '../../src/store/store.js';

/** A home folder for one block of a test, with a store; removed afterwards. */
export async function withStore<T>(body: (store: Store, home: string) => T | Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'create-ml-model-store-'));
  const store = await openStore(home);
  try {
    return await body(store, home);
  } finally {
    store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** An object to create; what is not said is empty. */
export function entity(kind: EntityKind, id: string, request: Message = {}, more: Partial<NewEntity> = {}): NewEntity {
  return {
    kind,
    id,
    name: undefined,
    request,
    fingerprint: JSON.stringify([more.name, request]),
    filters: {},
    ...more,
  };
}
