import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { InvalidInput } from '../errors.js';
import type { Service } from '../operations/service.js';
import { type CommonErrorName, errorReply, protocolError } from './errors.js';
import { Handler, type HandlerOptions } from './handler.js';
import { CONTENT_TYPE } from './protocol.js';

/** Limits on what clients may take of a server. Times in milliseconds. */
export interface Limits {
  /** Largest body of a request, bytes. */
  readonly bodyLimit: number;
  /** Operations carried out at a time. */
  readonly maxInFlight: number;
  readonly maxConnections: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutMs: number;
  /** Between requests of a connection; longer than clients keep theirs. */
  readonly keepAliveTimeoutMs: number;
  /** Without a byte in either direction in the middle of a request or answer. */
  readonly idleTimeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyLimit: 4 * 1024 * 1024,
  maxInFlight: 256,
  maxConnections: 2048,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 120_000,
};

/** How often slow clients are looked for. */
const CHECK_INTERVAL_MS = 1000;
const MAX_HEADER_BYTES = 16384;

export interface ServerOptions extends Omit<HandlerOptions, 'bodyLimit' | 'maxInFlight'> {
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly limits?: Partial<Limits>;
  /** Called when the port is known; requests that arrive earlier wait for it. */
  openService(port: number): Promise<Service>;
}

export interface RunningServer {
  readonly port: number;
  readonly host: string;
  /**
   * Stop accepting, answer what has been asked, then cut what is left. The service is not closed.
   *
   * @param graceMs time for requests that are under way
   */
  stop(graceMs: number): Promise<void>;
}

/**
 * Serve operations over HTTP.
 *
 * @returns when the service is open
 * @throws InvalidInput when the host cannot be listened on or the port is in use; whatever `openService` throws
 */
export async function listen({
  host,
  port,
  limits: given,
  openService,
  ...rest
}: ServerOptions): Promise<RunningServer> {
  const limits = { ...DEFAULT_LIMITS, ...given };
  let open: (service: Promise<Service>) => void;
  const service = new Promise<Service>((resolve) => (open = resolve));
  const handler = new Handler(service, { ...rest, bodyLimit: limits.bodyLimit, maxInFlight: limits.maxInFlight });
  const server = httpServer(limits, handler);
  await bind(server, host, port);
  const address = server.address() as AddressInfo;
  try {
    open!(openService(address.port));
    await service;
  } catch (error) {
    server.close();
    server.closeAllConnections();
    throw error;
  }
  return { port: address.port, host: address.address, stop: (graceMs) => stop(server, handler, graceMs) };
}

function httpServer(limits: Limits, handler: Handler): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    noDelay: true,
    // Answered as an error of the protocol instead.
    requireHostHeader: false,
  });
  server.maxConnections = limits.maxConnections;
  server.setTimeout(limits.idleTimeoutMs);
  const answering = new WeakMap<Duplex, number>();
  server.on('request', (request, response) => {
    const { socket } = request;
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    void handler.handle(request, response).then(() => answering.set(socket, answering.get(socket)! - 1));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // An answer in the middle of another one would be taken for a part of it.
    if (answering.get(socket) || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else refuse(socket as Socket, error);
  });
  return server;
}

/** Answer what is not HTTP, or did not arrive in time, and hang up. */
function refuse(socket: Socket, error: NodeJS.ErrnoException): void {
  const [name, message] = CLIENT_ERRORS[error.code ?? ''] ?? ['MalformedHttpRequestException', 'this is not HTTP/1.1'];
  const { status, body } = errorReply(protocolError(name, message), '');
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${CONTENT_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `x-amzn-ErrorType: ${name}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [CommonErrorName, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['RequestTimeoutException', 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [
    'RequestHeaderSectionTooLargeException',
    `the headers are larger than ${MAX_HEADER_BYTES} bytes`,
  ],
};

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(bindError(cause, host, port)));
    server.listen({ host, port, backlog: 1024 }, resolve);
  });
}

function bindError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new InvalidInput(`port ${port} of ${host} is in use`, {
        hint: 'give another --port; 0 takes one that is free',
        cause,
      });
    case 'EACCES':
      return new InvalidInput(`port ${port} may not be used by this user`, { hint: 'give a --port above 1023', cause });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new InvalidInput(`--host: '${host}' is not an address of this machine`, {
        hint: 'give 127.0.0.1, or 0.0.0.0 for all of its addresses',
        cause,
      });
    default:
      return cause;
  }
}

function stop(server: Server, handler: Handler, graceMs: number): Promise<void> {
  handler.closing = true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
