import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root, temporaryFolder } from '../../helpers/cli.js';

const folder = temporaryFolder();

/** What a person sees who types into `machinelearning`, without colours and cursor movements; what the program throws away. */
async function typed(keys: readonly string[], ...args: string[]): Promise<{ seen: string; exitCode: number }> {
  const command = [`${root}test/helpers/terminal.py`, JSON.stringify(keys), process.execPath];
  const env = { ...process.env, TERM: 'xterm', CREATE_ML_MODEL_HOME: folder.path, NO_COLOR: '1' };
  const run = promisify(execFile)('python3', [...command, `${root}build/cli/machinelearning.js`, ...args], { env });
  const { stdout, code }: { stdout: string; code?: number } = await run.catch((error) => error);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what terminals are told by
  return { seen: stdout.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, ''), exitCode: code ?? 0 };
}

describe('--cli-auto-prompt on a terminal', () => {
  it('asks for the command, again when there is none of that name, and for what it requires', async () => {
    const { seen, exitCode } = await typed(['zzz\r', 'get-ml-m', '\r', '\r', 'ml-1\r'], '--cli-auto-prompt');
    expect(seen.match(/Command/g)!.length).toBeGreaterThan(1);
    expect(seen).toContain('--ml-model-id');
    expect(seen).toContain('An error occurred (ResourceNotFoundException)');
    expect(exitCode).toBe(254);
  });

  it('asks only for the options that are missing, and leaves on Ctrl-C', async () => {
    const { seen, exitCode } = await typed(['\r', '\x03'], 'get-ml-model', '--cli-auto-prompt');
    expect(seen).not.toContain('Command');
    expect(seen).toContain('--ml-model-id');
    expect(exitCode).toBe(130);
  });
});
