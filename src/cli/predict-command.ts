import { Command } from 'commander';

/** The options of `predict`, as commander gives them. */
export interface PredictFlags {
  record?: string;
  out?: string;
  home?: string;
}

const EXAMPLES = `
Examples:
  $ create-ml-model predict banking.model new.csv > predictions.csv
  $ create-ml-model predict banking.model new.csv.gz --out predictions.csv
  $ cat new.csv | create-ml-model predict banking.model - | head
  $ create-ml-model predict banking.model --record '{"age":"44","job":"blue-collar"}'
`;

/** The `predict` command; the work is loaded when it is run. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('predict with a model: a CSV file, or one record')
    .argument('<model>', 'model file, or the id of a kept model')
    .argument('[file]', 'CSV file or folder of them (gzip is unpacked), or - for standard input')
    .option('--record <json>', 'predict one record given as a JSON object')
    .option('-o, --out <file>', 'write the predictions to this file instead of standard output')
    .option('--home <folder>', 'folder that models are kept in')
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, file: string | undefined, flags: PredictFlags) => {
      const { predict } = await import('./predict.js');
      await predict(model, file, flags);
    });
}
