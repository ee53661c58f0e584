import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput } from '../errors.js';

/**
 * Keep the file of a model of the service: it does not change after its training.
 *
 * @throws InvalidInput when the store of the home folder has, or had, a model of this id
 */
export async function refuseTakenId(home: string, id: string): Promise<void> {
  const hasStore = await access(join(home, 'store.sqlite')).then(
    () => true,
    () => false,
  );
  if (!hasStore) return;
  const { openStore } = await import('../store/store.js');
  const store = await openStore(home);
  try {
    if (store.get('MLModel', id) === undefined) return;
  } finally {
    store.close();
  }
  throw new InvalidInput(
    `--ml-model-id: '${id}' is the id of a model that was created with create-ml-model from a data source`,
    {
      hint: 'choose another id, or write the model to a file with --model-out',
    },
  );
}
