import { InvalidInput } from '../errors.js';
import type { TrainModelOptions } from '../train-model.js';
import { readParameters } from './parameters.js';
import type { TrainFlags } from './train-command.js';

/** What commands that train have in common: their flags as the library's options. */
export function trainingOptions(
  file: string,
  flags: Pick<
    TrainFlags,
    'target' | 'schema' | 'recipe' | 'parameters' | 'mlModelType' | 'seed' | 'threads' | 'memory'
  >,
): Pick<
  TrainModelOptions,
  'data' | 'target' | 'schema' | 'recipe' | 'parameters' | 'modelType' | 'seed' | 'threads' | 'memory'
> {
  return {
    data: file === '-' ? process.stdin : file,
    target: flags.target,
    schema: flags.schema,
    recipe: flags.recipe,
    parameters: flags.parameters === undefined ? undefined : readParameters(flags.parameters),
    modelType: flags.mlModelType,
    seed: flags.seed,
    threads: readThreads(flags.threads),
    memory: flags.memory,
  };
}

function readThreads(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,2}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new InvalidInput(`--threads: '${text}' is not a number of threads`, {
    hint: 'give a whole number from 1 to 999; more than 8 do not help',
  });
}
