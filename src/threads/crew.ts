/** What a thread can do; `threads/roles.ts` has the code. */
export type Role = 'parse' | 'encode' | 'settle' | 'train';

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
