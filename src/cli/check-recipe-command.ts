import { Command, Option } from 'commander';

/** The options of `check-recipe`, as commander gives them. */
export interface CheckRecipeFlags {
  schema?: string;
  data?: string;
  target?: string;
  output: 'report' | 'json';
}

const EXAMPLES = `
Each output is printed with groups and assignments expanded. With data it is fitted and encoded as in training, and the
features that it yields are counted.

Examples:
  $ machinelearning check-recipe recipe.json --schema banking.csv.schema
  $ machinelearning check-recipe recipe.json --data banking.csv --target y
  $ machinelearning check-recipe '{"outputs":["cartesian(job,marital)"]}' --schema banking.csv.schema --output json
`;

/** The `check-recipe` command; the work is loaded when it is run. */
export function checkRecipeCommand(): Command {
  return new Command('check-recipe')
    .description('check a recipe against a schema and print its outputs')
    .argument('<recipe>', 'recipe, JSON file or text')
    .option('--schema <file>', "schema, JSON (default: the data's)")
    .option('--data <file>', 'CSV file or folder to count the features on, or - for standard input')
    .option('-t, --target <name>', "attribute that is predicted (default: the schema's target)")
    .addOption(new Option('--output <form>', 'what to print').choices(['report', 'json']).default('report'))
    .addHelpText('after', EXAMPLES)
    .action(async (recipe: string, flags: CheckRecipeFlags) => {
      const { checkRecipeFile } = await import('./check-recipe.js');
      await checkRecipeFile(recipe, flags);
    });
}
