/**
 * Load for `bench/server.ts`, in a process of its own: Predict over keep-alive connections, one request at a time on each. Raw
 * sockets, because an HTTP client would take more of the machine than the server.
 *
 *     node build/bench/bench/server-load.js PORT CONNECTIONS SECONDS RATE < bodies
 *
 * RATE 0: the next request when the answer has come. Otherwise requests per second on a fixed schedule, and latency is counted
 * from the time that a request was due. Bodies: one JSON text per line, sent in turn. Prints one JSON object.
 */
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

const [port, connections, seconds, rate] = process.argv.slice(2).map(Number);
const requests = (await text(process.stdin))
  .trim()
  .split('\n')
  .map((body) =>
    Buffer.from(
      `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Amz-Target: AmazonML_20141212.Predict\r\n` +
        `Content-Type: application/x-amz-json-1.1\r\nUser-Agent: server-load\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );

const latencies = new Float64Array(20_000_000);
const answers = new Array<string | undefined>(requests.length);
let [done, errors, sent] = [0, 0, 0];
const began = performance.now();
const end = began + seconds * 1000;
const free: Connection[] = [];

class Connection {
  readonly #socket: Socket;
  #due = 0;
  #request = 0;
  #received = '';

  constructor() {
    const buffer = Buffer.allocUnsafe(65536);
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.#receive(buffer.toString('latin1', 0, length));
          return true;
        },
      },
    });
    this.#socket.on('connect', () => this.#next());
    this.#socket.on('error', () => errors++);
    this.#socket.on('close', () => {
      if (performance.now() < end) errors++;
    });
  }

  send(due: number): void {
    this.#due = due;
    this.#request = sent++ % requests.length;
    this.#socket.write(requests[this.#request]);
  }

  /** Answers to one request are equal, except that their headers tell time and request. */
  #receive(piece: string): void {
    this.#received += piece;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const length = Number(/\r\nContent-Length: (\d+)/.exec(this.#received)?.[1]);
    const body = this.#received.slice(headEnd + 4);
    if (body.length < length) return;
    const first = (answers[this.#request] ??= body);
    if (!this.#received.startsWith('HTTP/1.1 200') || body !== first) errors++;
    this.#received = '';
    latencies[done++] = performance.now() - this.#due;
    this.#next();
  }

  #next(): void {
    if (performance.now() >= end) this.#socket.destroy();
    else if (rate > 0) free.push(this);
    else this.send(performance.now());
  }
}

const all = Array.from({ length: connections }, () => new Connection());
if (rate > 0) await keepSchedule();
else await new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 200));

/** Due requests wait for a free connection. */
async function keepSchedule(): Promise<void> {
  let scheduled = 0;
  while (performance.now() < end) {
    const due = ((performance.now() - began) / 1000) * rate;
    while (scheduled < due && free.length > 0) {
      free.shift()!.send(began + (scheduled++ / rate) * 1000);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
}

const sorted = latencies.subarray(0, done).sort();
const at = (share: number): number => sorted[Math.min(done - 1, Math.floor(share * done))];
const { user, system } = process.cpuUsage();
const p = { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: sorted[done - 1] };
console.log(
  JSON.stringify({
    done,
    errors,
    perSecond: done / seconds,
    ...p,
    cpuSeconds: (user + system) / 1e6,
    connections: all.length,
  }),
);
process.exit(0);
