import { RemoteServiceError } from '../../client/remote-service.js';
import { ServiceError } from '../../operations/service.js';
import { OPERATIONS, type OperationName } from '../../operations/shapes.js';
import { VERSION } from '../../version.js';
import { parseKnown } from './argument-parser.js';
import { Configuration } from './configuration.js';
import { type Connection, connect, endpointOf } from './connect.js';
import { type DebugLog, debugLog, noDebugLog } from './debug-log.js';
import { openDisplay } from './display.js';
import { CommandFailure, EXIT, usageFailure } from './failure.js';
import { type Globals, readGlobals } from './globals.js';
import { type OperationRequest, PAGING_MEMBER, type ReadingOptions, readOperation } from './operation-command.js';
import {
  FILE_COMMANDS,
  OPERATION_OF_COMMAND,
  SERVICE_COMMANDS,
  WAITER_OF_COMMAND,
  WAITERS,
  type WaiterName,
} from './option-tables.js';
import { readPages } from './pages.js';
import type { Argument } from './python-text.js';
import { quoted } from './python-text.js';
import { validateInput } from './validate.js';
import { waitUntilAvailable } from './waiter.js';

interface Context {
  readonly program: string;
  readonly globals: Globals;
  readonly configuration: Configuration;
  readonly debug: DebugLog;
}

/** @returns the exit code */
export async function runCommand(program: string, args: readonly string[]): Promise<number> {
  const { globals, rest } = readGlobals(program, args);
  const debug = globals.debug ? debugLog : noDebugLog;
  debug('awscli.clidriver', `CLI version: create-ml-model/${VERSION} Node/${process.versions.node}`);
  debug('awscli.clidriver', `Arguments entered to CLI: ${quoted([...args])}`);
  const configuration = new Configuration(globals.profile);
  void configuration.timestampFormat;
  const context = { program, globals, configuration, debug };
  const positional = { key: 'operation', optional: false, choices: SERVICE_COMMANDS, alsoSimilar: FILE_COMMANDS };
  const parsed = parseKnown({ program, options: [], positional }, rest);
  const command = parsed.values.operation as string;
  if (command === 'help') return showHelp(context, 'machinelearning');
  if (command === 'wait') return runWaiter(context, parsed.rest);
  return runOperation(context, OPERATION_OF_COMMAND.get(command)!, parsed.rest);
}

async function showHelp({ globals, configuration }: Context, page: string): Promise<number> {
  const { helpPage } = await import('../help/page.js');
  await openDisplay(globals, configuration).show(helpPage(page));
  return 0;
}

function readingOptions({ program, globals, configuration }: Context): ReadingOptions {
  return { program, paginate: globals.paginate, fileUris: endpointOf(globals, configuration) === undefined };
}

async function runOperation(context: Context, operation: OperationName, args: readonly string[]): Promise<number> {
  const { globals, configuration, debug } = context;
  const request = await readOperation(operation, args, readingOptions(context));
  if (request.help) return showHelp(context, OPERATIONS[operation].command);
  if (request.skeleton === 'input' || request.skeleton === 'yaml-input') {
    const { printSkeleton } = await import('../output/skeleton.js');
    process.stdout.write(printSkeleton(operation, request.skeleton));
    return 0;
  }
  debug('awscli.clidriver', `Calling ${operation} with ${quoted(new Map(request.input) as never)}`);
  const connection = connect(globals, configuration, debug);
  try {
    return await answer(context, connection, operation, request);
  } catch (error) {
    throw error instanceof ServiceError ? operationFailure(operation, error) : error;
  } finally {
    await connection.close();
  }
}

async function answer(
  { globals, configuration }: Context,
  connection: Connection,
  operation: OperationName,
  request: OperationRequest,
): Promise<number> {
  const display = openDisplay(globals, configuration);
  const { input: members } = OPERATIONS[operation];
  if (request.skeleton === 'output') {
    validateInput(request.input, members);
    await display.showSkeleton(operation);
    return 0;
  }
  if (request.paging) {
    const input = new Map(request.input);
    input.delete(PAGING_MEMBER);
    validateInput(withPageSize(input, request.paging.pageSize), members);
    await display.showPages(operation, readPages(connection, operation, input, request.paging));
    return 0;
  }
  validateInput(request.input, members);
  await display.showResponse(operation, await connection.call(operation, request.input));
  if (!request.wait) return 0;
  const { waitForWork } = await import('./wait-for-work.js');
  await waitForWork(connection, operation, request.input);
  return 0;
}

function withPageSize(input: ReadonlyMap<string, Argument>, pageSize: number | undefined): Map<string, Argument> {
  return pageSize === undefined ? new Map(input) : new Map([...input, ['Limit', pageSize]]);
}

function operationFailure(operation: OperationName, error: ServiceError): CommandFailure {
  const retries = error instanceof RemoteServiceError ? error.retries : undefined;
  const made = retries === undefined ? '' : ` (reached max retries: ${retries})`;
  const text = `An error occurred (${error.code}) when calling the ${operation} operation${made}: ${error.message}`;
  return new CommandFailure(EXIT.service, text, { cause: error });
}

async function runWaiter(context: Context, args: readonly string[]): Promise<number> {
  const { program, globals, configuration, debug } = context;
  if (args.length === 1 && args[0] === 'help') return showHelp(context, 'wait');
  const positional = { key: 'subcommand', optional: true, choices: [...WAITER_OF_COMMAND.keys()] };
  const { values, rest } = parseKnown({ program, options: [], positional }, args);
  if (typeof values.subcommand !== 'string') {
    if (rest.length > 0) throw usageFailure(`Unknown options: ${rest.join(',')}`);
    const usage = `usage: ${program} [options] wait <subcommand> [parameters]`;
    throw usageFailure(`${usage}\n${program}: error: too few arguments`);
  }
  const waiter = WAITER_OF_COMMAND.get(values.subcommand) as WaiterName;
  const operation = WAITERS[waiter];
  const request = await readOperation(operation, without(args, values.subcommand), readingOptions(context));
  if (request.help) return showHelp(context, `wait ${values.subcommand}`);
  if (request.skeleton === 'input' || request.skeleton === 'yaml-input') {
    const { printSkeleton } = await import('../output/skeleton.js');
    process.stdout.write(printSkeleton(operation, request.skeleton));
    return 0;
  }
  const connection = connect(globals, configuration, debug);
  try {
    validateInput(request.input, OPERATIONS[operation].input);
    if (request.skeleton === 'output') await openDisplay(globals, configuration).showSkeleton(operation);
    else await waitUntilAvailable(connection, waiter, request.input);
    return 0;
  } finally {
    await connection.close();
  }
}

function without(args: readonly string[], word: string): string[] {
  const index = args.indexOf(word);
  return args.filter((_, other) => other !== index);
}
