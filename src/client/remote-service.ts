import { STATUS_CODES } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Message, type Service, ServiceError } from '../operations/service.js';
import { OPERATIONS, type OperationName } from '../operations/shapes.js';
import { ConnectionError } from './connection-error.js';
import { inputText } from './json-text.js';
import { openTransport, type Reply, type Transport } from './post.js';
import { isRetried, retryPauseMs } from './retry.js';
import { type Credentials, signatureHeaders } from './signature.js';

export interface RemoteOptions {
  /** Where the service is: http or https. */
  readonly endpointUrl: string;
  /** Named in signatures. */
  readonly region: string;
  /** Undefined: requests are not signed. */
  readonly credentials?: Credentials;
  /** Milliseconds; 0: without end. Default: 60,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds between parts of an answer; 0: without end. Default: 60,000. */
  readonly readTimeoutMs?: number;
  /** Whether the server's certificate is checked; default: true. */
  readonly verifyTls?: boolean;
  /** Certificates to trust in place of the built-in ones, PEM. */
  readonly certificates?: string;
  /** How often a request is made at most; default: 3. */
  readonly maxAttempts?: number;
  readonly userAgent?: string;
  /** Told of requests and answers. */
  readonly onDebug?: (logger: string, text: string) => void;
}

/** The service behind an endpoint. */
export interface RemoteService extends Service {
  /** The answer as it came, JSON text. */
  callForText(operation: OperationName, input: Message): Promise<string>;
}

/** An error response of a service behind an endpoint. */
export class RemoteServiceError extends ServiceError {
  /** @param retries attempts made after the first, when all that are allowed were made */
  constructor(
    code: string,
    message: string,
    status: number,
    readonly retries?: number,
  ) {
    super(code, message, status);
  }
}

const TARGET_PREFIX = 'AmazonML_20141212.';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Open the service at an endpoint: AWS JSON 1.1, signed with Signature Version 4. Errors that may pass are tried again. Predict
 * goes to the host of its PredictEndpoint.
 */
export function openRemoteService(options: RemoteOptions): RemoteService {
  return new HttpService(options);
}

class HttpService implements RemoteService {
  private readonly transport: Transport;
  private readonly endpoint: URL;

  constructor(private readonly options: RemoteOptions) {
    this.endpoint = new URL(options.endpointUrl);
    this.transport = openTransport({
      connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_TIMEOUT_MS,
      readTimeoutMs: options.readTimeoutMs ?? DEFAULT_TIMEOUT_MS,
      verifyTls: options.verifyTls,
      certificates: options.certificates,
    });
  }

  async call(operation: OperationName, input: Message): Promise<Message> {
    return readObject(await this.callForText(operation, input));
  }

  async callForText(operation: OperationName, input: Message): Promise<string> {
    const url = operation === 'Predict' ? predictUrl(this.endpoint, input.PredictEndpoint) : this.endpoint;
    const body = inputText(input, OPERATIONS[operation].input);
    const maxAttempts = this.options.maxAttempts ?? 3;
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await this.send(operation, url, body);
        if (reply.status < 300) return reply.body;
        throw serviceError(reply, attempt >= maxAttempts ? attempt - 1 : undefined);
      } catch (error) {
        if (!mayPass(error) || attempt >= maxAttempts) throw error;
        this.options.onDebug?.('botocore.retries.standard', `Retry needed, attempt ${attempt} of ${maxAttempts}`);
      }
      await pause(retryPauseMs(attempt, Math.random()));
    }
  }

  async close(): Promise<void> {
    this.transport.close();
  }

  private async send(operation: OperationName, url: URL, body: string): Promise<Reply> {
    const { credentials, region, userAgent = 'create-ml-model', onDebug } = this.options;
    const signed = { 'content-type': CONTENT_TYPE, 'x-amz-target': `${TARGET_PREFIX}${operation}` };
    const signature = credentials && signatureHeaders({ url, headers: signed, body }, credentials, region, new Date());
    const headers = {
      'X-Amz-Target': signed['x-amz-target'],
      'Content-Type': signed['content-type'],
      'User-Agent': userAgent,
      ...signature,
      'Content-Length': String(Buffer.byteLength(body)),
    };
    onDebug?.(
      'botocore.endpoint',
      `Making request for OperationModel(name=${operation}): POST ${url.href} ${shownHeaders(headers)} ${body}`,
    );
    const reply = await this.transport.post(url, headers, body);
    onDebug?.('botocore.parsers', `Response headers: ${JSON.stringify(reply.headers)}`);
    onDebug?.('botocore.parsers', `Response body:\n${reply.body}`);
    return reply;
  }
}

/** Without what would let someone else act in the user's name. */
function shownHeaders(headers: Readonly<Record<string, string>>): string {
  const { 'X-Amz-Security-Token': token, ...others } = headers as Record<string, string>;
  return JSON.stringify(token === undefined ? others : { ...others, 'X-Amz-Security-Token': '[REDACTED]' });
}

/** The path of the ordinary endpoint on the host of another. */
function predictUrl(endpoint: URL, given: unknown): URL {
  const text = String(given);
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text) || !URL.canParse(text)) {
    throw new ConnectionError("'NoneType' object has no attribute 'split'");
  }
  return new URL(endpoint.pathname, new URL(text).origin);
}

function mayPass(error: unknown): boolean {
  if (error instanceof ServiceError) return isRetried(error.code, error.status);
  return error instanceof ConnectionError;
}

function serviceError({ status, body }: Reply, retries: number | undefined): RemoteServiceError {
  const { code, message } = readError(status, body);
  return new RemoteServiceError(code, message, status, isRetried(code, status) ? retries : undefined);
}

/** Name and text of an error response, as botocore finds them: `__type` without its name space, `message` or `Message`. */
function readError(status: number, body: string): { code: string; message: string } {
  const code = String(status);
  const isPage = body.trim() === '' || body.trimStart().startsWith('<html>');
  if (status >= 500 && isPage) return { code, message: STATUS_CODES[status] ?? '' };
  if (body === '') return { code, message: '' };
  let members: Message;
  try {
    members = readObject(body, true);
  } catch {
    return { code, message: body };
  }
  const { __type: type, message = members.Message ?? '' } = members;
  return { code: type === undefined ? code : String(type).replace(/^.*#/, ''), message: String(message) };
}

function readObject(body: string, strict = false): Message {
  if (body === '' && !strict) return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (strict) throw error;
    return {};
  }
  if (Array.isArray(value)) throw new ConnectionError("'list' object has no attribute 'get'");
  return typeof value === 'object' && value !== null ? (value as Message) : {};
}
