import type { Member } from '../../operations/shapes.js';
import { OPERATIONS } from '../../operations/shapes.js';
import { optionName } from './option-names.js';
import { FILE_COMMANDS, GLOBAL_OPTIONS, LOCAL_OPTIONS, SERVICE_COMMANDS } from './option-tables.js';

/** Commands that exist in two forms: on a file, and of the service. */
export type TwoFormCommand = 'create-ml-model' | 'predict';

interface FileForm {
  readonly operation: 'CreateMLModel' | 'Predict';
  /** Options with a value; those of the service that the form shares among them. */
  readonly options: readonly string[];
}

const FILE_FORMS: Readonly<Record<TwoFormCommand, FileForm>> = {
  'create-ml-model': {
    operation: 'CreateMLModel',
    options: [
      ...['target', 'schema', 'recipe', 'parameters', 'ml-model-type', 'ml-model-id', 'split', 'train-percent', 'seed'],
      ...['evaluate', 'html', 'model-out', 'home', 'output', 'progress'],
      ...['data-rearrangement', 'threads', 'memory', 'checkpoint'],
    ],
  },
  predict: { operation: 'Predict', options: ['record', 'out', 'home'] },
};
const SHORT_OPTION = /^-[a-zA-Z]/;

/**
 * Whether arguments are those of the service's form of a command: an option that only that form has is there, or one that both
 * have and no file; and none that only the form on a file has. Prefixes count, unknown options do not. `help` alone asks for the service's page.
 */
export function isServiceForm(command: TwoFormCommand, args: readonly string[]): boolean {
  if (args.length === 1 && args[0] === 'help') return true;
  const { operation, options } = FILE_FORMS[command];
  const onFile = new Set(options);
  const inService = serviceOptions(operation);
  let serviceOnly = false;
  let shared = false;
  let file = false;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (SHORT_OPTION.test(argument)) return false;
    if (!argument.startsWith('--')) {
      file = true;
      continue;
    }
    const name = argument.slice(2).split('=')[0]!;
    const takesValue = inService.get(name) ?? name !== 'help';
    if (onFile.has(name) && !inService.has(name)) return false;
    if (name === 'help') return false;
    if (onFile.has(name)) shared = true;
    else if (name !== 'version' && [...inService.keys()].some((known) => known.startsWith(name))) serviceOnly = true;
    if (takesValue && !argument.includes('=') && !args[i + 1]?.startsWith('--')) i++;
  }
  return serviceOnly || (shared && !file);
}

/** Long options of the service's form, and whether a value follows. */
function serviceOptions(operation: 'CreateMLModel' | 'Predict'): ReadonlyMap<string, boolean> {
  const members = Object.entries<Member>(OPERATIONS[operation].input);
  return new Map([
    ...[...GLOBAL_OPTIONS, ...LOCAL_OPTIONS].map(({ name, arity }) => [name.slice(2), arity !== 'none'] as const),
    ...members.map(([member, shape]) => [optionName(member), shape.type !== 'boolean'] as const),
    ...['cli-input-json', 'cli-input-yaml', 'generate-cli-skeleton'].map((name) => [name, true] as const),
    ['wait', false] as const,
  ]);
}

/**
 * Whether the arguments of `machinelearning` go to the service: its commands do, ours do not, and those that are both are told
 * apart by their options. Global options may stand before the command; an unknown command goes to the service, which lists all.
 */
export function isServiceCommandLine(args: readonly string[]): boolean {
  const index = commandIndex(args);
  const command = args[index];
  if (command === undefined)
    return args.some(
      (argument) => argument !== '--version' && argument !== '--help' && argument !== '-h' && argument !== '-V',
    );
  if (Object.hasOwn(FILE_FORMS, command)) {
    return isServiceForm(command as TwoFormCommand, [...args.slice(0, index), ...args.slice(index + 1)]);
  }
  return SERVICE_COMMANDS.includes(command) || !FILE_COMMANDS.includes(command);
}

/** Index of the first argument that is neither a global option nor its value. */
function commandIndex(args: readonly string[]): number {
  const rules = [...GLOBAL_OPTIONS, ...LOCAL_OPTIONS];
  let index = 0;
  while (args[index]?.startsWith('-')) {
    const name = args[index]!;
    const matches = rules.filter((rule) => rule.name === name || (!rule.exact && rule.name.startsWith(name)));
    const rule = matches.find((one) => one.name === name) ?? (matches.length === 1 ? matches[0] : undefined);
    index += rule && rule.arity !== 'none' ? 2 : 1;
  }
  return index;
}
