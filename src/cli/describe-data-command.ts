import { Command, Option } from 'commander';
import { PROGRESS_MODES, type ProgressMode } from './progress.js';
import { rearrangementOption } from './rearrangement.js';

/** The options of `describe-data`, as commander gives them. */
export interface DescribeDataFlags {
  target?: string;
  schema?: string;
  dataRearrangement?: string;
  html?: string;
  output: 'report' | 'json';
  progress: ProgressMode;
}

const EXAMPLES = `
Examples:
  $ machinelearning describe-data banking.csv --target y
  $ machinelearning describe-data banking.csv.gz --target y --html banking.html
  $ machinelearning describe-data banking.csv --data-rearrangement '{"splitting":{"percentEnd":10,"strategy":"random"}}'
  $ machinelearning describe-data banking.csv --output json | jq '.Attributes[] | {Name, Warnings}'
  $ zcat big.csv.gz | machinelearning describe-data -

The bar after each attribute is its correlation with the target: mutual information as a share of the target's entropy,
100 % when the attribute alone determines the target.
`;

/** The `describe-data` command; the work is loaded when it is run. */
export function describeDataCommand(): Command {
  return new Command('describe-data')
    .description('look at data: histograms, frequent values, correlation with the target, warnings')
    .argument('<file>', 'CSV file (gzip is unpacked), folder of CSV files, or - for standard input')
    .option('-t, --target <name>', "attribute to compare the others with (default: the schema's target, if any)")
    .option('--schema <file>', 'schema, JSON (default: FILE.schema beside the file, else inferred)')
    .addOption(rearrangementOption('look at'))
    .option('--html <file>', 'also write one self-contained page with charts to this file')
    .addOption(new Option('--output <form>', 'what to print').choices(['report', 'json']).default('report'))
    .addOption(
      new Option('--progress <form>', 'progress on standard error: a counter on a terminal, JSON lines, or none')
        .choices(PROGRESS_MODES)
        .default('auto'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: DescribeDataFlags) => {
      const { describeDataFile } = await import('./describe-data.js');
      await describeDataFile(file, flags);
    });
}
