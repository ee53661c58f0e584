import { InvalidInput } from '../errors.js';
import { formatCount } from '../format-count.js';
import { hasByteOrderMark, notUtf8, refuseUtf16 } from './encoding.js';
import { RECORD_BYTES } from './layout.js';
import { undouble } from './text.js';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface FirstRecord {
  readonly fields: string[];
  /** From the beginning of the file to the end of the record's line, byte order mark and blank lines included. */
  readonly byteLength: number;
}

/**
 * Read the first record of a CSV file, such as its header.
 *
 * record = field { "," field } ( CRLF | LF | end )        field = quoted | { any byte but "," and LF }
 *
 * @param bytes the file, or its beginning: enough to hold the record, 102,402 bytes and more are always enough
 * @param source file name, for messages
 * @returns undefined when there is none: nothing, or blank lines only
 * @throws InvalidInput when it cannot be read
 */
export function firstRecord(bytes: Uint8Array, source = 'the CSV data'): FirstRecord | undefined {
  refuseUtf16(bytes, source);
  let line = 1;
  let start = hasByteOrderMark(bytes) ? 3 : 0;
  for (let blank = blankLine(bytes, start); blank > 0; blank = blankLine(bytes, start)) {
    start += blank;
    line++;
  }
  if (start === bytes.length) return undefined;

  const where = `${source}, line ${line}`;
  const fields: string[] = [];
  for (let at = start; ; ) {
    const field = readField(bytes, at, where);
    if (field.end + (field.quoted ? 1 : 0) - start > RECORD_BYTES) throw tooLong(where);
    fields.push(field.quoted ? undouble(decode(field.start, field.end)) : decode(field.start, field.end));
    if (bytes[field.delimiter] !== COMMA) return { fields, byteLength: Math.min(field.delimiter + 1, bytes.length) };
    at = field.delimiter + 1;
  }

  function decode(from: number, to: number): string {
    try {
      return decoder.decode(bytes.subarray(from, to));
    } catch {
      const stretch = { source, line, byteOffset: start, isLineStart: true };
      throw notUtf8(bytes.subarray(start), firstInvalid(bytes, from, to) - start, stretch);
    }
  }
}

function blankLine(bytes: Uint8Array, at: number): number {
  if (bytes[at] === LF) return 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? 2 : 0;
}

interface FieldBounds {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** Position of the comma or line feed behind it, or the length of the bytes. */
  readonly delimiter: number;
}

function readField(bytes: Uint8Array, start: number, where: string): FieldBounds {
  if (bytes[start] === QUOTE) return readQuoted(bytes, start + 1, where);
  let delimiter = start;
  while (delimiter < bytes.length && bytes[delimiter] !== COMMA && bytes[delimiter] !== LF) delimiter++;
  const hasReturn = bytes[delimiter] === LF && delimiter > start && bytes[delimiter - 1] === CR;
  return { start, end: hasReturn ? delimiter - 1 : delimiter, quoted: false, delimiter };
}

function readQuoted(bytes: Uint8Array, start: number, where: string): FieldBounds {
  let end = bytes.indexOf(QUOTE, start);
  while (end !== -1 && bytes[end + 1] === QUOTE) end = bytes.indexOf(QUOTE, end + 2);
  if (end === -1) {
    throw new InvalidInput(`${where}: a quote is not closed`, {
      hint: 'close it, or double it if it is part of the text',
    });
  }
  const delimiter = bytes[end + 1] === CR && bytes[end + 2] === LF ? end + 2 : end + 1;
  if (delimiter < bytes.length && bytes[delimiter] !== COMMA && bytes[delimiter] !== LF) {
    throw new InvalidInput(`${where}: text after a closing quote`, {
      hint: 'enclose the whole field in quotes and double the quotes inside it',
    });
  }
  return { start, end, quoted: true, delimiter };
}

function tooLong(where: string): InvalidInput {
  return new InvalidInput(`${where}: the first record is longer than ${formatCount(RECORD_BYTES)} bytes`, {
    hint: 'is it a CSV file? Its records end with a line feed',
  });
}

/** The first byte of the sequence at which decoding [start, end) fails. */
function firstInvalid(bytes: Uint8Array, start: number, end: number): number {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let sequence = start;
  for (let i = start; i < end; i++) {
    try {
      if (strict.decode(bytes.subarray(i, i + 1), { stream: true }) !== '') sequence = i + 1;
    } catch {
      break;
    }
  }
  return sequence;
}
