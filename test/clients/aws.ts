import { AwsCli } from '../helpers/aws-cli.js';
import type { Finished } from '../helpers/cli.js';
import { KEY, quickWaiters, REGION, type Serving } from './serving.js';

/** Someone with the AWS CLI and a server. */
export class AwsUser {
  private constructor(
    private readonly cli: AwsCli,
    private readonly serving: Serving,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** The CLI asks three times a second where it waits. */
  static async open(serving: Serving): Promise<AwsUser> {
    const cli = new AwsCli(await quickWaiters(serving.file('aws-data'), 0.3));
    return new AwsUser(cli, serving, {
      PATH: process.env.PATH ?? '',
      HOME: serving.file('nobody'),
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_DEFAULT_REGION: REGION,
      ...(serving.anonymous ? {} : { AWS_ACCESS_KEY_ID: KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey }),
    });
  }

  /** `aws machinelearning …` at the server. */
  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const unsigned = this.serving.anonymous ? ['--no-sign-request'] : [];
    const all = ['machinelearning', ...args, ...unsigned, '--endpoint-url', this.serving.url];
    return this.cli.run(all, { ...this.environment, ...environment }, this.serving.s3);
  }

  /** What a command prints that must succeed. */
  async text(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) {
      const log = this.serving.logged().filter(({ event, level }) => event === 'job runner' || level === 'error');
      throw new Error(
        `aws ${args.join(' ')} ended with ${code}:${stderr}${log.map((line) => JSON.stringify(line)).join('\n')}`,
      );
    }
    return stdout;
  }

  /** The response of a command that must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: responses of all operations
  async json(...args: string[]): Promise<any> {
    const text = await this.text(...args);
    return text === '' ? {} : JSON.parse(text);
  }

  /** The error that the service answers a command with. */
  async refusal(...args: string[]): Promise<{ code: string; operation: string; message: string }> {
    const { code, stdout, stderr } = await this.run(args);
    const parts = /^\nAn error occurred \((\w+)\) when calling the (\w+) operation: (.*)\n$/s.exec(stderr);
    if (code !== 254 || stdout !== '' || parts === null) {
      throw new Error(`aws ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    }
    return { code: parts[1], operation: parts[2], message: parts[3] };
  }

  close(): void {
    this.cli.close();
  }
}

export const rearrangement = (percentBegin: number, percentEnd: number, complement = false): string =>
  JSON.stringify({
    splitting: { percentBegin, percentEnd, complement, strategy: 'random', strategyParams: { randomSeed: 'seed' } },
  });
