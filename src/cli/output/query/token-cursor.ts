import { messageText } from '../value.js';
import { QuerySyntaxError } from './errors.js';
import { characterCount, type Token, type TokenType, tokenize } from './tokens.js';

/** The tokens of an expression, read one after the other; its errors show the place in the expression with a caret. */
export class TokenCursor {
  private readonly tokens: readonly Token[];
  private index = 0;

  /** @throws QuerySyntaxError for what is no token */
  constructor(private readonly expressionText: string) {
    this.tokens = tokenize(expressionText);
  }

  /** The token that is read next. */
  get current(): Token {
    return this.tokens[this.index];
  }

  /** The token `distance` after the current one; undefined behind the end. */
  peek(distance: number): Token {
    return this.tokens[this.index + distance];
  }

  /** The current token, which is passed. */
  next(): Token {
    return this.tokens[this.index++];
  }

  /**
   * Pass a token of one type.
   *
   * @throws QuerySyntaxError if the current one is of another
   */
  expect(type: TokenType): void {
    const token = this.next();
    if (token.type !== type) throw this.notExpected(type, token);
  }

  /** The error of a token where `expected` has to be. */
  notExpected(expected: string, token: Token): QuerySyntaxError {
    if (token.type === 'eof') return this.incomplete();
    return this.unexpected(token, `Expecting: ${expected}, got: ${token.type}`);
  }

  /** The error of an expression that ends too early. */
  incomplete(): QuerySyntaxError {
    const caret = `${' '.repeat(characterCount(this.expressionText) + 1)}^`;
    return new QuerySyntaxError(
      `Invalid jmespath expression: Incomplete expression:\n"${this.expressionText}"\n${caret}`,
    );
  }

  /** The error of a token that cannot be where it is, after a reason. */
  unexpected(token: Token, reason: string): QuerySyntaxError {
    const place = `column ${token.start}, token "${messageText(token.value)}" (${token.type.toUpperCase()})`;
    const caret = `${' '.repeat(token.start + 1)}^`;
    return new QuerySyntaxError(
      `${reason}: Parse error at ${place}, for expression:\n"${this.expressionText}"\n${caret}`,
    );
  }
}
