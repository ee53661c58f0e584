import pc from 'picocolors';
import type { RecipeDescription, RecipeOutput } from '../describe-recipe.js';
import { formatCount } from '../format-count.js';
import { describeRecipe } from '../node.js';
import type { CheckRecipeFlags } from './check-recipe-command.js';
import { plural } from './report-lines.js';
import { interruptSignal } from './run.js';

/** `check-recipe RECIPE`: the compiled recipe, and with data the features of each output. */
export async function checkRecipeFile(recipe: string, flags: CheckRecipeFlags): Promise<void> {
  const description = await describeRecipe({
    recipe,
    schema: flags.schema,
    target: flags.target,
    data: flags.data === '-' ? process.stdin : flags.data,
    signal: interruptSignal(),
  });
  process.stdout.write(flags.output === 'json' ? formatJson(description) : report(description));
}

/** One line per output: type, number of features, expression. */
function report({ outputs, featureCount, observationCount }: RecipeDescription): string {
  const counted = observationCount !== undefined;
  const total = counted ? formatCount(featureCount as number) : '';
  const countWidth = Math.max(total.length, 'features'.length);
  const columns = (type: string, features: string, text: string): string =>
    `  ${type.padEnd(TYPE_WIDTH)}${counted ? `${features.padStart(countWidth)}  ` : ''}${text}\n`;
  const line = ({ expression, type, featureCount: features = 0 }: RecipeOutput): string =>
    columns(
      pc.cyan(type) + ' '.repeat(TYPE_WIDTH - type.length),
      counted ? formatCount(features) : '',
      printable(expression),
    );
  const end = counted ? columns('', total, `in ${plural(observationCount, 'observation')}, and a bias`) : '';
  return `${pc.dim(columns('type', 'features', plural(outputs.length, 'output')))}${outputs.map(line).join('')}${pc.dim(end)}`;
}

const TYPE_WIDTH = 'CATEGORICAL  '.length;

/** Control characters as escapes, so that names cannot write to the terminal what they like. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function formatJson({ outputs, featureCount, observationCount }: RecipeDescription): string {
  const document = {
    Outputs: outputs.map((output) => ({
      Expression: output.expression,
      Type: output.type,
      Attributes: output.attributes,
      FeatureCount: output.featureCount ?? null,
    })),
    FeatureCount: featureCount ?? null,
    ObservationCount: observationCount ?? null,
  };
  return `${JSON.stringify(document, null, 4)}\n`;
}
