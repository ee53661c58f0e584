import * as http from 'node:http';
import * as https from 'node:https';
import { connectionError, connectTimeout, readTimeout } from './connection-error.js';

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Transport {
  /** @throws ConnectionError when no whole answer comes */
  post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Reply>;
  close(): void;
}

export interface TransportOptions {
  /** Time to wait for a connection, and for each part of an answer, milliseconds; 0: without end. */
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  /** Whether the certificate of an https server is checked; default: true. */
  readonly verifyTls?: boolean;
  /** Certificates to trust in place of the built-in ones, PEM. */
  readonly certificates?: string;
}

/** Send requests over http or https, keeping connections for the next one. */
export function openTransport(options: TransportOptions): Transport {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({
      keepAlive: true,
      rejectUnauthorized: options.verifyTls ?? true,
      ca: options.certificates,
    }),
  };
  return {
    post: (url, headers, body) => {
      const secure = url.protocol === 'https:';
      const { request } = secure ? https : http;
      return send(
        request(url, { method: 'POST', agent: agents[secure ? 'https:' : 'http:'], headers }),
        url,
        body,
        options,
      );
    },
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

function send(request: http.ClientRequest, url: URL, body: string, options: TransportOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { href } = url;
    const timer =
      options.connectTimeoutMs > 0
        ? setTimeout(() => request.destroy(connectTimeout(href)), options.connectTimeoutMs)
        : undefined;
    const connected = (): void => clearTimeout(timer);
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    if (options.readTimeoutMs > 0) request.setTimeout(options.readTimeoutMs, () => request.destroy(readTimeout(href)));
    const fail = (error: Error): void => {
      connected();
      reject(error.name === 'ConnectionError' ? error : connectionError(href, error));
    };
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(body);
  });
}
