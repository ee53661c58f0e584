import type { LearnedFeatures } from '../features/encode.js';
import type { FittedRecipe } from '../recipe/fitted.js';
import type { Schema } from '../schema/schema.js';
import type { Crew } from '../threads/crew.js';
import { VERSION } from '../version.js';
import { type CheckpointStore, sha256 } from './checkpoint.js';
import { formatParameters, type TrainingOptions } from './options.js';
import type { OpenThreads } from './pool.js';
import type { ShardPlan } from './shards.js';
import type { SpillStore } from './spill.js';

/** Bytes of a model that one weight counts for (observed in the service's logs). */
const BYTES_PER_WEIGHT = 96;

/** How many weights a model may have. */
export function weightLimit({ maxModelSizeInBytes }: Pick<TrainingOptions, 'maxModelSizeInBytes'>): number {
  return maxModelSizeInBytes / BYTES_PER_WEIGHT;
}

/** What a training may use of the place it runs in. */
export interface TrainingResources {
  /** 1 or more. */
  readonly threads: number;
  /** For encoded rows, and columns that are kept until they are encoded. */
  readonly memoryBytes: number;
  /** Absent: everything in the calling thread. */
  readonly openThreads?: OpenThreads;
  /** The threads of the run; absent where there is one thread. */
  readonly crew?: Crew;
  /** Bytes of rows times passes from which on threads are worth their start. */
  readonly leastThreadedBytes: number;
  /** Absent: all rows stay in memory. */
  openSpill?(): Promise<SpillStore>;
  readonly checkpoint?: CheckpointStore;
}

const KERNEL_MEMORY_BYTES = 2 ** 32;
/** Beside rows and weights: windows, scratch, what allocation leaves over. */
const OTHER_BYTES = 2 ** 28;
/** Of a weight in a thread: 16 with its optimizer state and 8 of sums in stage 1, up to 32 in stage 2. */
const WEIGHT_BYTES = 32;
/** Of the shortest row that is on a list of where rows are, and of its place there. */
const LEAST_ROW_BYTES = 32;
const PLACE_BYTES = 4;

/** Share of the memory that columns may take: rows take about as much, or twice with pairs of words. */
const COLUMN_SHARE = 1 / 3;

/** How many bytes of columns may be kept until they are encoded. */
export function columnLimit({ memoryBytes }: Pick<TrainingResources, 'memoryBytes'>): number {
  return Math.floor(memoryBytes * COLUMN_SHARE);
}

/** How many bytes of rows may lie in kernel memory, which ends at 4 GiB. */
export function rowLimit(memoryBytes: number, threads: number, weightCount: number): number {
  const weightBytes = 2 * weightCount * WEIGHT_BYTES * (Math.min(threads, 8) + 1);
  const room = KERNEL_MEMORY_BYTES - OTHER_BYTES - Math.min(weightBytes, KERNEL_MEMORY_BYTES / 2);
  return Math.min(memoryBytes, room / (1 + PLACE_BYTES / LEAST_ROW_BYTES));
}

/** What sorting rows to disk and back takes beside them: a share of the memory, and bytes of each thread. */
const SORTING_SHARE = 1 / 4;
const SORTING_THREAD_BYTES = 20 * 2 ** 20;

/** How many bytes of rows may lie in memory where others go to disk. */
export function spillLimit(limitBytes: number, threads: number): number {
  return Math.max(limitBytes / 2, limitBytes * (1 - SORTING_SHARE) - threads * SORTING_THREAD_BYTES);
}

/** Threads that are running already are worth their part for so much less. */
const RUNNING_RATIO = 1 / 4;

/** How many threads to train with: one where more are not worth their start. */
export function threadsFor(plan: ShardPlan, { maxPasses }: TrainingOptions, resources: TrainingResources): number {
  const { crew, leastThreadedBytes, threads } = resources;
  const least = crew?.isRunning ? leastThreadedBytes * RUNNING_RATIO : leastThreadedBytes;
  return plan.bytes * maxPasses < least ? 1 : threads;
}

/**
 * What a checkpoint belongs to, 64 hexadecimal digits: everything that the model depends on.
 *
 * @param digest of the rows
 */
export function identity(
  { schema, options, seed }: { readonly schema: Schema; readonly options: TrainingOptions; readonly seed: string },
  recipe: FittedRecipe,
  { features, rowsPerFeature }: LearnedFeatures,
  rowCount: number,
  digest: string,
): Promise<string> {
  const parameters = formatParameters(options);
  const text = JSON.stringify([VERSION, schema, parameters, seed, recipe, features.size, rowCount, digest]);
  return sha256(new TextEncoder().encode(text), new Uint8Array(rowsPerFeature.buffer));
}
