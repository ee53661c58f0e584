import type { Command } from 'commander';
import { InvalidInput } from '../errors.js';
import { printable } from './printable.js';

/** Exit codes of processes that a signal ended, as shells report them: 128 + its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof EXIT_CODES;
/** Time in which the work may end by itself; waiting for input, for one, cannot be interrupted. */
const GRACE_MS = 700;

let interrupt: AbortController | undefined;

/** Aborted by the first Ctrl-C or SIGTERM; a second one, or 0.7 seconds, end the process. Temporary files are removed. */
export function interruptSignal(): AbortSignal {
  if (interrupt === undefined) {
    const controller = new AbortController();
    interrupt = controller;
    const stop = (signal: StopSignal): void => {
      if (controller.signal.aborted) process.exit(EXIT_CODES[signal]);
      controller.abort(signal);
      setTimeout(() => process.exit(report(signal)), GRACE_MS).unref();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  }
  return interrupt.signal;
}

let worksWithoutReader = false;

/** Go on when whoever reads our output closes the pipe: what the command makes does not go there. */
export function workWithoutReader(): void {
  worksWithoutReader = true;
}

function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') {
    if (!worksWithoutReader) process.exit(0);
    return;
  }
  process.exitCode = report(new InvalidInput(`standard output: ${error.message}`, { hint: 'write to another place' }));
  if (!worksWithoutReader) process.exit();
}

/**
 * Run a program on the process's arguments. Errors that the user can repair are printed as `error:` and `hint:`; exit code 1.
 * A reader that closes our pipe, as `head` does, ends the process quietly.
 */
export async function run(program: Command): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', outputFailed);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (interrupt?.signal.aborted) {
    process.stderr.write('interrupted\n');
    return EXIT_CODES[interrupt.signal.reason as StopSignal];
  }
  if (error instanceof InvalidInput) {
    process.stderr.write(`error: ${printable(error.message)}\n${error.hint ? `hint: ${printable(error.hint)}\n` : ''}`);
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: this should not have happened; please report it\n${text}\n`);
  return 1;
}
