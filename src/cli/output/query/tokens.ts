import { JsonError, readJsonArgument } from '../../aws/json-reader.js';
import type { Value } from '../value.js';
import { QuerySyntaxError } from './errors.js';

/** The types of tokens, as error messages name them. */
export type TokenType =
  | 'dot'
  | 'star'
  | 'rbracket'
  | 'comma'
  | 'colon'
  | 'current'
  | 'lparen'
  | 'rparen'
  | 'lbrace'
  | 'rbrace'
  | 'unquoted_identifier'
  | 'quoted_identifier'
  | 'flatten'
  | 'filter'
  | 'lbracket'
  | 'literal'
  | 'number'
  | 'or'
  | 'pipe'
  | 'and'
  | 'expref'
  | 'lte'
  | 'lt'
  | 'gte'
  | 'gt'
  | 'ne'
  | 'not'
  | 'eq'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  readonly value: Value;
  /** Code points before the token. */
  readonly start: number;
}

const SIGNS: readonly (readonly [string, TokenType])[] = [
  ['[]', 'flatten'],
  ['[?', 'filter'],
  ['[', 'lbracket'],
  ['||', 'or'],
  ['|', 'pipe'],
  ['&&', 'and'],
  ['&', 'expref'],
  ['<=', 'lte'],
  ['<', 'lt'],
  ['>=', 'gte'],
  ['>', 'gt'],
  ['!=', 'ne'],
  ['!', 'not'],
  ['==', 'eq'],
  ['.', 'dot'],
  ['*', 'star'],
  [']', 'rbracket'],
  [',', 'comma'],
  [':', 'colon'],
  ['@', 'current'],
  ['(', 'lparen'],
  [')', 'rparen'],
  ['{', 'lbrace'],
  ['}', 'rbrace'],
];

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?\d+/y;
const SPACE = /[ \t\n\r]+/y;
const DELIMITED: Readonly<Record<string, (body: string) => Omit<Token, 'start'> | string>> = {
  "'": (body) => ({ type: 'literal', value: body.replaceAll("\\'", "'") }),
  '`': (body) => readLiteral(body.replaceAll('\\`', '`')),
  '"': readQuotedIdentifier,
};

/**
 * Cut a JMESPath expression into tokens; the last one is `eof`.
 *
 * @throws QuerySyntaxError
 */
export function tokenize(expression: string): Token[] {
  if (expression === '') throw new QuerySyntaxError('Invalid JMESPath expression: cannot be empty.');
  const tokens: Token[] = [];
  let [offset, start] = [0, 0];
  while (offset < expression.length) {
    let length = matchAt(SPACE, expression, offset)?.length;
    if (length === undefined) {
      const read = readToken(expression, offset, start);
      tokens.push(read[0]);
      length = read[1];
    }
    start += characterCount(expression.slice(offset, offset + length));
    offset += length;
  }
  tokens.push({ type: 'eof', value: '', start });
  return tokens;
}

/** Returns the token and its length. */
function readToken(expression: string, offset: number, start: number): [Token, number] {
  const identifier = matchAt(IDENTIFIER, expression, offset);
  if (identifier) return [{ type: 'unquoted_identifier', value: identifier, start }, identifier.length];
  const number = matchAt(NUMBER, expression, offset);
  if (number) return [{ type: 'number', value: Number(number), start }, number.length];
  const delimiter = expression[offset];
  if (Object.hasOwn(DELIMITED, delimiter)) return readDelimited(expression, offset, start);
  const [sign, type] = SIGNS.find(([text]) => expression.startsWith(text, offset)) ?? [];
  if (sign !== undefined && type !== undefined) return [{ type, value: sign, start }, sign.length];
  const character = String.fromCodePoint(expression.codePointAt(offset)!);
  const message =
    character === '=' || character === '-' ? `Unknown token '${character}'` : `Unknown token ${character}`;
  throw lexicalError(expression, start, message);
}

function readDelimited(expression: string, offset: number, start: number): [Token, number] {
  const delimiter = expression[offset];
  let end = offset + 1;
  while (end < expression.length && expression[end] !== delimiter) end += expression[end] === '\\' ? 2 : 1;
  if (end >= expression.length) throw lexicalError(expression, start, `Unclosed ${delimiter} delimiter`);
  const text = expression.slice(offset, end + 1);
  const read = DELIMITED[delimiter](text.slice(1, -1));
  if (typeof read === 'string') throw lexicalError(expression, start, read);
  return [{ ...read, start }, text.length];
}

/** JSON, or for old expressions text that JSON would have in quotes. Returns a message when it is neither. */
function readLiteral(body: string): Omit<Token, 'start'> | string {
  for (const text of [body, `"${body.trimStart()}"`]) {
    try {
      return { type: 'literal', value: readJsonArgument(text) };
    } catch {}
  }
  return `Bad token ${body}`;
}

function readQuotedIdentifier(body: string): Omit<Token, 'start'> | string {
  try {
    return { type: 'quoted_identifier', value: readJsonArgument(`"${body}"`) };
  } catch (error) {
    if (error instanceof JsonError) return error.message.split(':')[0];
    throw error;
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

function lexicalError(expression: string, position: number, message: string): QuerySyntaxError {
  return new QuerySyntaxError(`Bad jmespath expression: ${message}:\n${expression}\n${' '.repeat(position)}^`);
}

export function characterCount(text: string): number {
  return Array.from(text).length;
}
