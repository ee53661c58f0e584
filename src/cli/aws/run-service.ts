import { ConnectionError } from '../../client/connection-error.js';
import { InvalidInput } from '../../errors.js';
import { ServiceError } from '../../operations/service.js';
import { VERSION } from '../../version.js';
import { OutputError } from '../output/errors.js';
import { autoPromptMode, promptForArguments } from './auto-prompt.js';
import { CommandFailure, EXIT } from './failure.js';
import { VersionAsked } from './globals.js';
import { runCommand } from './service-command.js';

const INTERRUPTED = 130;

/**
 * A command of the service with AWS's arguments, texts and exit codes: 0, 252 wrong command line, 253 configuration, 254 error of
 * the service, 255 everything else.
 *
 * @param program printed in usage lines
 * @param args the service's command and its arguments, global options anywhere
 * @returns the exit code
 */
export async function runService(program: string, args: readonly string[]): Promise<number> {
  process.on('SIGINT', () => {
    process.stdout.write('\n');
    process.exit(INTERRUPTED);
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT.general));
  }
  return answerCommandLine(program, args);
}

/** The same without what concerns the process: signals, pipes that close. */
export async function answerCommandLine(program: string, args: readonly string[]): Promise<number> {
  try {
    const mode = autoPromptMode(args);
    if (mode === 'on') return await runCommand(program, await promptForArguments(args));
    return await runCommand(program, args).catch(async (error) => {
      if (mode !== 'on-partial' || !isUsageFailure(error)) throw error;
      return runCommand(program, await promptForArguments(args));
    });
  } catch (error) {
    return report(error);
  }
}

const isUsageFailure = (error: unknown): boolean => error instanceof CommandFailure && error.exitCode === EXIT.usage;

function report(error: unknown): number {
  if (error instanceof VersionAsked) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const { text, code } = describe(error);
  process.stderr.write(`\n${text}\n`);
  return code;
}

function describe(error: unknown): { text: string; code: number } {
  if (error instanceof CommandFailure || error instanceof OutputError) {
    return { text: error.message, code: error.exitCode };
  }
  if (error instanceof ServiceError) return { text: error.message, code: EXIT.service };
  if (error instanceof ConnectionError) return { text: error.message, code: EXIT.general };
  if (error instanceof InvalidInput) {
    return { text: error.hint ? `${error.message}\n${error.hint}` : error.message, code: EXIT.general };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `this should not have happened; please report it\n${text}`, code: EXIT.general };
}
