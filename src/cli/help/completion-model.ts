import type { Command, Option } from 'commander';
import { type Member, OPERATIONS, type OperationName } from '../../operations/shapes.js';
import type { OptionRule } from '../aws/argument-parser.js';
import { optionName } from '../aws/option-names.js';
import {
  GLOBAL_OPTIONS,
  LOCAL_OPTIONS,
  OPERATION_OF_COMMAND,
  operationOptions,
  WAITER_OF_COMMAND,
  WAITERS,
} from '../aws/option-tables.js';
import { createMlModelProgram } from '../create-ml-model-program.js';
import { machinelearningProgram } from '../machinelearning-program.js';
import { describeMember, OPERATION_DESCRIPTIONS, OPTION_DESCRIPTIONS } from './descriptions.js';

export interface CompletionOption {
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** The only values, if there are some. */
  readonly values?: readonly string[];
}

/** What may follow a sequence of words. */
export interface CompletionCommand {
  /** The program and the commands: `machinelearning wait`. */
  readonly path: string;
  readonly options: readonly CompletionOption[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** Words that are allowed as an argument, such as the names of shells. */
  readonly words: readonly string[];
  /** Whether files are allowed as arguments. */
  readonly files: boolean;
}

/** Everything that can be completed of both programs: commands on files as their parsers know them, those of the service. */
export function completionCommands(): CompletionCommand[] {
  const group = machinelearningProgram();
  const single = createMlModelProgram();
  const merged = new Map<string, CompletionCommand>();
  const add = (command: CompletionCommand): void => {
    merged.set(command.path, merge(merged.get(command.path), command));
  };
  for (const program of [group, single]) {
    add(fromParser(program.name(), program));
    for (const command of program.commands) add(fromParser(`${program.name()} ${command.name()}`, command));
  }
  for (const command of serviceCommands(group.name())) add(command);
  add({ ...operationCommand('', 'CreateMLModel'), path: single.name() });
  return [...merged.values()];
}

function fromParser(path: string, command: Command): CompletionCommand {
  const commands = command.commands.map((child) => ({ name: child.name(), description: child.description() }));
  const words = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const options = command.options.filter(({ hidden, long }) => !hidden && long !== undefined).map(parserOption);
  const files = command.registeredArguments.some(({ argChoices }) => argChoices === undefined);
  const help: CompletionOption = { name: '--help', description: 'show the options', takesValue: false };
  return { path, options: [...options, help], commands, words, files };
}

function parserOption({ long, description, required, optional, argChoices }: Option): CompletionOption {
  return { name: long!, description, takesValue: required || optional, values: argChoices };
}

function serviceCommands(program: string): CompletionCommand[] {
  const operations = [...OPERATION_OF_COMMAND];
  const waiters = [...WAITER_OF_COMMAND];
  const wait = { name: 'wait', description: 'Wait until objects are ready' };
  const help = { name: 'help', description: 'Show the manual page' };
  const listed = operations.map(([name, operation]) => ({
    name,
    description: OPERATION_DESCRIPTIONS[operation].summary,
  }));
  const waiting = waiters.map(([name, waiter]) => ({
    name,
    description: `Ask ${OPERATIONS[WAITERS[waiter]].command}`,
  }));
  return [
    { path: program, options: globalOptions(), commands: [...listed, wait, help], words: [], files: false },
    { path: `${program} wait`, options: globalOptions(), commands: [...waiting, help], words: [], files: false },
    ...operations.map(([name, operation]) => operationCommand(`${program} ${name}`, operation)),
    ...waiters.map(([name, waiter]) => operationCommand(`${program} wait ${name}`, WAITERS[waiter])),
  ];
}

function operationCommand(path: string, operation: OperationName): CompletionCommand {
  const members = new Map(
    Object.entries<Member>(OPERATIONS[operation].input).map(([name, member]) => [
      `--${optionName(name)}`,
      { name, member },
    ]),
  );
  const options = operationOptions(operation, []).map((rule) => {
    const found = members.get(rule.name.replace(/^--no-/, '--')) ?? members.get(rule.name);
    if (!found) return ruleOption(rule);
    const { name, member } = found;
    const values = member.type === 'string' ? member.enum : undefined;
    return { ...ruleOption(rule), description: describeMember(name), values };
  });
  return { path, options: [...options, ...globalOptions()], commands: [], words: ['help'], files: false };
}

function globalOptions(): CompletionOption[] {
  return [...GLOBAL_OPTIONS, ...LOCAL_OPTIONS].map(ruleOption);
}

function ruleOption({ name, arity, choices }: OptionRule): CompletionOption {
  return { name, description: OPTION_DESCRIPTIONS[name] ?? '', takesValue: arity !== 'none', values: choices };
}

/** A command that exists in two forms takes the options of both, and the values of both. */
function merge(first: CompletionCommand | undefined, second: CompletionCommand): CompletionCommand {
  if (!first) return second;
  const options = new Map(first.options.map((option) => [option.name, option]));
  for (const option of second.options) {
    const other = options.get(option.name);
    const values = other?.values && option.values ? [...new Set([...other.values, ...option.values])] : undefined;
    options.set(option.name, { ...option, ...other, values: values ?? other?.values ?? option.values });
  }
  const commands = new Map([...first.commands, ...second.commands].map((command) => [command.name, command]));
  return {
    path: first.path,
    options: [...options.values()],
    commands: [...commands.values()],
    words: [...new Set([...first.words, ...second.words])],
    files: first.files || second.files,
  };
}
