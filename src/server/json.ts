import { isUtf8 } from 'node:buffer';
import type { Message } from '../operations/service.js';
import { protocolError } from './errors.js';

/** Deepest nesting of any operation's input is 4. */
const DEEPEST = 32;
const EMPTY: Message = Object.freeze({});

/**
 * The input of an operation from the body of a request (RFC 8259, without the leeway: names of an object differ).
 *
 * @param body no bytes are read as `{}`
 * @throws ServiceError SerializationException for bytes that are not UTF-8, text that is not JSON, values nested more than
 *   32 deep, a member given twice, and JSON that is not an object
 */
export function readMessage(body: Buffer): Message {
  if (body.length === 0) return EMPTY;
  if (!isUtf8(body)) throw malformed('the body is not UTF-8');
  const text = body.toString('utf8');
  const colons = checkDepth(text);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`the body is ${kindOf(value)}, not an object`);
  }
  if (memberCount(value) !== colons) throw malformed(repeatedMember(text));
  return value as Message;
}

function malformed(what: string) {
  return protocolError('SerializationException', `${what}; send the operation's input as a JSON object`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const bare = /[[:,]\s*(-?(?:NaN|Infinity))\s*[\],}]/.exec(text);
    if (bare) throw malformed(`${bare[1]} at character ${bare.index + 1} is not a JSON number`);
    throw malformed(`the body is not JSON: ${printable((error as Error).message)}`);
  }
}

const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, 200);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * @returns number of colons outside strings: the members of all objects, if the text is JSON
 * @throws ServiceError when brackets are nested too deeply
 */
function checkDepth(text: string): number {
  let colons = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === COLON) colons++;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > DEEPEST) throw malformed(`values are nested more than ${DEEPEST} deep at character ${i + 1}`);
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return colons;
}

/** Index of the closing quote, or the length of a text that has none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, quote: number): boolean {
  let start = quote;
  while (text.charCodeAt(start - 1) === BACKSLASH) start--;
  return (quote - start) % 2 === 1;
}

function memberCount(value: object): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) count += memberCount(item);
    return count;
  }
  for (const name in value) {
    count++;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === 'object' && member !== null) count += memberCount(member);
  }
  return count;
}

/** Which member it is: the slow way, for text that is known to be JSON. */
function repeatedMember(text: string): string {
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x7b) open.push(new Set());
    else if (code === 0x5b) open.push(undefined);
    else if (code === 0x7d || code === 0x5d) open.pop();
    else if (code === QUOTE) {
      const end = endOfString(text, i);
      const isName = /^\s*:/.test(text.slice(end + 1, end + 20));
      const name = isName ? (JSON.parse(text.slice(i, end + 1)) as string) : '';
      const names = open.at(-1);
      if (isName && names?.has(name)) return `member '${printable(name)}' at character ${i + 1} is given twice`;
      if (isName) names?.add(name);
      i = end;
    }
  }
  return 'a member is given twice';
}
