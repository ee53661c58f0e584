import type { Environment } from './environment.js';
import { InvalidInput } from './errors.js';
import { PLAYS } from './threads/plays.js';
import type { TrainModelOptions } from './train-model.js';
import type { TrainingResources } from './training/resources.js';

/** Less could not hold a piece of each bucket. */
const LEAST_MEMORY_BYTES = 2 ** 20;
const MOST_THREADS = 1024;
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/**
 * What a training may use, from its options and from what there is.
 *
 * @throws InvalidInput for numbers that make no sense, and for a checkpoint folder that cannot be made
 */
export async function openResources(
  { resources }: Environment,
  { threads, memory, checkpoint }: Pick<TrainModelOptions, 'threads' | 'memory' | 'checkpoint'>,
): Promise<TrainingResources> {
  const { openThreads, openSpill, openCrew, leastThreadedBytes } = resources;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
    throw new InvalidInput(`threads: '${threads}' is not possible`, {
      hint: `give a whole number from 1 to ${MOST_THREADS}`,
    });
  }
  resources.removeLeftovers();
  const count = threads ?? resources.threads();
  return {
    threads: count,
    memoryBytes: memory === undefined ? Math.max(LEAST_MEMORY_BYTES, resources.freeBytes() / 2) : readMemory(memory),
    openThreads,
    crew: count > 1 ? openCrew?.(count, PLAYS) : undefined,
    openSpill,
    leastThreadedBytes,
    checkpoint: checkpoint === undefined ? undefined : await resources.openCheckpoint(checkpoint),
  };
}

function readMemory(memory: number | string): number {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*$/i.exec(String(memory)) ?? [];
  const bytes = Math.floor(Number(amount) * UNITS[unit?.toUpperCase() ?? '']);
  if (bytes >= LEAST_MEMORY_BYTES && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  throw new InvalidInput(`memory: '${memory}' is not possible`, {
    hint: 'give 1M or more: a number of bytes, or one with K, M, G or T behind it, such as 256M',
  });
}
