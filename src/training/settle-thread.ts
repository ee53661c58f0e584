import type { Crew } from '../threads/crew.js';
import type { FromSettler, SettleThreadData } from '../threads/settle-role.js';

/**
 * Let a thread of a crew settle rows.
 *
 * @param slot 0 .. crew.size - 1
 * @throws what the thread failed with; the signal's reason when it is aborted
 */
export async function settleOnThread(
  crew: Crew,
  slot: number,
  data: SettleThreadData,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  let stop = (): void => {};
  const settled = new Promise<void>((resolve, reject) => {
    const wire = crew.open(slot, 'settle', data, {
      message: (_: FromSettler) => resolve(),
      fail: reject,
    });
    wire.waits(true);
    const abort = (): void => reject(signal!.reason);
    signal?.addEventListener('abort', abort);
    stop = () => {
      signal?.removeEventListener('abort', abort);
      wire.close();
    };
  });
  await settled.finally(() => stop());
}
