import type { MessagePort } from 'node:worker_threads';
import { InvalidInput } from '../errors.js';
import { instantiateKernel } from '../kernel/instantiate.js';
import { Runner } from '../training/runner.js';
import type { ShardPlan } from '../training/shards.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';
import { readSpilled } from './spill-files.js';

/** Does tasks on the rows. */
export function play(
  { module, memory, workspace, type, outputs, spill, visited, ...data }: ThreadData,
  port: MessagePort,
): void {
  const kernel = instantiateKernel(module, memory);
  const spilled = spill === undefined ? undefined : readSpilled(spill);
  const open = (plan: ShardPlan): Runner => new Runner({ kernel, memory, workspace, plan, type, outputs, spilled });
  let runner = open(data.plan);
  const count = (rows: number): undefined => {
    Atomics.add(visited, 0, rows);
  };
  const answer = (message: FromThread): void => port.postMessage(message);

  port.on('message', (message: ToThread) => {
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
