/** Server processes and calls to them, for the benches. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Running {
  readonly url: string;
  readonly port: number;
  /** Processor time so far. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

type CpuSeconds = (url: string, line: () => Promise<string>, child: ChildProcess) => Promise<number>;

/** A process that says its URL on the first line of standard output. */
export async function startProcess(
  args: readonly string[],
  cpuSeconds: CpuSeconds,
  environment?: NodeJS.ProcessEnv,
): Promise<Running> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  });
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => (await lines.next()).value;
  const url = (await line()).replace('listening on ', '');
  return {
    url,
    port: Number(new URL(url).port),
    cpuSeconds: () => cpuSeconds(url, line, child),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** `machinelearning serve` on a port that is free. */
export function startServer(flags: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Running> {
  const command = join('build', 'cli', 'machinelearning.js');
  const cpuSeconds = (url: string): Promise<number> => metric(url, 'process_cpu_seconds_total');
  return startProcess([command, 'serve', '--port', '0', ...flags], cpuSeconds, environment);
}

/** One value of `/metrics`. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)![1]);
}

export async function call(url: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const headers = { 'X-Amz-Target': `AmazonML_20141212.${operation}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
  const output = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(output)}`);
  return output;
}

/** Wait until an object is COMPLETED. */
export async function completed(url: string, operation: string, input: object): Promise<void> {
  for (;;) {
    const { Status, Message } = await call(url, operation, input);
    if (Status === 'COMPLETED') return;
    if (Status === 'FAILED') throw new Error(`${operation}: ${Message}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
