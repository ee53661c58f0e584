// What a thread runs: it waits for roles to play. Started by `worker-crew.ts`.

import { type MessagePort, parentPort } from 'node:worker_threads';
import { play as parse } from '../csv/parse-role.js';
import type { OpenReducer } from '../datasource/reduce.js';
import { openRowReducer } from '../training/row-reducer.js';
import type { Role } from './crew.js';
import { play as encode } from './encode-role.js';
import { play as settle } from './settle-role.js';
import { play as train } from './train-role.js';

/** What a thread is told to begin a role. */
export interface RoleStart {
  readonly role: Role;
  readonly data: unknown;
  readonly port: MessagePort;
}

/** Plays a role: answers what comes through the port, until it is closed. */
export type Play = (data: never, port: MessagePort) => void;

const ROLES: Readonly<Record<Role, Play>> = {
  parse: (data, port) => parse(data, port, openRowReducer as OpenReducer),
  encode,
  settle,
  train,
};

parentPort!.on('message', ({ role, data, port }: RoleStart) => ROLES[role](data as never, port));
