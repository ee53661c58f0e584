import { Model } from '../../model.js';
import { loadModel } from '../../node.js';
import { scoreThreshold } from '../ml-models.js';
import { modelPath } from '../paths.js';
import { stillThere, type WorkContext } from './work.js';

/** The model of an object that is COMPLETED, with the object's score threshold. */
export async function loadKept(id: string, { store, home }: WorkContext): Promise<Model> {
  const threshold = scoreThreshold(stillThere(store, 'MLModel', id));
  const { state, environment } = await loadModel(modelPath(home, id));
  return new Model({ ...state, scoreThreshold: threshold }, environment);
}
