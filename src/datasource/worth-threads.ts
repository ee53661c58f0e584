/** Stored size from which on threads that parse are worth their start. */
const LEAST_THREADED_BYTES = 28 * 2 ** 20;
/** The same for threads that are running. */
const LEAST_RUNNING_BYTES = 8 * 2 ** 20;

/** Whether threads are worth their start to parse so much. */
export function worthThreads(sizeInBytes: number | undefined, { isRunning }: { readonly isRunning: boolean }): boolean {
  return (sizeInBytes ?? 0) >= (isRunning ? LEAST_RUNNING_BYTES : LEAST_THREADED_BYTES);
}
