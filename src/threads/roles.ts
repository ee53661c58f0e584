// What a thread runs: it waits for roles to play. Started by `worker-crew.ts`.

import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Role } from './crew.js';

/** What a thread is told to begin a role. */
export interface RoleStart {
  readonly role: Role;
  readonly data: unknown;
  readonly port: MessagePort;
}

/** Plays a role: answers what comes through the port, until it is closed. */
export type Play = (data: never, port: MessagePort) => void;

const ROLES: Readonly<Record<Role, () => Promise<{ readonly play: Play }>>> = {
  parse: () => import('../csv/parse-role.js'),
  encode: () => import('./encode-role.js'),
  train: () => import('./train-role.js'),
};

parentPort!.on('message', async ({ role, data, port }: RoleStart) => {
  const { play } = await ROLES[role]();
  play(data as never, port);
});
