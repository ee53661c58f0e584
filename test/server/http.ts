import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed, when it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly body: any;
}

export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
}

/** One request with node:http; the operation's target and content type are set. */
export function call(url: string, operation: string | undefined, { agent, ...given }: Call = {}): Promise<Answer> {
  const target = operation === undefined ? {} : { 'X-Amz-Target': `AmazonML_20141212.${operation}` };
  const headers = { 'Content-Type': 'application/x-amz-json-1.1', ...target, ...given.headers };
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(given.path ?? '/', url),
      { method: given.method ?? 'POST', headers, agent: agent ?? new Agent() },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          const json = text !== '' && String(response.headers['content-type']).includes('json');
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            text,
            body: json ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(given.body ?? (sent.method === 'POST' ? '{}' : ''));
  });
}

/** Send bytes over a socket; what comes back until it is closed. */
export function exchange(port: number, ...pieces: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {}).on('close', () => resolve(text));
    for (const piece of pieces) socket.write(piece);
  });
}

export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}
