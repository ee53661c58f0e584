import { Command, Option } from 'commander';

/** The options of `infer-schema`, as commander gives them. */
export interface InferSchemaFlags {
  target?: string;
  explain?: boolean;
  output: 'schema' | 'json';
}

const EXAMPLES = `
The schema goes to standard output, explanations to standard error, so that the one can be kept and the other read.

Examples:
  $ machinelearning infer-schema banking.csv --target y --explain > banking.csv.schema
  $ machinelearning infer-schema data/ > data/.schema
  $ zcat big.csv.gz | machinelearning infer-schema - --output json
`;

/** The `infer-schema` command; the work is loaded when it is run. */
export function inferSchemaCommand(): Command {
  return new Command('infer-schema')
    .description('propose a schema for CSV data from its first 10,000 observations')
    .argument('<file>', 'CSV file (gzip is unpacked), folder of such files, or - for standard input')
    .option('-t, --target <name>', 'attribute to predict')
    .option('--explain', 'say for each attribute why it has its type, on standard error')
    .addOption(
      new Option('--output <form>', 'what to print: the schema, or a JSON object of schema and reasons')
        .choices(['schema', 'json'])
        .default('schema'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: InferSchemaFlags) => {
      const { inferSchemaOfFile } = await import('./infer-schema.js');
      await inferSchemaOfFile(file, flags);
    });
}
