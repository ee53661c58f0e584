#!/usr/bin/env node
import { runRunnerProcess } from '../store/run-process.js';
import { compileLess } from './engine-flags.js';

/** Loaded with the first job: a runner that finds none, or another runner, has nothing to wait for. */
async function jobs(): Promise<typeof import('../operations/jobs/execute.js')> {
  const loaded = await import('../operations/jobs/execute.js');
  compileLess();
  return loaded;
}

void runRunnerProcess({
  execute: async (job, context) => (await jobs()).executeJob(job, context),
  onLost: async (job, context) => (await jobs()).removeResults(job, context),
});
