import { otherWork } from '../other-work.js';
import type { Listener, Plays, Role, Wire } from './crew.js';

/** The calling thread as one of a crew: plays roles between its other work, one message at a time. */
export class OwnMember {
  readonly #plays: Plays;
  #todo: (() => Promise<void> | void)[] = [];
  #isBusy = false;
  readonly #listeners = new Set<Listener>();

  constructor(plays: Plays) {
    this.#plays = plays;
  }

  open(role: Role, data: unknown, listener: Listener): Wire {
    const listeners = this.#listeners;
    const isOpen = (): boolean => listeners.has(listener);
    listeners.add(listener);
    let hear: ((message: never) => Promise<void> | void) | undefined;
    const work = (call: () => Promise<void> | void): void => {
      this.#add(async () => {
        try {
          if (isOpen()) await call();
        } catch (error) {
          if (isOpen()) listener.fail(error as Error);
        }
      });
    };
    work(() =>
      this.#plays[role](data as never, {
        hear: (heard) => {
          hear = heard;
        },
        answer: (message) => {
          if (isOpen()) listener.message(message as never);
        },
      }),
    );
    return {
      post: (message) => work(() => hear?.(message as never)),
      waits() {},
      close() {
        listeners.delete(listener);
      },
    };
  }

  #add(task: () => Promise<void> | void): void {
    this.#todo.push(task);
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      await otherWork();
      const task = this.#todo.shift();
      if (task === undefined) break;
      await task();
    }
    this.#isBusy = false;
  }

  /** Nothing new is begun. */
  end(): void {
    this.#todo = [];
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener.fail(new Error('a thread ended with its crew'));
  }
}
