import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { awsProgram } from '../../helpers/installed.js';

/** The Python that has the distribution's AWS CLI v2 and its JMESPath. */
const PYTHON = '/usr/bin/python3';

export interface AwsCase {
  readonly args: readonly string[];
  /** Answers of the service, one per request. */
  readonly bodies?: readonly string[];
}

export interface AwsResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run AWS CLI v2 on each case, all in one process. */
export function runAws(cases: readonly AwsCase[], timeZone = 'UTC'): AwsResult[] {
  const script = fileURLToPath(new URL('aws_oracle.py', import.meta.url));
  return jsonLines(spawnPython(['-W', 'ignore', script], cases, timeZone));
}

const JMESPATH = `
import json, sys, jmespath
for line in sys.stdin:
    expression, document = json.loads(line)
    try:
        query = jmespath.compile(expression)
        try: result = ['result', json.dumps(query.search(json.loads(document)), indent=4, ensure_ascii=False)]
        except Exception as error: result = ['runtime error', str(error)]
    except Exception as error: result = ['syntax error', str(error)]
    print(json.dumps(result))
`;

/** Apply expressions to JSON documents with the JMESPath of the AWS CLI. */
export function runJmespath(cases: readonly (readonly [expression: string, document: string])[]): [string, string][] {
  return jsonLines(spawnPython(['-W', 'ignore', '-c', JMESPATH], cases, 'UTC'));
}

function spawnPython(args: readonly string[], input: readonly unknown[], timeZone: string): string {
  awsProgram();
  const { stdout, stderr, status } = spawnSync(PYTHON, args, {
    input: input.map((item) => JSON.stringify(item)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, TZ: timeZone, PYTHONIOENCODING: 'utf8' },
  });
  if (status !== 0) throw new Error(`the AWS CLI could not be run: ${stderr}`);
  return stdout;
}

function jsonLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
