import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileError, writeWhole } from '../datasource/files.js';
import { removeLeftovers } from '../datasource/temporary.js';
import type { PlaceResources } from '../environment.js';
import { InvalidInput } from '../errors.js';
import type { CheckpointStore } from '../training/checkpoint.js';
import { openThreads } from './pool.js';
import { openSpillFiles } from './spill-files.js';
import { openCrew } from './worker-crew.js';

/** Two threads take 60 to 80 ms to start; passes over so many bytes of rows take about four times as long. */
const LEAST_THREADED_BYTES = 2 ** 28;

const CHECKPOINT_FILE = 'training.checkpoint';

/** Threads, memory and disk of a Node process. */
export const nodeResources: PlaceResources = {
  threads: availableParallelism,
  freeBytes: () => process.availableMemory(),
  openCrew,
  openThreads,
  leastThreadedBytes: LEAST_THREADED_BYTES,
  openSpill: openSpillFiles,
  removeLeftovers: () => removeLeftovers(),
  openCheckpoint,
};

async function openCheckpoint(folder: string): Promise<CheckpointStore> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new InvalidInput(`${folder}: the folder for the checkpoint cannot be made`, {
      hint: 'name another with --checkpoint',
      cause,
    });
  }
  const name = join(folder, CHECKPOINT_FILE);
  return {
    name,
    read: () =>
      readFile(name).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw fileError(error, name);
      }),
    write: (bytes) => writeWhole(name, [bytes]),
    remove: () => rm(name, { force: true }),
  };
}
