import { Command, Option } from 'commander';
import { rearrangementOption } from './rearrangement.js';

/** The options of `evaluate`, as commander gives them. */
export interface EvaluateFlags {
  dataRearrangement?: string;
  html?: string;
  home?: string;
  output: 'report' | 'json';
}

const EXAMPLES = `
Examples:
  $ machinelearning evaluate banking.model test.csv
  $ machinelearning evaluate banking.model test.csv --html evaluation.html
  $ machinelearning evaluate banking.model banking.csv \\
      --data-rearrangement '{"splitting":{"percentBegin":70,"percentEnd":100}}'
  $ machinelearning evaluate ml-5SqRkzO0n3W test.csv.gz --output json
`;

/** The `evaluate` command; the work is loaded when it is run. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure a model on data with known targets')
    .argument('<model>', 'model file, or the id of a kept model')
    .argument('<file>', 'CSV file with the target (gzip is unpacked), or - for standard input')
    .addOption(rearrangementOption('evaluate on'))
    .option('--html <file>', 'write a page with charts and a movable cut-off to this file')
    .option('--home <folder>', 'folder that models are kept in')
    .addOption(new Option('--output <form>', 'what to print').choices(['report', 'json']).default('report'))
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, file: string, flags: EvaluateFlags) => {
      const { evaluateFile } = await import('./evaluate.js');
      await evaluateFile(model, file, flags);
    });
}
