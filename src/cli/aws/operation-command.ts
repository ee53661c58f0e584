import { resolve } from 'node:path';
import { type Member, type Members, OPERATIONS, type OperationName } from '../../operations/shapes.js';
import type { Value } from '../output/value.js';
import { parseKnown } from './argument-parser.js';
import { loadArgument, readArgument } from './arguments.js';
import { usageFailure, usageLines } from './failure.js';
import { addInputDocument } from './input-document.js';
import { optionName } from './option-names.js';
import { HELP, operationOptions, PAGED } from './option-tables.js';
import type { PageOptions } from './pages.js';
import type { Argument } from './python-text.js';

/** What the arguments after an operation's name ask for. */
export interface OperationRequest {
  readonly help: boolean;
  readonly skeleton?: 'input' | 'yaml-input' | 'output';
  /** Members of the input, not yet validated. */
  readonly input: ReadonlyMap<string, Argument>;
  /** Undefined: one request with the members as they are. */
  readonly paging?: PageOptions;
  /** Wait for the end of the work that the operation begins. */
  readonly wait: boolean;
}

const HELP_REQUEST: OperationRequest = { help: true, input: new Map(), wait: false };

export interface ReadingOptions {
  /** Named in errors. */
  readonly program: string;
  /** False: `--no-paginate` was given. */
  readonly paginate: boolean;
  /** `file://` in the place of an `s3://` URI is a place, not the contents of a file: for the local store. */
  readonly fileUris: boolean;
}

/**
 * Read the arguments of an operation's command.
 *
 * @throws CommandFailure
 */
export async function readOperation(
  operation: OperationName,
  args: readonly string[],
  { program, paginate, fileUris }: ReadingOptions,
): Promise<OperationRequest> {
  if (args.length === 1 && args[0] === 'help') return HELP_REQUEST;
  const options = operationOptions(operation, args);
  const { values, rest } = parseKnown({ program, options, positional: HELP }, args);
  if (values.help === 'help') return HELP_REQUEST;
  const unknown = [...rest, ...(typeof values.help === 'string' ? [values.help] : [])];
  if (unknown.length > 0) throw usageFailure(`${usageLines(program)}\nUnknown options: ${unknown.join(', ')}\n`);
  const pageable = PAGED.includes(operation);
  const manual = values.Limit !== undefined || values.NextToken !== undefined;
  const pages = pageable && paginate && !manual;
  if (pageable && !pages) refusePageOptions(values);
  const given = readMembers(operation, values, fileUris);
  const paging = pageable ? readPaging(values) : undefined;
  const input = await addInputDocument(withPaging(given, paging), documents(values));
  return {
    help: false,
    skeleton: values['generate-cli-skeleton'] as OperationRequest['skeleton'],
    input: input,
    paging: pages && !input.has('Limit') && !input.has('NextToken') ? (paging ?? {}) : undefined,
    wait: values.wait === true,
  };
}

type Values = Readonly<Record<string, Value | undefined>>;

function readMembers(operation: OperationName, values: Values, fileUris: boolean): Map<string, Argument> {
  const input = new Map<string, Argument>();
  for (const [name, member] of Object.entries<Member>(OPERATIONS[operation].input)) {
    const given = values[name];
    if (given === undefined) continue;
    const uri = fileUris && isPlace(member) ? fileUri(given) : undefined;
    const argument = uri ?? readArgument(`--${optionName(name)}`, member, given);
    input.set(name, argument);
    if (fileUris && member.type === 'structure' && argument instanceof Map) completeFileUris(argument, member.members);
  }
  for (const option of ['cli-input-json', 'cli-input-yaml']) {
    if (values[option] !== undefined) loadArgument(`--${option}`, values[option]);
  }
  return input;
}

const isPlace = (member: Member): boolean => member.type === 'string' && member.pattern?.startsWith('s3://') === true;

/** Relative paths in the members of a structure that was read from an option start at the working folder too. */
function completeFileUris(structure: Map<string, Value>, members: Members): void {
  for (const [name, value] of structure) {
    const uri = members[name] !== undefined && isPlace(members[name]) ? fileUri(value) : undefined;
    if (uri !== undefined) structure.set(name, uri);
  }
}

/** A `file://` URI with the whole path; a slash at its end stays. */
function fileUri(given: Value): string | undefined {
  const path = typeof given === 'string' ? /^file:\/\/(.+)$/s.exec(given)?.[1] : undefined;
  return path && `file://${resolve(path)}${path.length > 1 && path.endsWith('/') ? '/' : ''}`;
}

const documents = (values: Values) => ({
  json: values['cli-input-json'] as string | undefined,
  yaml: values['cli-input-yaml'] as string | undefined,
});

const PAGE_OPTIONS = { 'starting-token': 'StartingToken', 'page-size': 'PageSize', 'max-items': 'MaxItems' } as const;

function refusePageOptions(values: Values): void {
  const used = Object.keys(PAGE_OPTIONS).filter((name) => values[name]);
  if (used.length === 0) return;
  const options = used.map((name) => `--${name}`).join(', ');
  throw usageFailure(`Cannot specify --no-paginate along with pagination arguments: ${options}`);
}

function readPaging(values: Values): PageOptions | undefined {
  if (!Object.keys(PAGE_OPTIONS).some((name) => values[name] !== undefined)) return undefined;
  const token = values['starting-token'];
  return {
    startingToken: token === undefined ? undefined : String(loadArgument('--starting-token', token)),
    pageSize: values['page-size'] as number | undefined,
    maxItems: values['max-items'] as number | undefined,
  };
}

/** Where paging is off, its options end up among the members, and the validation refuses them. */
export const PAGING_MEMBER = 'PaginationConfig';

function withPaging(input: Map<string, Argument>, paging: PageOptions | undefined): Map<string, Argument> {
  return paging === undefined ? input : new Map([...input, [PAGING_MEMBER, new Map<string, Value>()]]);
}
