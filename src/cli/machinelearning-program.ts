import { Command } from 'commander';
import { VERSION } from '../version.js';
import { checkRecipeCommand } from './check-recipe-command.js';
import { completionCommand } from './completion-command.js';
import { crossValidateCommand } from './cross-validate-command.js';
import { describeDataCommand } from './describe-data-command.js';
import { evaluateCommand } from './evaluate-command.js';
import { inferSchemaCommand } from './infer-schema-command.js';
import { predictCommand } from './predict-command.js';
import { serveCommand } from './serve-command.js';
import { describeTrain } from './train-command.js';

const SERVICE_NOTE = `
The service's commands: create-data-source-from-s3, get-ml-model, predict --ml-model-id …, wait … ; see 'machinelearning help'.
`;

/** The commands of `machinelearning` that work on files, and the server. */
export function machinelearningProgram(): Command {
  return new Command('machinelearning')
    .description('train, evaluate and use machine learning models')
    .version(VERSION)
    .addCommand(inferSchemaCommand())
    .addCommand(describeDataCommand())
    .addCommand(checkRecipeCommand())
    .addCommand(describeTrain(new Command('create-ml-model')))
    .addCommand(evaluateCommand())
    .addCommand(crossValidateCommand())
    .addCommand(predictCommand())
    .addCommand(serveCommand())
    .addCommand(completionCommand())
    .addHelpText('after', SERVICE_NOTE);
}
