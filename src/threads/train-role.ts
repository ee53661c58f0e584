import { InvalidInput } from '../errors.js';
import { instantiateKernel } from '../kernel/instantiate.js';
import { otherWork } from '../other-work.js';
import { Runner } from '../training/runner.js';
import type { ShardPlan } from '../training/shards.js';
import type { Port } from './crew.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';
import { readSpilled } from './spill-files.js';

/** Time after which other work of the thread gets its turn, ms: others may wait for what it hands out. */
const TURN_MS = 2;

/** Does tasks on the rows. */
export function play(
  { module, memory, workspace, type, outputs, spill, visited, ...data }: ThreadData,
  port: Port,
): void {
  const kernel = instantiateKernel(module, memory);
  const spilled = spill === undefined ? undefined : readSpilled(spill);
  const open = (plan: ShardPlan): Runner => new Runner({ kernel, memory, workspace, plan, type, outputs, spilled });
  let runner = open(data.plan);
  let turn = performance.now();
  const count = (rows: number): Promise<void> | undefined => {
    Atomics.add(visited, 0, rows);
    if (performance.now() - turn < TURN_MS) return undefined;
    return otherWork().then(() => {
      turn = performance.now();
    });
  };
  const answer = (message: FromThread): void => port.answer(message);

  port.hear((message: ToThread) => {
    if ('plan' in message) {
      runner = open(message.plan);
      return;
    }
    const { index, task } = message;
    runner.run(task, count).then(
      (result) => answer({ index, result }),
      (error: unknown) => {
        const { message, stack } = error instanceof Error ? error : new Error(String(error));
        const hint = error instanceof InvalidInput ? error.hint : undefined;
        answer({ message, hint, stack, repairable: error instanceof InvalidInput });
      },
    );
  });
}
