/** What a thread can do; `threads/plays.ts` has the code. */
export type Role = 'parse' | 'encode' | 'settle' | 'train';

/** Where a role hears what to do and answers. */
export interface Port {
  /** @param listener returns when it is done, so that the next thing can be begun */
  hear(listener: (message: never) => Promise<void> | void): void;
  /** @param transfer buffers that move to the other side */
  answer(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

/** Plays a role: answers what comes through the port, until it is closed. */
export type Play = (data: never, port: Port) => void;

/** The code of all roles. */
export type Plays = Readonly<Record<Role, Play>>;

/** Who waits for the answers of a thread. */
export interface Listener {
  message(message: never): void;
  /** The thread is lost: it threw, or ended. */
  fail(error: Error): void;
}

/** The way to a thread that plays a role. */
export interface Wire {
  /** @param transfer buffers that move to the thread */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Whether answers are waited for, so that the process must not end. */
  waits(waits: boolean): void;
  /** The thread forgets the role. */
  close(): void;
}

/** The threads of one run. They are started when they are first needed, and each may play several roles. */
export interface Crew {
  readonly size: number;
  /** The thread in slot 0 is the calling one: it does its part between its other work. */
  readonly takesPart: boolean;
  readonly isRunning: boolean;
  /** Start in the background. */
  start(): void;
  /**
   * Give a thread a role beside those that it has.
   *
   * @param slot 0 .. size - 1
   * @param data what the role begins with; plain data, modules and memories
   */
  open(slot: number, role: Role, data: unknown, listener: Listener): Wire;
  /** End all threads, whatever they do. */
  close(): Promise<void>;
}
