import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { type Finished, root } from './cli.js';
import { awsProgram } from './installed.js';

/** The AWS CLI itself, kept loaded: one process for each list of arguments, without its slow start. */
export class AwsCli {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly waiting: ((result: Finished) => void)[] = [];

  /** @param dataPath folder of service descriptions that come before its own */
  constructor(dataPath?: string) {
    awsProgram();
    this.child = spawn('/usr/bin/python3', [join(root, 'test', 'helpers', 'aws-cli.py')], {
      env: dataPath === undefined ? process.env : { ...process.env, AWS_DATA_PATH: dataPath },
    });
    this.child.stderr.pipe(process.stderr);
    this.lines = createInterface(this.child.stdout);
    this.lines.on('line', (line) => this.waiting.shift()?.(JSON.parse(line)));
  }

  run(args: readonly string[], environment: Readonly<Record<string, string>>, folder: string): Promise<Finished> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.child.stdin.write(`${JSON.stringify({ args, environment, folder })}\n`);
    });
  }

  close(): void {
    this.child.stdin.end();
    this.lines.close();
  }
}
