import { InvalidInput } from '../errors.js';

/** True when UTF-8 text begins with a byte order mark, three bytes. */
export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** @throws InvalidInput for the byte order mark of UTF-16, or a first character of ASCII in it; either byte order */
export function refuseUtf16(bytes: Uint8Array, source: string): void {
  const [first, second] = bytes;
  const mark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const nul = bytes.length > 1 && (first === 0) !== (second === 0);
  if (!mark && !nul) return;
  const encoding = mark ? 'UTF-16' : first === 0 ? 'UTF-16BE' : 'UTF-16LE';
  const found = mark ? 'byte order mark at byte 0' : `NUL at byte ${first === 0 ? 0 : 1}`;
  throw new InvalidInput(`${source}: looks like UTF-16 (${found}); UTF-8 is expected`, {
    hint: `save it as UTF-8, for example: iconv -f ${encoding} -t UTF-8 ${source} > utf8.csv`,
  });
}

/** Where a stretch of a file lies. */
export interface Stretch {
  readonly source: string;
  /** Line of its first byte, from 1. */
  readonly line: number;
  /** Its first byte, in the file. */
  readonly byteOffset: number;
  /** Its first byte is the first of a line. */
  readonly isLineStart: boolean;
}

/** The error for a byte that does not belong to UTF-8: `bytes[index]`, in a stretch of a file. */
export function notUtf8(
  bytes: Uint8Array,
  index: number,
  { source, line, byteOffset, isLineStart }: Stretch,
): InvalidInput {
  let lineStart = isLineStart ? 0 : -1;
  for (let at = bytes.indexOf(10); at !== -1 && at < index; at = bytes.indexOf(10, at + 1)) {
    line++;
    lineStart = at + 1;
  }
  const column = lineStart === -1 ? '' : `, byte ${index - lineStart + 1} of the line`;
  const value = `0x${bytes[index].toString(16).padStart(2, '0').toUpperCase()}`;
  return new InvalidInput(
    `${source}, line ${line}${column}: ${value} is not UTF-8 (byte ${byteOffset + index} of the file, counted from 0)`,
    { hint: `save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 ${source} > utf8.csv` },
  );
}
