// What a thread runs: it waits for roles to play. Started by `worker-crew.ts`.

import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Role } from './crew.js';
import { PLAYS } from './plays.js';

/** What a thread is told to begin a role. */
export interface RoleStart {
  readonly role: Role;
  readonly data: unknown;
  readonly port: MessagePort;
}

parentPort!.on('message', ({ role, data, port }: RoleStart) => {
  PLAYS[role](data as never, {
    hear: (listener) => port.on('message', listener as (message: unknown) => void),
    answer: (message, transfer) => port.postMessage(message, transfer),
  });
});
