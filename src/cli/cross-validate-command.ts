import { Command, Option } from 'commander';
import { MODEL_TYPES } from '../model/types.js';
import { PROGRESS_MODES } from './progress.js';

/** The options of `cross-validate`, as commander gives them. */
export interface CrossValidateFlags {
  target?: string;
  schema?: string;
  recipe?: string;
  parameters?: string;
  mlModelType?: (typeof MODEL_TYPES)[number];
  folds: string;
  strategy: 'random' | 'sequential';
  seed: string;
  threads?: string;
  memory?: string;
  output: 'report' | 'json';
  progress: (typeof PROGRESS_MODES)[number];
}

const EXAMPLES = `
Examples:
  $ machinelearning cross-validate banking.csv --target y
  $ machinelearning cross-validate banking.csv --target y --folds 10 --seed 1 --output json
  $ machinelearning cross-validate train.csv --target y --recipe recipe.json --parameters sgd.maxPasses=50
`;

/** The `cross-validate` command; the work is loaded when it is run. */
export function crossValidateCommand(): Command {
  return new Command('cross-validate')
    .description('train and evaluate on parts of the data in turn: how good a model is, and how sure that is')
    .argument('<file>', 'CSV file (gzip is unpacked), or - for standard input')
    .option('-t, --target <name>', "attribute to predict (default: the schema's target)")
    .option('--folds <count>', 'number of parts, 2 to 100', '5')
    .addOption(
      new Option('--strategy <strategy>', 'how the parts are made: at random, or one after the other in file order')
        .choices(['random', 'sequential'])
        .default('random'),
    )
    .option('--seed <text>', 'fixes the random parts and the shuffle', '')
    .option('--threads <count>', 'threads to train with; the model is the same (default: one per core)')
    .option(
      '--memory <size>',
      'memory for observations and columns, such as 256M or 4G (default: half of what is free)',
    )
    .option('--schema <file>', 'schema, JSON (default: FILE.schema beside the file, else inferred)')
    .option('--recipe <file>', 'recipe, JSON file or text (default: made from the data)')
    .option('--parameters <map>', 'training parameters, key=value,… or JSON: sgd.maxPasses, sgd.shuffleType, …')
    .addOption(
      new Option('--ml-model-type <type>', "type of model (default: by the target's type)").choices(MODEL_TYPES),
    )
    .addOption(new Option('--output <form>', 'what to print').choices(['report', 'json']).default('report'))
    .addOption(
      new Option('--progress <form>', 'progress on standard error: a bar on a terminal, JSON lines, or none')
        .choices(PROGRESS_MODES)
        .default('auto'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: CrossValidateFlags) => {
      const { crossValidateFile } = await import('./cross-validate.js');
      await crossValidateFile(file, flags);
    });
}
