import { MessageChannel, Worker } from 'node:worker_threads';
import { builtFile } from '../built-file.js';
import type { Crew, Listener, Plays, Role, Wire } from './crew.js';
import { OwnMember } from './own-member.js';
import type { RoleStart } from './roles.js';

/** Threads that have been started before the crew that they will belong to. */
const early: Member[] = [];

/** Start threads for the next crew, so that it finds them running. They do not keep the process from ending. */
export function startEarly(count: number): void {
  while (early.length < count) early.push(new Member());
}

/**
 * Worker threads of Node.
 *
 * @param plays for the calling thread to be one of them; default: it is not
 */
export function openCrew(size: number, plays?: Plays): Crew {
  const own = plays && new OwnMember(plays);
  const members: (Member | OwnMember)[] = [];
  let isRunning = false;
  const start = (): void => {
    isRunning = true;
    if (own !== undefined && members.length === 0) members.push(own);
    while (members.length < size) members.push(early.pop() ?? new Member());
  };
  return {
    size,
    takesPart: own !== undefined,
    get isRunning() {
      return isRunning;
    },
    start,
    open(slot, role, data, listener) {
      start();
      return members[slot].open(role, data, listener);
    },
    async close() {
      isRunning = false;
      await Promise.all(members.splice(0).map((member) => member.end()));
    },
  };
}

class Member {
  // Not with the process's own options: a thread refuses some, as `--input-type`, and needs none.
  readonly #worker = new Worker(builtFile('threads/roles.cjs'), { execArgv: [] });
  readonly #listeners = new Set<Listener>();
  #waiting = 0;
  #failure: Error | undefined;

  constructor() {
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a thread ended with code ${code}`)));
    this.#worker.unref();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const listener of this.#listeners) listener.fail(this.#failure);
  }

  open(role: Role, data: unknown, listener: Listener): Wire {
    const { port1, port2 } = new MessageChannel();
    const start: RoleStart = { role, data, port: port2 };
    this.#worker.postMessage(start, [port2]);
    port1.on('message', (message) => listener.message(message as never));
    port1.unref();
    this.#listeners.add(listener);
    if (this.#failure !== undefined) listener.fail(this.#failure);
    let waiting = false;
    const waits = (now: boolean): void => {
      if (now === waiting) return;
      waiting = now;
      this.#waiting += now ? 1 : -1;
      if (this.#waiting > 0) this.#worker.ref();
      else this.#worker.unref();
    };
    return {
      post: (message, transfer = []) => port1.postMessage(message, transfer),
      waits,
      close: () => {
        waits(false);
        this.#listeners.delete(listener);
        port1.close();
      },
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
