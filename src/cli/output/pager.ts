import { spawn } from 'node:child_process';
import { OutputError } from './errors.js';

/** Options that `less` gets when the environment sets none: no full screen for short texts, colours, text stays after the end. */
const LESS = 'FRX';

/**
 * Show a text through a pager and wait until it ends.
 *
 * @param command the pager and its arguments, quoted as for a POSIX shell
 * @throws OutputError with exit code 253 when it cannot be started
 */
export async function showInPager(text: string, command: string, environment = process.env): Promise<void> {
  if (text === '') return;
  const [program = '', ...args] = process.platform === 'win32' ? [command] : splitCommand(command);
  const child = spawn(program, args, {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS, ...environment },
    shell: process.platform === 'win32',
  });
  const ignoreInterrupt = (): void => {};
  process.on('SIGINT', ignoreInterrupt);
  child.stdin.on('error', () => {});
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(program, cause)));
      child.on('close', () => resolve());
      child.stdin.end(text);
    });
  } finally {
    process.off('SIGINT', ignoreInterrupt);
  }
}

function cannotStart(program: string, cause: NodeJS.ErrnoException): OutputError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `[Errno 2] No such file or directory: '${program}'`,
    EACCES: `[Errno 13] Permission denied: '${program}'`,
  };
  return new OutputError(
    'Unable to redirect output to pager. Received the following error when opening pager:\n' +
      `${reasons[cause.code ?? ''] ?? cause.message}\n\n` +
      'Learn more about configuring the output pager by running "aws help config-vars".',
    253,
    { cause },
  );
}

/** word = { bare | "'" text "'" | '"' text with escapes '"' | "\" character } */
const PART = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|([\s\S])/g;

function splitCommand(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [part, single, double, escaped, bare, stray] of command.matchAll(PART)) {
    const text = single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? bare;
    if (stray !== undefined) throw new OutputError('No closing quotation', 255);
    if (text !== undefined) word = (word ?? '') + text;
    else if (/^\s/.test(part) && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
