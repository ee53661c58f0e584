import type { Command } from 'commander';
import { InvalidInput } from '../errors.js';

/** Exit code of a process that SIGINT ended, as shells report it. */
const INTERRUPTED = 130;

let interrupt: AbortController | undefined;

/** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  if (interrupt === undefined) {
    const controller = new AbortController();
    interrupt = controller;
    const stop = (): void => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  }
  return interrupt.signal;
}

/**
 * Run a program on the process's arguments. Errors that the user can repair are printed as `error:` and `hint:`; exit code 1.
 * A reader that closes our pipe, as `head` does, ends the process quietly.
 */
export async function run(program: Command): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (interrupt?.signal.aborted) {
    process.stderr.write('interrupted; nothing was written\n');
    return INTERRUPTED;
  }
  if (error instanceof InvalidInput) {
    process.stderr.write(`error: ${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ''}`);
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: this should not have happened; please report it\n${text}\n`);
  return 1;
}
