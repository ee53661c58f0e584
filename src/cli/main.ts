#!/usr/bin/env node
import { Command } from 'commander';
import { VERSION } from '../version.js';
import { predictCommand } from './predict-command.js';
import { run } from './run.js';
import { describeTrain } from './train-command.js';

const program = describeTrain(new Command('create-ml-model'))
  .version(VERSION)
  .enablePositionalOptions()
  .addCommand(predictCommand());

await run(program);
