import type { Finished } from './cli.js';

/** Run a command in this process, under other variables and in another folder, and keep what it prints. */
export async function inProcess(
  environment: Readonly<Record<string, string>>,
  folder: string,
  command: () => Promise<number>,
): Promise<Finished> {
  const before = { environment: process.env, folder: process.cwd() };
  const streams = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = ((text: string | Uint8Array, ...rest: unknown[]) => {
      streams[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
      const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
      done?.();
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  process.env = { ...environment };
  process.chdir(folder);
  try {
    const code = await command();
    return { code, ...streams };
  } finally {
    process.env = before.environment;
    process.chdir(before.folder);
    for (const undo of restore) undo();
  }
}
