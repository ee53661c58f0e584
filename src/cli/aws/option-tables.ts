import { type Member, OPERATIONS, type OperationName } from '../../operations/shapes.js';
import type { OptionRule, Positional } from './argument-parser.js';
import { optionName } from './option-names.js';

/** Operations that answer with pages. */
export const PAGED: readonly OperationName[] = [
  'DescribeBatchPredictions',
  'DescribeDataSources',
  'DescribeEvaluations',
  'DescribeMLModels',
];

/** Waiters: their names in texts, and the operation they ask. Their commands are these names with dashes. */
export const WAITERS = {
  BatchPredictionAvailable: 'DescribeBatchPredictions',
  DataSourceAvailable: 'DescribeDataSources',
  EvaluationAvailable: 'DescribeEvaluations',
  MLModelAvailable: 'DescribeMLModels',
} as const satisfies Readonly<Record<string, OperationName>>;
export type WaiterName = keyof typeof WAITERS;

export const WAITER_OF_COMMAND: ReadonlyMap<string, WaiterName> = new Map(
  (Object.keys(WAITERS) as WaiterName[]).map((name) => [optionName(name), name]),
);

export const OPERATION_OF_COMMAND: ReadonlyMap<string, OperationName> = new Map(
  (Object.keys(OPERATIONS) as OperationName[]).map((name) => [OPERATIONS[name].command, name]),
);

/** Commands of the service in the order in which errors list them. */
export const SERVICE_COMMANDS: readonly string[] = [...OPERATION_OF_COMMAND.keys(), 'wait', 'help'];

/** Commands of ours that AWS's group does not have; `create-ml-model` and `predict` are in both. */
export const FILE_COMMANDS: readonly string[] = [
  'infer-schema',
  'describe-data',
  'check-recipe',
  'evaluate',
  'cross-validate',
  'serve',
  'completion',
];

const value = (name: string, rule: Partial<OptionRule> = {}): OptionRule => ({
  name: `--${name}`,
  key: name,
  arity: 'one',
  ...rule,
});
const flag = (name: string, key = name, constant = true): OptionRule => ({
  name: `--${name}`,
  key,
  arity: 'none',
  constant,
});

/** Options that stand before or after any command. */
export const GLOBAL_OPTIONS: readonly OptionRule[] = [
  flag('debug'),
  value('endpoint-url'),
  flag('no-verify-ssl', 'verify-ssl', false),
  flag('no-paginate', 'paginate', false),
  value('output', { choices: ['json', 'text', 'table', 'yaml', 'yaml-stream'] }),
  value('query'),
  value('profile'),
  value('region'),
  flag('version'),
  value('color', { choices: ['on', 'off', 'auto'] }),
  flag('no-sign-request', 'sign-request', false),
  value('ca-bundle'),
  value('cli-read-timeout'),
  value('cli-connect-timeout'),
  value('cli-binary-format', { choices: ['base64', 'raw-in-base64-out'] }),
  flag('no-cli-pager'),
  flag('cli-auto-prompt'),
  flag('no-cli-auto-prompt'),
];

/** Global options that AWS's own command line does not have: of the local store. They are not matched by a prefix. */
export const LOCAL_OPTIONS: readonly OptionRule[] = [
  { ...value('home'), exact: true },
  { ...value('s3-root'), exact: true },
  { ...value('s3-endpoint'), exact: true },
];

/** Waits for the end of the work that a `create-…` command began; local too, and without a prefix. */
const WAIT_OPTION: OptionRule = { ...flag('wait'), exact: true };

/** Options of an operation's command, those of its members first. */
export function operationOptions(operation: OperationName, args: readonly string[]): OptionRule[] {
  const { input } = OPERATIONS[operation];
  const optional = requiresNothing(args);
  const options = Object.entries<Member>(input).flatMap(([name, member]) => memberOptions(name, member, optional));
  options.push(value('cli-input-json'), value('cli-input-yaml'));
  if (PAGED.includes(operation)) {
    options.push(value('starting-token'), value('page-size', { type: 'int' }), value('max-items', { type: 'int' }));
  }
  options.push({
    ...value('generate-cli-skeleton', { choices: ['input', 'output', 'yaml-input'], constant: 'input' }),
    arity: 'optional',
  });
  if (isWaitable(operation)) options.push(WAIT_OPTION);
  return options;
}

/** Operations that begin work which goes on after their answer. */
export function isWaitable(operation: OperationName): boolean {
  return operation.startsWith('Create') && operation !== 'CreateRealtimeEndpoint';
}

function memberOptions(member: string, shape: Member, optional: boolean): OptionRule[] {
  const name = optionName(member);
  const required = shape.required && !optional;
  if (shape.type === 'boolean') return [{ ...flag(name, member) }, { ...flag(`no-${name}`, member, false) }];
  if (shape.type === 'list') return [{ ...value(name, { required }), key: member, arity: 'any' }];
  return [{ ...value(name, { required, type: shape.type === 'float' ? 'float' : undefined }), key: member }];
}

/** Members may come from a document, and the sample of an input needs none. The option counts in full only. */
function requiresNothing(args: readonly string[]): boolean {
  const skeleton = args.indexOf('--generate-cli-skeleton');
  if (skeleton >= 0 && args[skeleton + 1] !== 'output') return true;
  return args.includes('--cli-input-json') || args.includes('--cli-input-yaml');
}

/** The word `help`, or one too many. */
export const HELP: Positional = { key: 'help', optional: true };
