import {
  type Member,
  OPERATIONS,
  type OperationName,
  type Shape,
  type StructureShape,
} from '../../operations/shapes.js';
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
import { describeMember, OPERATION_DESCRIPTIONS, OPTION_DESCRIPTIONS } from './descriptions.js';
import { EXAMPLES, type Example } from './examples.js';
import { type Block, columnsAt, entry, fill, layOut, lines, paragraph, type Section } from './layout.js';
import { constraintText, jsonSyntax, shorthandSyntax } from './syntax.js';

const PROGRAM = 'machinelearning';

/** Commands on files, which the group has besides those of the service. */
const FILE_COMMAND_SUMMARIES: Readonly<Record<string, string>> = {
  'check-recipe': 'Show what becomes of a recipe',
  completion: 'Print completion for a shell',
  'create-ml-model FILE': 'Train a model from a CSV file, evaluate it and keep it',
  'cross-validate': 'Measure how well models of a CSV file predict, by folds',
  'describe-data': 'Print statistics of a CSV file',
  evaluate: 'Measure a model on a CSV file',
  'infer-schema': 'Propose a schema for a CSV file',
  'predict MODEL': 'Predict with a model file',
  serve: 'Serve the operations over HTTP, for AWS clients',
};

/**
 * The manual page of a command: NAME, DESCRIPTION, SYNOPSIS, OPTIONS, EXAMPLES, OUTPUT. 80 columns, plain text.
 *
 * @param page `machinelearning`, the name of an operation's command, `wait`, or `wait` and the name of a waiter
 * @throws RangeError for another page
 */
export function helpPage(page: string): string {
  if (page === PROGRAM) return groupPage();
  if (page === 'wait') return waitersPage();
  const waiter = WAITER_OF_COMMAND.get(page.replace(/^wait /, ''));
  if (waiter) return waiterPage(page.replace(/^wait /, ''), WAITERS[waiter]);
  const operation = OPERATION_OF_COMMAND.get(page);
  if (!operation) throw new RangeError(`no help page '${page}'`);
  return operationPage(operation);
}

function groupPage(): string {
  const service = [...OPERATION_OF_COMMAND].map(
    ([command, operation]) => [command, OPERATION_DESCRIPTIONS[operation].summary] as const,
  );
  const waiting = [
    ['help', 'Show this page'],
    ['wait', 'Wait until objects are ready'],
  ] as const;
  return layOut([
    { title: 'NAME', blocks: [paragraph(`${PROGRAM} - train, evaluate and use machine learning models`)] },
    {
      title: 'DESCRIPTION',
      blocks: [
        paragraph(
          'The commands of Amazon Machine Learning, with the same options, outputs and exit codes, on a store in a local folder ' +
            'or, with --endpoint-url, on a server; and commands that work on files.',
        ),
        paragraph(
          `"${PROGRAM} COMMAND help" shows the page of a command of the service, "${PROGRAM} COMMAND --help" the options of a command on files.`,
        ),
        paragraph(
          'Exit codes: 0 success, 252 the command line is wrong, 253 the configuration is, 254 the service refuses, 255 everything ' +
            'else. Commands on files end with 1 when something is wrong.',
        ),
      ],
    },
    { title: 'SYNOPSIS', blocks: [lines([`${PROGRAM} [options] <command> [parameters]`])] },
    { title: 'AVAILABLE COMMANDS', blocks: [lines(columns([...service, ...waiting].sort(byName)))] },
    { title: 'COMMANDS ON FILES', blocks: [lines(columns(Object.entries(FILE_COMMAND_SUMMARIES)))] },
    { title: 'GLOBAL OPTIONS', blocks: globalOptions() },
    {
      title: 'EXAMPLES',
      blocks: exampleBlocks([
        ...EXAMPLES.CreateDataSourceFromS3,
        EXAMPLES.CreateMLModel[0],
        ...EXAMPLES.CreateEvaluation,
      ]),
    },
  ]);
}

