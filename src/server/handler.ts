import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Service } from '../operations/service.js';
import type { OperationName } from '../operations/shapes.js';
import type { Access } from './access.js';
import { BodyReader } from './body.js';
import { type ErrorReply, errorReply, protocolError } from './errors.js';
import { readMessage } from './json.js';
import type { Log } from './log.js';
import type { Gauges, Metrics } from './metrics.js';
import { CONTENT_TYPE, operationOf } from './protocol.js';

export interface HandlerOptions {
  readonly access: Access;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly gauges?: Gauges;
  /** Largest body of a request, bytes. */
  readonly bodyLimit: number;
  /** Operations carried out at a time; more are answered with ThrottlingException, which clients try again. */
  readonly maxInFlight: number;
}

/** How many bodies of the largest size may be arriving at a time. */
const ARRIVING_BODIES = 16;

/** Answers requests: operations by POST on any path, `/ping` and `/metrics` by GET. */
export class Handler {
  readonly #bodies: BodyReader;
  #service: Service | undefined;
  /** Connections are closed after their next answer. */
  closing = false;

  /** @param service may take its time to open; requests wait for it */
  constructor(
    readonly service: Promise<Service>,
    readonly options: HandlerOptions,
  ) {
    this.#bodies = new BodyReader(options.bodyLimit, options.bodyLimit * ARRIVING_BODIES);
  }

  /** Answer one request; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new Exchange(request, response, this);
    try {
      if (request.method !== 'POST') await this.#answerGet(exchange);
      else await this.#answerPost(exchange);
    } catch (error) {
      exchange.fail(error);
    }
  }

  async #answerGet(exchange: Exchange): Promise<void> {
    const { request } = exchange;
    const { access, metrics, gauges } = this.options;
    request.resume();
    access.admit(request.headers);
    const path = /^[^?]*/.exec(request.url!)![0];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || (path !== '/ping' && path !== '/metrics')) {
      throw protocolError(
        'UnknownOperationException',
        'operations are asked for by POST; GET serves /ping and /metrics',
      );
    }
    exchange.operation = path;
    if (path === '/ping') exchange.send(200, '{"status":"ok"}', 'application/json');
    else exchange.send(200, await metrics.render(gauges), 'text/plain; version=0.0.4; charset=utf-8');
  }

  async #answerPost(exchange: Exchange): Promise<void> {
    const { request } = exchange;
    const { access, metrics, maxInFlight } = this.options;
    let operation: OperationName;
    try {
      access.admit(request.headers);
      operation = operationOf(request.headers['x-amz-target'] as string | undefined);
    } catch (error) {
      // The body has to be read for the connection to be of further use.
      await this.#bodies.read(request);
      throw error;
    }
    exchange.operation = operation;
    const body = await this.#bodies.read(request);
    if (body === undefined) return exchange.abandon();
    const { method, url, rawHeaders } = request;
    access.verify({ method: method!, target: url!, rawHeaders, body });
    const input = readMessage(body);
    if (metrics.inFlight >= maxInFlight) {
      metrics.throttled++;
      throw protocolError('ThrottlingException', `${maxInFlight} operations are being carried out; try again`);
    }
    metrics.inFlight++;
    try {
      this.#service ??= await this.service;
      const output = await this.#service.call(operation, input);
      exchange.send(200, JSON.stringify(output), CONTENT_TYPE);
    } finally {
      metrics.inFlight--;
    }
  }
}

const UNKNOWN = 'unknown';

/** One request on its way to its answer. */
class Exchange {
  readonly began = performance.now();
  readonly requestId = randomUUID();
  /** For metrics and the log: an operation, or the path of a page of ours. */
  operation: string = UNKNOWN;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly handler: Handler,
  ) {}

  send(status: number, body: string, contentType: string, error?: ErrorReply): void {
    const { response } = this;
    const headers = [
      'Content-Type',
      contentType,
      'x-amzn-RequestId',
      this.requestId,
      'Content-Length',
      String(Buffer.byteLength(body)),
    ];
    if (error !== undefined) headers.push('x-amzn-ErrorType', error.name);
    if (this.handler.closing) headers.push('Connection', 'close');
    response.writeHead(status, headers);
    response.end(body);
    this.#account(status, error);
  }

  fail(error: unknown): void {
    const reply = errorReply(error, this.requestId);
    if (reply.ours) {
      this.handler.options.log.error('operation failed', {
        requestId: this.requestId,
        operation: this.operation,
        stack: stackOf(error),
      });
    }
    if (this.response.headersSent || this.response.destroyed) this.abandon();
    else this.send(reply.status, reply.body, CONTENT_TYPE, reply);
  }

  /** The client went away before it had sent its request, or while it was answered. */
  abandon(): void {
    this.response.destroy();
    this.#account(499);
  }

  #account(status: number, error?: ErrorReply): void {
    const elapsedMs = performance.now() - this.began;
    const { log, metrics } = this.handler.options;
    metrics.count(this.operation, status, elapsedMs);
    if (!log.wantsRequest()) return;
    const { requestId, operation, request } = this;
    log.info('request', {
      requestId,
      operation,
      status,
      error: error?.name,
      ms: Math.round(elapsedMs * 1000) / 1000,
      remote: request.socket.remoteAddress,
    });
  }
}

/** With the stacks of what caused it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}
