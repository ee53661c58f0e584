import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import { fixture, root } from '../helpers/cli.js';

/** The key that signs, where requests are signed. */
export const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
export const REGION = 'eu-west-1';

/** Line of the server's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** `machinelearning serve` on a free port, with a home folder and buckets of its own. */
export class Serving {
  url = '';
  /** Folder of objects and models. */
  readonly home: string;
  /** Folder whose subfolders are the buckets. */
  readonly s3: string;
  private child: ChildProcess | undefined;
  private log = '';

  private constructor(
    private readonly folder: string,
    readonly anonymous: boolean,
  ) {
    this.home = join(folder, 'home');
    this.s3 = join(folder, 's3');
  }

  static async start({ anonymous = false } = {}): Promise<Serving> {
    const serving = new Serving(await mkdtemp(join(tmpdir(), 'create-ml-model-clients-')), anonymous);
    await mkdir(serving.s3);
    await serving.launch();
    return serving;
  }

  /** Start it, again on the port it had. */
  async launch(): Promise<void> {
    const script = join(root, 'build', 'cli', 'machinelearning.js');
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const flags = ['--port', port, '--home', this.home, '--s3-root', this.s3];
    this.child = spawn(process.execPath, [script, 'serve', ...flags, ...(this.anonymous ? ['--anonymous'] : [])], {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: KEY.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.log = '';
    this.child.stderr!.on('data', (chunk) => {
      this.log += chunk;
    });
    const ended = once(this.child, 'exit').then(() => ['']);
    const [line] = (await Promise.race([once(createInterface(this.child.stdout!), 'line'), ended])) as [string];
    const url = /^listening on (http:\/\/\S+)$/.exec(line)?.[1];
    if (url === undefined) throw new Error(`the server did not start: ${this.log}`);
    this.url = url;
  }

  /** @returns exit code, and the signal that ended it */
  async end(signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]> {
    const child = this.child!;
    const ended = once(child, 'exit');
    child.kill(signal);
    return (await ended) as [number | null, NodeJS.Signals | null];
  }

  /** End it where it still runs, and remove its folder. */
  async close(): Promise<void> {
    const child = this.child!;
    if (child.exitCode === null && child.signalCode === null) await this.end('SIGTERM');
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  logged(): LogLine[] {
    const complete = this.log.slice(0, this.log.lastIndexOf('\n') + 1);
    return complete
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text));
  }

  /** A file beside home and buckets. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** Where `s3://…` leads. */
  async object(key: string): Promise<string> {
    const path = join(this.s3, key);
    await mkdir(dirname(path), { recursive: true });
    return path;
  }

  async put(key: string, content: string | Uint8Array): Promise<void> {
    await writeFile(await this.object(key), content);
  }

  async putFixture(key: string, name: string): Promise<void> {
    if (key.endsWith('.gz') || !name.endsWith('.gz')) await copyFile(fixture(name), await this.object(key));
    else await this.put(key, gunzipSync(await readFile(fixture(name))));
  }

  async read(uri: string): Promise<Buffer> {
    return readFile(join(this.s3, uri.slice('s3://'.length)));
  }
}

/** Description of the service's waiters, asking more often than AWS's own: for `AWS_DATA_PATH`. */
export async function quickWaiters(folder: string, seconds: number): Promise<string> {
  const path = join(folder, 'machinelearning', '2014-12-12');
  await mkdir(path, { recursive: true });
  const waiter = (operation: string): object => ({
    operation,
    delay: seconds,
    maxAttempts: Math.ceil(60 / seconds),
    acceptors: [
      { expected: 'COMPLETED', matcher: 'pathAll', state: 'success', argument: 'Results[].Status' },
      { expected: 'FAILED', matcher: 'pathAny', state: 'failure', argument: 'Results[].Status' },
    ],
  });
  const waiters = {
    DataSourceAvailable: waiter('DescribeDataSources'),
    MLModelAvailable: waiter('DescribeMLModels'),
    EvaluationAvailable: waiter('DescribeEvaluations'),
    BatchPredictionAvailable: waiter('DescribeBatchPredictions'),
  };
  await writeFile(join(path, 'waiters-2.json'), JSON.stringify({ version: 2, waiters }));
  return folder;
}
