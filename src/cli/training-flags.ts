import type { TrainModelOptions } from '../train-model.js';
import { readParameters } from './parameters.js';
import type { TrainFlags } from './train-command.js';

/** What commands that train have in common: their flags as the library's options. */
export function trainingOptions(
  file: string,
  flags: Pick<TrainFlags, 'target' | 'schema' | 'recipe' | 'parameters' | 'mlModelType' | 'seed'>,
): Pick<TrainModelOptions, 'data' | 'target' | 'schema' | 'recipe' | 'parameters' | 'modelType' | 'seed'> {
  return {
    data: file === '-' ? process.stdin : file,
    target: flags.target,
    schema: flags.schema,
    recipe: flags.recipe,
    parameters: flags.parameters === undefined ? undefined : readParameters(flags.parameters),
    modelType: flags.mlModelType,
    seed: flags.seed,
  };
}
