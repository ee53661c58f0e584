#!/usr/bin/env node
import './engine-flags.js';
import { runRunnerProcess } from '../store/run-process.js';

/** Loaded with the first job: a runner that finds none, or another runner, has nothing to wait for. */
const jobs = () => import('../operations/jobs/execute.js');

void runRunnerProcess({
  execute: async (job, context) => (await jobs()).executeJob(job, context),
  onLost: async (job, context) => (await jobs()).removeResults(job, context),
});
