import { access } from 'node:fs/promises';
import { ENTITY_ID, homeFolder, modelPath } from './home.js';

/** A path as it is, or the kept model of that id. */
export async function findModel(name: string, home: string | undefined): Promise<string> {
  const exists = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  if (!ENTITY_ID.test(name) || (await exists(name))) return name;
  const kept = modelPath(homeFolder(home), name);
  return (await exists(kept)) ? kept : name;
}
