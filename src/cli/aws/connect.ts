import { readFileSync } from 'node:fs';
import { openRemoteService } from '../../client/remote-service.js';
import type { Message, Service } from '../../operations/service.js';
import type { OperationName } from '../../operations/shapes.js';
import { VERSION } from '../../version.js';
import { homeFolder } from '../home.js';
import { isStructure, type Value } from '../output/value.js';
import type { Configuration } from './configuration.js';
import type { DebugLog } from './debug-log.js';
import { CommandFailure, EXIT, generalFailure } from './failure.js';
import type { Globals } from './globals.js';
import { readJsonArgument } from './json-reader.js';
import type { Argument } from './python-text.js';
import { toMessage } from './validate.js';

/** The service, in the values of the command line. */
export interface Connection {
  /** On the local store, in this process. */
  readonly local: boolean;
  /** @throws ServiceError, CommandFailure without credentials, ConnectionError */
  call(operation: OperationName, input: ReadonlyMap<string, Argument>): Promise<Message>;
  close(): Promise<void>;
}

/** Address of the service; undefined: the local store. */
export function endpointOf(globals: Globals, configuration: Configuration): string | undefined {
  return globals.endpointUrl ?? configuration.endpointUrl;
}

/**
 * The service that the options, the environment and the configuration name: the one at an endpoint, else the local store.
 *
 * @throws CommandFailure for a profile that does not exist, without a region where one is needed
 */
export function connect(globals: Globals, configuration: Configuration, debug: DebugLog): Connection {
  configuration.checkProfile();
  const endpointUrl = endpointOf(globals, configuration);
  if (endpointUrl === undefined) return new LocalConnection(globals);
  const region = globals.region ?? configuration.region;
  if (region === undefined) {
    throw new CommandFailure(
      EXIT.configuration,
      'You must specify a region. You can also configure your region by running "aws configure".',
    );
  }
  return remoteConnection(endpointUrl, region, globals, configuration, debug);
}

function remoteConnection(
  endpointUrl: string,
  region: string,
  globals: Globals,
  configuration: Configuration,
  debug: DebugLog,
): Connection {
  if (!/^https?:\/\/[^/]/i.test(endpointUrl) || !URL.canParse(endpointUrl)) {
    throw generalFailure(`Invalid endpoint: ${endpointUrl}`);
  }
  const credentials = globals.sign ? configuration.credentials : undefined;
  const service = openRemoteService({
    endpointUrl,
    region,
    credentials,
    connectTimeoutMs: globals.connectTimeoutMs,
    readTimeoutMs: globals.readTimeoutMs,
    verifyTls: globals.verifyTls,
    certificates: endpointUrl.startsWith('https:')
      ? readCertificates(globals.caBundle ?? configuration.caBundle)
      : undefined,
    maxAttempts: configuration.maxAttempts,
    userAgent: `create-ml-model/${VERSION} Node/${process.versions.node}`,
    onDebug: debug,
  });
  return {
    local: false,
    call: async (operation, input) => {
      if (globals.sign && credentials === undefined) {
        throw new CommandFailure(
          EXIT.configuration,
          'Unable to locate credentials. You can configure credentials by running "aws configure".',
        );
      }
      return readResponse(await service.callForText(operation, toMessage(input)));
    },
    close: () => service.close(),
  };
}

function readCertificates(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw generalFailure(`Could not find a suitable TLS CA certificate bundle, invalid path: ${path}`);
  }
}

/** A body that is not JSON is an empty answer; one that is a list is none. Floats stay floats. */
function readResponse(text: string): Message {
  let value: Value;
  try {
    value = readJsonArgument(text);
  } catch {
    return {};
  }
  if (Array.isArray(value)) throw generalFailure("'list' object has no attribute 'get'");
  return isStructure(value) ? (toObjects(value) as Message) : {};
}

function toObjects(value: Value): unknown {
  if (Array.isArray(value)) return value.map(toObjects);
  if (!isStructure(value)) return value;
  return Object.fromEntries(Array.from(value, ([name, member]) => [name, toObjects(member)]));
}

/** The local store is opened by the first call. */
class LocalConnection implements Connection {
  readonly local = true;
  private service: Promise<Service> | undefined;

  constructor(private readonly globals: Globals) {}

  async call(operation: OperationName, input: ReadonlyMap<string, Argument>): Promise<Message> {
    const service = await (this.service ??= this.open());
    return service.call(operation, toMessage(input));
  }

  async close(): Promise<void> {
    await (await this.service?.catch(() => undefined))?.close();
  }

  private async open(): Promise<Service> {
    const { openCommandLineService } = await import('./local-store.js');
    const { home, s3Root, s3Endpoint } = this.globals;
    return openCommandLineService({ home: homeFolder(home), s3Root, s3Endpoint });
  }
}