function operationPage(operation: OperationName): string {
  const { command, input, output } = OPERATIONS[operation];
  const { summary, details } = OPERATION_DESCRIPTIONS[operation];
  return layOut([
    { title: 'NAME', blocks: [paragraph(`${command} - ${summary[0].toLowerCase()}${summary.slice(1)}`)] },
    { title: 'DESCRIPTION', blocks: [paragraph(`${summary}.`), ...details.map((text) => paragraph(text))] },
    synopsis(command, operation),
    { title: 'OPTIONS', blocks: options(operation, input) },
    { title: 'GLOBAL OPTIONS', blocks: globalOptions() },
    { title: 'EXAMPLES', blocks: exampleBlocks(EXAMPLES[operation]) },
    { title: 'OUTPUT', blocks: outputBlocks(output) },
  ]);
}

function waitersPage(): string {
  const rows = [...WAITER_OF_COMMAND].map(
    ([command, waiter]) => [command, `Ask ${OPERATIONS[WAITERS[waiter]].command}`] as const,
  );
  return layOut([
    { title: 'NAME', blocks: [paragraph('wait - wait until objects are ready')] },
    { title: 'DESCRIPTION', blocks: [paragraph(`Ends when all objects that are asked for are COMPLETED. ${WAITING}`)] },
    { title: 'SYNOPSIS', blocks: [lines([`${PROGRAM} wait <waiter> [parameters]`])] },
    { title: 'AVAILABLE COMMANDS', blocks: [lines(columns(rows))] },
  ]);
}

const WAITING =
  'Asks every 30 seconds, 60 times at most. A FAILED object, an error of the service, or no end after 60 times is exit code 255.';

function waiterPage(waiter: string, operation: OperationName): string {
  const { command, input } = OPERATIONS[operation];
  const filter = operation === 'DescribeMLModels' ? 'TrainingDataSourceId --eq ds-train' : 'Name --eq NAME';
  return layOut([
    { title: 'NAME', blocks: [paragraph(`${waiter} - wait until all objects that ${command} lists are COMPLETED`)] },
    {
      title: 'DESCRIPTION',
      blocks: [
        paragraph(`Asks ${command} and ends when there is at least one object and all are COMPLETED. ${WAITING}`),
        paragraph('Without a filter every object counts, also old ones that failed.'),
      ],
    },
    synopsis(`wait ${waiter}`, operation),
    { title: 'OPTIONS', blocks: options(operation, input) },
    { title: 'GLOBAL OPTIONS', blocks: globalOptions() },
    {
      title: 'EXAMPLES',
      blocks: exampleBlocks([
        { text: 'Wait for some objects:', lines: [`PROGRAM wait ${waiter} --filter-variable ${filter}`] },
      ]),
    },
    { title: 'OUTPUT', blocks: [paragraph('None')] },
  ]);
}

function synopsis(command: string, operation: OperationName): Section {
  const usage = pairs(operationOptions(operation, [])).map(([rule, negative]) => usageText(rule, negative));
  return { title: 'SYNOPSIS', blocks: [lines([`${PROGRAM} ${command}`, ...usage])] };
}

/** Options, those of booleans with the one that says no. */
function pairs(rules: readonly OptionRule[]): (readonly [OptionRule, OptionRule | undefined])[] {
  const isNegative = (rule: OptionRule): boolean =>
    rules.some((other) => rule.name === other.name.replace(/^--/, '--no-'));
  return rules
    .filter((rule) => !isNegative(rule))
    .map((rule) => [rule, rules.find((other) => other.name === rule.name.replace(/^--/, '--no-'))] as const);
}

function usageText(rule: OptionRule, negative: OptionRule | undefined): string {
  if (negative) return `[${rule.name} | ${negative.name}]`;
  const text = rule.arity === 'none' ? rule.name : `${rule.name} <value>`;
  return rule.required ? text : `[${text}]`;
}

