import { type Command, Option } from 'commander';
import { MODEL_TYPES } from '../model/types.js';
import { startThreadsFor } from './early-threads.js';
import { PROGRESS_MODES } from './progress.js';
import { rearrangementOption } from './rearrangement.js';

/** The options of `create-ml-model FILE`, as commander gives them. */
export interface TrainFlags {
  target?: string;
  schema?: string;
  recipe?: string;
  parameters?: string;
  mlModelType?: (typeof MODEL_TYPES)[number];
  mlModelId?: string;
  split?: 'sequential' | 'random';
  trainPercent?: string;
  dataRearrangement?: string;
  seed: string;
  threads?: string;
  memory?: string;
  checkpoint?: string;
  evaluate?: string;
  html?: string;
  modelOut?: string;
  home?: string;
  output: 'report' | 'json';
  progress: (typeof PROGRESS_MODES)[number];
}

const EXAMPLES = `
Examples:
  $ create-ml-model banking.csv --target y
  $ create-ml-model banking.csv --target y --split random --seed 1 --output json
  $ create-ml-model banking.csv --target y --data-rearrangement '{"splitting":{"percentBegin":0,"percentEnd":70}}'
  $ create-ml-model train.csv --schema train.csv.schema --recipe recipe.json --evaluate test.csv
  $ create-ml-model train.csv --target y --parameters sgd.maxPasses=50,sgd.l2RegularizationAmount=1e-4
  $ zcat big.csv.gz | create-ml-model - --target y
`;

/** Adds what `create-ml-model FILE` takes to a command; the work is loaded when it is run. */
export function describeTrain(command: Command): Command {
  return command
    .description('train a model from a CSV file, evaluate it and keep it')
    .argument('[file]', 'CSV file or folder of them (gzip is unpacked), or - for standard input')
    .option('-t, --target <name>', "attribute to predict (default: the schema's target)")
    .option('--schema <file>', 'schema, JSON (default: FILE.schema beside the file, else inferred)')
    .option('--recipe <file>', 'recipe, JSON file or text (default: made from the data)')
    .option('--parameters <map>', 'training parameters, key=value,… or JSON: sgd.maxPasses, sgd.shuffleType, …')
    .addOption(
      new Option('--ml-model-type <type>', "type of model (default: by the target's type)").choices(MODEL_TYPES),
    )
    .option('--ml-model-id <id>', 'id to keep the model under (default: a random one)')
    .addOption(
      new Option(
        '--split <strategy>',
        'which part is kept for evaluation: the last, or a random one (default: sequential)',
      )
        .choices(['sequential', 'random'])
        .conflicts('evaluate'),
    )
    .addOption(new Option('--train-percent <percent>', 'share to learn from (default: 70)').conflicts('evaluate'))
    .addOption(
      rearrangementOption('learn from; without --evaluate nothing is evaluated').conflicts(['split', 'trainPercent']),
    )
    .option('--seed <text>', 'fixes the random split and the shuffle', '')
    .option('--threads <count>', 'threads to train with; the model is the same (default: one per core)')
    .option(
      '--memory <size>',
      'memory for observations and columns, such as 256M or 4G (default: half of what is free)',
    )
    .option('--checkpoint <folder>', 'keep the state of the training there, so that a killed run can go on')
    .option('--evaluate <file>', 'evaluate on this file instead of a part of the data')
    .option('--html <file>', 'write the evaluation as a page with charts to this file')
    .option('--model-out <file>', 'write the model to this file')
    .option('--home <folder>', 'folder to keep models in (default: $CREATE_ML_MODEL_HOME or the data folder)')
    .addOption(new Option('--output <form>', 'what to print').choices(['report', 'json']).default('report'))
    .addOption(
      new Option('--progress <form>', 'progress on standard error: a bar on a terminal, JSON lines, or none')
        .choices(PROGRESS_MODES)
        .default('auto'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: TrainFlags) => {
      startThreadsFor(file, flags.threads);
      const { trainFromFile } = await import('./train.js');
      await trainFromFile(file, flags);
    });
}
