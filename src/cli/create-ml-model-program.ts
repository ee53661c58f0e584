import { Command } from 'commander';
import { VERSION } from '../version.js';
import { predictCommand } from './predict-command.js';
import { describeTrain } from './train-command.js';

/** The commands of `create-ml-model` that work on files. */
export function createMlModelProgram(): Command {
  return describeTrain(new Command('create-ml-model'))
    .version(VERSION)
    .enablePositionalOptions()
    .addCommand(predictCommand());
}
