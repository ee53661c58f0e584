import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { parameterFailure } from './failure.js';
import { quoted } from './python-text.js';

/** Texts of the errors a file may give, as Python's `OSError` words them. */
const REASONS: Readonly<Record<string, readonly [number, string]>> = {
  ENOENT: [2, 'No such file or directory'],
  EACCES: [13, 'Permission denied'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  ELOOP: [40, 'Too many levels of symbolic links'],
  ENAMETOOLONG: [36, 'File name too long'],
};

/**
 * What an option's value stands for: the contents of a file for `file://PATH` (UTF-8 text) and `fileb://PATH` (bytes), else
 * the value itself. `~` and `$VARIABLE` in the path are replaced; relative paths start at the working folder.
 *
 * @throws CommandFailure naming the option for a file that cannot be read
 */
export function loadParameter(option: string, value: string): string | Uint8Array {
  const prefix = ['file://', 'fileb://'].find((start) => value.startsWith(start));
  if (prefix === undefined) return value;
  const path = expand(value.slice(prefix.length));
  const bytes = readBytes(option, value, path);
  if (prefix === 'fileb://') return bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    throw parameterFailure(
      option,
      `Unable to load paramfile (${path}), text contents could not be decoded.  If this is a binary file, please use ` +
        'the fileb:// prefix instead of the file:// prefix.',
    );
  }
}

function readBytes(option: string, value: string, path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    const [number, text] = REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? [0, (error as Error).message];
    throw parameterFailure(option, `Unable to load paramfile ${value}: [Errno ${number}] ${text}: ${quoted(path)}`);
  }
}

function expand(path: string): string {
  const home = path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
  return home.replace(/\$(\w+)|\$\{([^}]*)\}/g, (whole, name, braced) => process.env[name ?? braced] ?? whole);
}
