import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { worthThreads } from '../datasource/worth-threads.js';
import { startEarly } from '../threads/worker-crew.js';

/** More are started when the number has been checked. */
const MOST_EARLY = 64;

/**
 * Start the threads of a training while the rest of the program is loaded, where its data is a file that is worth them.
 *
 * @param threads as the user gave it, the calling one included; default: one per core
 */
export function startThreadsFor(file: string | undefined, threads: string | undefined): void {
  const count = threads === undefined ? availableParallelism() : Number(threads);
  if (file === undefined || !(count > 1 && count <= MOST_EARLY)) return;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() && worthThreads(stats.size, { isRunning: false })) startEarly(count - 1);
}
