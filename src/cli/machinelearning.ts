#!/usr/bin/env node
import { Command } from 'commander';
import { VERSION } from '../version.js';
import { predictCommand } from './predict-command.js';
import { run } from './run.js';
import { describeTrain } from './train-command.js';

const program = new Command('machinelearning')
  .description('train, evaluate and use machine learning models')
  .version(VERSION)
  .addCommand(describeTrain(new Command('create-ml-model')))
  .addCommand(predictCommand());

await run(program);
