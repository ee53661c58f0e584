#!/usr/bin/env node
import { Command } from 'commander';
import { VERSION } from '../version.js';
import { checkRecipeCommand } from './check-recipe-command.js';
import { crossValidateCommand } from './cross-validate-command.js';
import { describeDataCommand } from './describe-data-command.js';
import { evaluateCommand } from './evaluate-command.js';
import { inferSchemaCommand } from './infer-schema-command.js';
import { predictCommand } from './predict-command.js';
import { run } from './run.js';
import { describeTrain } from './train-command.js';

const program = new Command('machinelearning')
  .description('train, evaluate and use machine learning models')
  .version(VERSION)
  .addCommand(inferSchemaCommand())
  .addCommand(describeDataCommand())
  .addCommand(checkRecipeCommand())
  .addCommand(describeTrain(new Command('create-ml-model')))
  .addCommand(evaluateCommand())
  .addCommand(crossValidateCommand())
  .addCommand(predictCommand());

await run(program);