function options(operation: OperationName, input: Readonly<Record<string, Member>>): Block[] {
  const members = new Map(
    Object.entries(input).map(([name, member]) => [`--${optionName(name)}`, [name, member] as const]),
  );
  return pairs(operationOptions(operation, [])).flatMap(([rule, negative]) => {
    const [name, member] = members.get(rule.name) ?? [];
    if (name === undefined || member === undefined) return [plainOption(rule)];
    return memberOption(negative ? `${rule.name} | ${negative.name}` : rule.name, name, member);
  });
}

function memberOption(usage: string, name: string, member: Member): Block[] {
  return [
    memberEntry(usage, name, member, 0),
    ...(isNested(member) ? syntaxBlocks(member) : []),
    ...nestedMembers(member).flatMap(([inner, shape]) => innerMember(inner, shape, 1)),
  ];
}

function innerMember(name: string, shape: Member, level: number): Block[] {
  return [
    memberEntry(`${name} ->`, name, shape, level),
    ...nestedMembers(shape).flatMap(([inner, nested]) => innerMember(inner, nested, level + 1)),
  ];
}

/** Members whose pattern, which only fits AWS's own hosts, no one enforces. */
const URLS: readonly string[] = ['PredictEndpoint', 'EndpointUrl'];

function memberEntry(term: string, name: string, shape: Member, level: number): Block {
  const required = shape.required ? ' [required]' : '';
  const constraints = URLS.includes(name) ? '' : constraintText(shape);
  return entry(`${term} (${shape.type})${required}`, [describeMember(name), constraints], level);
}

function syntaxBlocks(member: Member): Block[] {
  return [
    paragraph('Shorthand:', 1),
    lines(foldAtCommas(shorthandSyntax(member), columnsAt(2)), 2),
    paragraph('JSON:', 1),
    lines(jsonSyntax(member), 2),
  ];
}

function foldAtCommas(text: string, width: number): string[] {
  return fill(text.replaceAll(',', ', '), width - 1).map((line) => line.replaceAll(', ', ','));
}

const isNested = (shape: Shape): boolean => ['structure', 'list', 'map'].includes(shape.type);

function nestedMembers(shape: Shape): [string, Member][] {
  const structure = shape.type === 'list' ? shape.item : shape;
  return structure.type === 'structure' ? Object.entries((structure as StructureShape).members) : [];
}

function plainOption(rule: OptionRule): Block {
  const type = rule.arity === 'none' ? 'boolean' : rule.type === 'int' ? 'integer' : 'string';
  const choices = rule.choices ? `One of: ${rule.choices.join(', ')}.` : '';
  return entry(`${rule.name} (${type})`, [OPTION_DESCRIPTIONS[rule.name] ?? '', choices]);
}

function globalOptions(): Block[] {
  return [...GLOBAL_OPTIONS, ...LOCAL_OPTIONS].map(plainOption);
}

function outputBlocks(members: Readonly<Record<string, Member>>): Block[] {
  return Object.entries(members).flatMap(([name, shape]) => innerMember(name, shape, 0));
}

function exampleBlocks(examples: readonly Example[]): Block[] {
  return examples.flatMap(({ text, lines: typed }) => {
    const commands = typed.map((line) => line.replaceAll('PROGRAM', PROGRAM));
    return [paragraph(text), lines(commands.flatMap((line) => foldCommand(line, columnsAt(0))))];
  });
}

/** A long command goes on in the next line, from an option on. */
function foldCommand(command: string, width: number): string[] {
  if (command.length <= width) return [command];
  const indent = command.startsWith(' ') ? '    ' : '  ';
  const folded: string[] = [];
  for (const part of command.split(/ (?=--)/)) {
    const last = folded.at(-1);
    if (last === undefined) folded.push(part);
    else if (`${last} ${part} \\`.length <= width) folded[folded.length - 1] = `${last} ${part}`;
    else folded.push(indent + part);
  }
  return folded.map((line, index) => (index < folded.length - 1 ? `${line} \\` : line));
}

/** Names and what they are, side by side. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, text]) =>
    fill(text, 73 - width).map((line, index) => (index === 0 ? `o ${name}`.padEnd(width) : ' '.repeat(width)) + line),
  );
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
