import { type Member, OPERATIONS, type OperationName } from '../../operations/shapes.js';
import { parseKnown } from './argument-parser.js';
import { Configuration } from './configuration.js';
import { generalFailure, usageFailure } from './failure.js';
import { optionName } from './option-names.js';
import { GLOBAL_OPTIONS, LOCAL_OPTIONS, OPERATION_OF_COMMAND } from './option-tables.js';

/**
 * Whether arguments are asked for: `on` at once, `on-partial` when the command line is wrong.
 *
 * @throws CommandFailure for options that contradict each other
 */
export function autoPromptMode(args: readonly string[]): 'on' | 'on-partial' | 'off' {
  const on = args.includes('--cli-auto-prompt');
  const off = args.includes('--no-cli-auto-prompt');
  if (on && off) {
    throw usageFailure('Both --cli-auto-prompt and --no-cli-auto-prompt cannot be specified at the same time.');
  }
  if (off || args.includes('help') || args.includes('--version')) return 'off';
  if (on) return 'on';
  const mode = (process.env.AWS_CLI_AUTO_PROMPT ?? configuredMode())?.toLowerCase();
  return mode === 'on' || mode === 'on-partial' ? mode : 'off';
}

function configuredMode(): string | undefined {
  try {
    return new Configuration(undefined).setting('cli_auto_prompt');
  } catch {
    return undefined;
  }
}

const INTERRUPTED = 130;
type Prompts = typeof import('@clack/prompts');

/**
 * Ask for the command and for the options that are missing, on a terminal.
 *
 * @returns the complete arguments
 * @throws CommandFailure where there is no terminal, or the user gives up
 */
export async function promptForArguments(args: readonly string[]): Promise<string[]> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw generalFailure('Warning: Input is not a terminal (fd=0).');
  }
  const prompts = await loadPrompts();
  const given = args.filter((argument) => argument !== '--cli-auto-prompt');
  const { rest } = parseKnown({ program: '', options: [...GLOBAL_OPTIONS, ...LOCAL_OPTIONS] }, given);
  const named = OPERATION_OF_COMMAND.get(rest[0] ?? '');
  const command = named === undefined ? await askCommand(prompts) : rest[0]!;
  const answers = await askOptions(prompts, OPERATION_OF_COMMAND.get(command)!, given);
  return [...(named === undefined ? [command, ...given] : given), ...answers];
}

async function loadPrompts(): Promise<Prompts> {
  try {
    return await import('@clack/prompts');
  } catch {
    throw generalFailure("--cli-auto-prompt needs the package '@clack/prompts': npm install @clack/prompts");
  }
}

async function askCommand(prompts: Prompts): Promise<string> {
  const options = [...OPERATION_OF_COMMAND.keys()].map((value) => ({ value, label: value }));
  for (;;) {
    const question = prompts.autocomplete({ message: 'Command', options, output: process.stderr });
    const command: string | undefined = await answered(prompts, question);
    // Undefined when nothing matches what was typed.
    if (command !== undefined) return command;
  }
}

async function askOptions(prompts: Prompts, operation: OperationName, given: readonly string[]): Promise<string[]> {
  const isGiven = (name: string): boolean => given.some((one) => one === `--${name}` || one.startsWith(`--${name}=`));
  const members = Object.entries<Member>(OPERATIONS[operation].input)
    .map(([member, shape]) => ({ name: optionName(member), shape }))
    .filter(({ name }) => !isGiven(name) && !isGiven(`no-${name}`));
  const required = members.filter(({ shape }) => shape.required);
  const optional = members.filter(({ shape }) => !shape.required);
  const chosen =
    optional.length === 0
      ? []
      : await answered(
          prompts,
          prompts.multiselect({
            message: 'Further options',
            required: false,
            options: optional.map(({ name }) => ({ value: name, label: `--${name}` })),
            output: process.stderr,
          }),
        );
  const answers: string[] = [];
  for (const { name, shape } of [...required, ...optional.filter(({ name }) => chosen.includes(name))]) {
    answers.push(...(await askMember(prompts, name, shape)));
  }
  return answers;
}

async function askMember(prompts: Prompts, name: string, shape: Member): Promise<string[]> {
  const message = `--${name}`;
  const output = process.stderr;
  if (shape.type === 'boolean') {
    return [(await answered(prompts, prompts.confirm({ message, output }))) ? message : `--no-${name}`];
  }
  if ('enum' in shape && shape.enum) {
    const options = shape.enum.map((value) => ({ value, label: value }));
    return [`${message}=${await answered(prompts, prompts.select({ message, options, output }))}`];
  }
  const placeholder = shape.type === 'map' ? 'key=value,key=value or JSON' : shape.type === 'list' ? 'one item' : '';
  const validate = (text: string | undefined): string | undefined => (text ? undefined : 'a value is needed');
  return [`${message}=${await answered(prompts, prompts.text({ message, placeholder, validate, output }))}`];
}

async function answered<T>(prompts: Prompts, answer: Promise<T>): Promise<Exclude<T, symbol>> {
  const value = await answer;
  if (!prompts.isCancel(value)) return value as Exclude<T, symbol>;
  process.exit(INTERRUPTED);
}
