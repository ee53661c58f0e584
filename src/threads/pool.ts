import { InvalidInput } from '../errors.js';
import type { Pool, ThreadsInput } from '../training/pool.js';
import type { FromThread, ThreadData, ThreadFailure, ToThread } from './messages.js';
import { openCrew } from './worker-crew.js';

/** Time between two looks at how far the threads are, ms. */
const LOOK_MS = 100;

/** One call of `Pool.run`. */
interface Round {
  answer(slot: number, index: number, result: number): void;
  fail(error: unknown): void;
}

/**
 * Threads over one shared memory, each with its own instance of the kernel; tasks go to whoever is free. Those of the run, where
 * there are enough; they end when it is aborted.
 */
export async function openThreads(input: ThreadsInput): Promise<Pool> {
  const { signal } = input;
  const count = input.workspaces.length;
  const own = input.crew !== undefined && input.crew.size >= count ? undefined : openCrew(count);
  const crew = own ?? input.crew!;
  signal?.throwIfAborted();
  const visited = new Int32Array(new SharedArrayBuffer(4));
  let round: Round | undefined;
  let broken: unknown;
  const fail = (error: unknown): void => {
    broken ??= error;
    round?.fail(error);
  };
  const wires = input.workspaces.map((workspace, slot) => {
    const { module, memory, plan, type, outputs, spill } = input;
    const data: ThreadData = { module, memory, workspace, plan, type, outputs, spill, visited };
    const wire = crew.open(slot, 'train', data, {
      message(message: FromThread) {
        if ('index' in message) round?.answer(slot, message.index, message.result);
        else fail(errorOf(message));
      },
      fail,
    });
    wire.waits(true);
    return wire;
  });
  const send = (slot: number, message: ToThread): void => wires[slot].post(message);
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', stop);
    for (const wire of wires.splice(0)) wire.close();
    await own?.close();
  };
  const stop = (): void => {
    fail(signal!.reason);
    void close();
    void crew.close();
  };
  signal?.addEventListener('abort', stop);

  return {
    slots: count,
    async run(tasks, make, settle, onRows) {
      if (broken !== undefined) throw broken;
      let seen = Atomics.load(visited, 0);
      const look = (): void => {
        const now = Atomics.load(visited, 0);
        onRows?.((now - seen) >>> 0);
        seen = now;
      };
      const timer = setInterval(look, LOOK_MS);
      try {
        await new Promise<void>((resolve, reject) => {
          const free = Array.from(wires.keys()).reverse();
          const answers = new Map<number, { slot: number; result: number }>();
          let next = 0;
          let settled = 0;
          const handOut = (): void => {
            while (free.length > 0 && next < tasks) {
              const slot = free.pop()!;
              send(slot, { index: next, task: make(next, slot) });
              next++;
            }
          };
          const settleReady = (): void => {
            for (let ready = answers.get(settled); ready !== undefined; ready = answers.get(settled)) {
              answers.delete(settled);
              settle(settled++, ready.result, ready.slot);
              free.push(ready.slot);
            }
            handOut();
            if (settled === tasks) resolve();
          };
          round = {
            fail: reject,
            answer(slot, index, result) {
              answers.set(index, { slot, result });
              try {
                settleReady();
              } catch (error) {
                reject(error);
              }
            },
          };
          settleReady();
        });
      } finally {
        round = undefined;
        clearInterval(timer);
      }
      look();
    },
    async replan(plan) {
      for (let slot = 0; slot < wires.length; slot++) send(slot, { plan });
    },
    close,
  };
}

function errorOf({ message, hint, repairable, stack }: ThreadFailure): Error {
  if (repairable) return new InvalidInput(message, { hint });
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
