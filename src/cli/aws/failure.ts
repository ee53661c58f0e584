/** Exit codes of the AWS CLI, version 2. */
export const EXIT = { usage: 252, configuration: 253, service: 254, general: 255 } as const;

/** What ends a service command: the text goes to standard error after an empty line. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    readonly exitCode: number,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** The command line is wrong. */
export const usageFailure = (message: string): CommandFailure => new CommandFailure(EXIT.usage, message);

/** What is found out after the command line was understood, or is nobody's fault. */
export const generalFailure = (message: string): CommandFailure => new CommandFailure(EXIT.general, message);

/** The value of an option cannot be understood. */
export function parameterFailure(option: string, message: string): CommandFailure {
  return usageFailure(`Error parsing parameter '${option}': ${message}`);
}

/** The usage lines that come before an error of the command line. */
export function usageLines(program: string): string {
  return (
    `usage: ${program} [options] <command> <subcommand> [<subcommand> ...] [parameters]\n` +
    'To see help text, you can run:\n\n' +
    `  ${program} help\n  ${program} <command> help\n  ${program} <command> <subcommand> help\n`
  );
}
