import { rm } from 'node:fs/promises';
import type { EntityKind, Job } from '../../store/entity.js';
import type { ExecuteJob, JobContext } from '../../store/work.js';
import { openLocations } from '../locations/locations.js';
import { resultPath } from '../paths.js';
import { predictInBatch } from './batch-prediction.js';
import { computeDataSource } from './data-source.js';
import { evaluateModel } from './evaluation.js';
import { trainMLModel } from './ml-model.js';
import type { JobWork } from './work.js';

const WORK: Readonly<Record<EntityKind, JobWork>> = {
  DataSource: computeDataSource,
  MLModel: trainMLModel,
  Evaluation: evaluateModel,
  BatchPrediction: predictInBatch,
};

/**
 * Do the work on an object: statistics, training, evaluation or batch prediction. Files are written whole; done again, it
 * writes the same ones. The CPU time is that of the process, so of all jobs that it does at once.
 *
 * @throws InvalidInput for what the user can repair, naming URIs
 * @throws the signal's reason when it is aborted
 */
export const executeJob: ExecuteJob = async (job, context) => {
  const before = process.cpuUsage();
  const places = openLocations({ home: context.home, ...(job.entity.facts.Places as object | undefined) });
  const facts = await WORK[job.kind](job.entity, { ...context, places });
  const { user, system } = process.cpuUsage(before);
  return { facts, computeTime: Math.max(1, Math.round((user + system) / 1000)) };
};

/** Remove what the work on an object wrote that was deleted meanwhile. */
export async function removeResults(job: Job, { store, home }: Pick<JobContext, 'store' | 'home'>): Promise<void> {
  const path = resultPath(home, job.kind, job.id);
  if (path !== undefined && store.get(job.kind, job.id)?.status === 'DELETED') await rm(path, { force: true });
}
