import { InvalidInput } from '../errors.js';

/** The text of one expression and its JSON path, for messages: `recipe.outputs[2]`. */
export interface Source {
  readonly where: string;
  readonly text: string;
}

export type TokenKind = 'name' | 'quoted' | 'number' | '(' | ')' | ',' | 'end';

/** A word of an expression. `text` is without quotes; `column` counts UTF-16 units from 1. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly column: number;
}

const LETTER = /^\p{L}/u;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Characters that end a bare word. */
const DELIMITER = /[,'"\t\r\n()\\]/;
const SHOWN_EXPRESSION_LENGTH = 160;

/** An error that quotes the expression and points at a column of it. */
export function invalidExpression(source: Source, column: number, what: string, hint?: string): InvalidInput {
  return new InvalidInput(`${source.where}: ${what} at column ${column} of "${excerpt(source.text, column)}"`, {
    hint,
  });
}

/** The expression, or where it is long, what stands around a column. */
function excerpt(text: string, column: number): string {
  if (text.length <= SHOWN_EXPRESSION_LENGTH) return text;
  const start = Math.max(0, Math.min(column - SHOWN_EXPRESSION_LENGTH / 2, text.length - SHOWN_EXPRESSION_LENGTH));
  const end = start + SHOWN_EXPRESSION_LENGTH;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
}

/** A token as messages show it. */
export function describeToken(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return token.kind === 'number' ? `the number ${token.text}` : `'${token.text}'`;
}

/** May this name stand in an expression without quotes? (Recipe format reference, "Groups".) */
export function isBareName(name: string): boolean {
  return LETTER.test(name) && !DELIMITER.test(name) && !name.includes('//') && name.trim() === name;
}

/** A name as it is written in an expression, in single quotes where it must be or where `always` asks for them. */
export function writeName(name: string, always = false): string {
  if (!always && isBareName(name)) return name;
  return `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/**
 * The words of an expression, read one at a time.
 *
 *     word    = "(" | ")" | "," | number | bare | quoted        white space between words is free
 *     bare    = a letter, then anything up to , ' " \ ( ) tab, line end or "//"; trailing spaces do not belong to it
 *     quoted  = "'" any characters "'"                           \' is a quote and \\ a backslash
 *     comment = "//" to the end
 */
export class Tokens {
  private position = 0;
  private ahead: Token;

  constructor(readonly source: Source) {
    this.ahead = this.read();
  }

  peek(): Token {
    return this.ahead;
  }

  next(): Token {
    const token = this.ahead;
    this.ahead = this.read();
    return token;
  }

  /** Read on if the next token is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.ahead.kind !== kind) return false;
    this.next();
    return true;
  }

  /** @throws InvalidInput when the next token is of another kind */
  expect(kind: TokenKind, expected: string): Token {
    if (this.ahead.kind !== kind) throw this.unexpected(this.ahead, expected);
    return this.next();
  }

  unexpected(token: Token, expected: string): InvalidInput {
    return invalidExpression(this.source, token.column, `expected ${expected}, found ${describeToken(token)}`);
  }

  private read(): Token {
    const { text } = this.source;
    while (this.position < text.length && /\s/.test(text[this.position])) this.position++;
    const column = this.position + 1;
    if (this.position >= text.length || text.startsWith('//', this.position)) {
      this.position = text.length;
      return { kind: 'end', text: '', column };
    }
    const first = text[this.position];
    if (first === '(' || first === ')' || first === ',') {
      this.position++;
      return { kind: first, text: first, column };
    }
    if (first === "'") return this.readQuoted(column);
    if (first === '"' || first === '\\') {
      const hint = 'names are quoted with single quotes inside the JSON string';
      throw invalidExpression(this.source, column, `unexpected character '${first}'`, hint);
    }
    return this.readBare(column);
  }

  private readQuoted(column: number): Token {
    const { text } = this.source;
    let name = '';
    for (let i = this.position + 1; i < text.length; i++) {
      if (text[i] === "'") {
        this.position = i + 1;
        return { kind: 'quoted', text: name, column };
      }
      const escaped = text[i] === '\\' && (text[i + 1] === "'" || text[i + 1] === '\\');
      name += escaped ? text[++i] : text[i];
    }
    throw invalidExpression(this.source, column, 'no closing quote for the name that begins');
  }

  private readBare(column: number): Token {
    const { text } = this.source;
    let end = this.position;
    while (end < text.length && !DELIMITER.test(text[end]) && !text.startsWith('//', end)) end++;
    const word = text.slice(this.position, end).trimEnd();
    this.position = end;
    if (LETTER.test(word)) return { kind: 'name', text: word, column };
    if (NUMBER.test(word)) return { kind: 'number', text: word, column };
    const hint = `a name that does not begin with a letter needs quotes: ${writeName(word)}`;
    throw invalidExpression(this.source, column, `'${word}' is neither a name nor a number`, hint);
  }
}
