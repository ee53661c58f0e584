import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  /** Method and path. */
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CannedReply {
  readonly status?: number;
  readonly body?: string;
  /** Close the connection in place of an answer. */
  readonly drop?: boolean;
  /** Never answer. */
  readonly silent?: boolean;
}

/** An HTTP server that keeps the requests it gets, and answers to each client by its path. */
export class RecordingServer {
  private readonly server: Server;
  private readonly requests = new Map<string, Recorded[]>();
  private readonly replies = new Map<string, readonly CannedReply[]>();

  constructor() {
    this.server = createServer((request, response) => {
      const path = request.url ?? '';
      const kept = this.recorded(path);
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const replies = this.replies.get(path) ?? [{}];
        const reply = replies[Math.min(kept.length, replies.length - 1)] ?? {};
        kept.push({ line: `${request.method} ${path}`, headers: request.headers, body });
        if (reply.drop) request.socket.destroy();
        else if (!reply.silent) {
          response.writeHead(reply.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
          response.end(reply.body ?? '{}');
        }
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers to requests for a path, one after the other; the last one stays. */
  answer(path: string, replies: readonly CannedReply[]): void {
    this.replies.set(path, replies);
  }

  recorded(path: string): Recorded[] {
    const kept = this.requests.get(path) ?? [];
    this.requests.set(path, kept);
    return kept;
  }
}
