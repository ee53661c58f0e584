#!/usr/bin/env node
import { runKeptScript } from './kept-scripts.js';

runKeptScript('create-ml-model.js', process.argv[2] === 'predict' ? 'predict' : 'create-ml-model');
