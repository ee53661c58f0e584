import { InvalidInput } from '../errors.js';

/**
 * Parse JSON; errors name line and column, which `JSON.parse` does not do in all engines.
 *
 * @param source file name, for messages
 * @throws InvalidInput naming line, column (in characters, from 1), what was expected and what was found
 * @see RFC 8259
 */
export function parseJson(text: string, source: string): unknown {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(bare);
  } catch (cause) {
    const { offset, expected, hint } = findSyntaxError(bare);
    const before = bare.slice(0, offset).split('\n');
    const column = [...before.at(-1)!].length + 1;
    const found = offset >= bare.length ? 'the end of the text' : quoteAt(bare, offset);
    throw new InvalidInput(
      `${source}: line ${before.length}, column ${column}: not valid JSON: expected ${expected}, found ${found}`,
      { hint, cause },
    );
  }
}

/** Where a text ceases to be JSON. */
class SyntaxProblem {
  constructor(
    readonly offset: number,
    readonly expected: string,
    readonly hint?: string,
  ) {}
}

const MAX_DEPTH = 500;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const ESCAPE = /\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LITERAL = /(true|false|null)(?![A-Za-z0-9_])/y;

function findSyntaxError(text: string): SyntaxProblem {
  try {
    const end = skipSpace(text, skipValue(text, skipSpace(text, 0), 0));
    return new SyntaxProblem(end, 'nothing after the JSON value');
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return problem;
    throw problem;
  }
}

/** value = object | array | string | number | "true" | "false" | "null"; returns the offset after it */
function skipValue(text: string, offset: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new SyntaxProblem(offset, `at most ${MAX_DEPTH} levels of nesting`);
  const first = text[offset];
  if (first === '{') return skipList(text, offset, '}', (at) => skipMember(text, at, depth + 1));
  if (first === '[') return skipList(text, offset, ']', (at) => skipValue(text, at, depth + 1));
  if (first === '"') return skipString(text, offset);
  const end = match(NUMBER, text, offset) ?? match(LITERAL, text, offset);
  if (end !== undefined) return end;
  throw new SyntaxProblem(offset, 'a value', valueHint(text, offset));
}

/** list = open [ item { "," item } ] close */
function skipList(text: string, open: number, close: string, skipItem: (offset: number) => number): number {
  let at = skipSpace(text, open + 1);
  if (text[at] === close) return at + 1;
  while (true) {
    at = skipSpace(text, skipItem(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') throw new SyntaxProblem(at, `',' or '${close}'`, missingHint(text, at, close));
    at = skipSpace(text, at + 1);
    if (text[at] === close) {
      throw new SyntaxProblem(at, close === '}' ? 'a name in double quotes' : 'a value', 'remove the comma before it');
    }
  }
}

/** member = string ":" value */
function skipMember(text: string, offset: number, depth: number): number {
  if (text[offset] !== '"') throw new SyntaxProblem(offset, 'a name in double quotes', valueHint(text, offset));
  const colon = skipSpace(text, skipString(text, offset));
  if (text[colon] !== ':') throw new SyntaxProblem(colon, "':'");
  return skipValue(text, skipSpace(text, colon + 1), depth);
}

/** string = '"' { any character from U+0020 but '"' and "\" | escape } '"' */
function skipString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"' && text.charCodeAt(at) >= 0x20) {
    const next = text[at] === '\\' ? match(ESCAPE, text, at) : at + 1;
    if (next === undefined) throw new SyntaxProblem(at, 'an escape sequence', 'write \\\\ for a backslash');
    at = next;
  }
  if (text[at] !== '"') throw new SyntaxProblem(at, 'the closing double quote of a string');
  return at + 1;
}

const skipSpace = (text: string, offset: number): number => match(SPACE, text, offset)!;

/** The offset after a match that begins at `offset`. */
function match(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function valueHint(text: string, offset: number): string | undefined {
  const rest = text.slice(offset, offset + 20);
  if (rest.startsWith("'")) return 'JSON strings stand in double quotes';
  if (rest.startsWith('//') || rest.startsWith('/*')) return 'JSON has no comments';
  if (/^(true|false|null|none)\b/i.test(rest)) return 'JSON spells them true, false and null';
  return undefined;
}

function missingHint(text: string, offset: number, close: string): string | undefined {
  return offset >= text.length ? `a '${close}' is missing` : valueHint(text, offset);
}

/** The word or character at an offset, for messages. */
function quoteAt(text: string, offset: number): string {
  const [word] = /^([\w.+-]+|"[^"\n]*"?|.)/su.exec(text.slice(offset, offset + 40))!;
  const shown = JSON.stringify(word).slice(1, -1).replaceAll('\\"', '"');
  return `'${shown}'`;
}
