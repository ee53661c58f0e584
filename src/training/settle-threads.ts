import type { Crew, Wire } from '../threads/crew.js';
import type { FromSettler, SettleThreadData, ToSettler } from '../threads/settle-role.js';

/**
 * Let threads of a crew settle rows, whoever is free the next ones.
 *
 * @param slots each 0 .. crew.size - 1
 * @param jobs what to tell the thread, given the number of its slot
 * @throws what a thread failed with; the signal's reason when it is aborted
 */
export async function settleOnThreads(
  crew: Crew,
  slots: readonly number[],
  data: SettleThreadData,
  jobs: readonly ((slot: number) => ToSettler)[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const wires: Wire[] = [];
  let abort = (): void => {};
  const settled = new Promise<void>((resolve, reject) => {
    let next = 0;
    let done = 0;
    abort = () => reject(signal!.reason);
    signal?.addEventListener('abort', abort);
    for (const slot of slots) {
      const give = (): void => {
        if (next < jobs.length) wire.post(jobs[next++](slot));
      };
      const message = (_: FromSettler): void => {
        if (++done === jobs.length) resolve();
        else give();
      };
      const wire = crew.open(slot, 'settle', data, { message, fail: reject });
      wire.waits(true);
      wires.push(wire);
      give();
    }
  });
  await settled.finally(() => {
    signal?.removeEventListener('abort', abort);
    for (const wire of wires) wire.close();
  });
}
