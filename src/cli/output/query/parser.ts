import { messageText } from '../value.js';
import type { Comparator, Node } from './ast.js';
import { TokenCursor } from './token-cursor.js';
import type { Token, TokenType } from './tokens.js';

/** How strongly a token binds what is left of it; tokens that are not listed do not bind. */
const POWER: Partial<Record<TokenType, number>> = {
  pipe: 1,
  or: 2,
  and: 3,
  eq: 5,
  gt: 5,
  lt: 5,
  gte: 5,
  lte: 5,
  ne: 5,
  flatten: 9,
  star: 20,
  filter: 21,
  dot: 40,
  not: 45,
  lbrace: 50,
  lbracket: 55,
  lparen: 60,
};
/** Tokens that bind less end a projection. */
const PROJECTION_END = 10;
const IDENTITY: Node = { type: 'identity' };
const COMPARATORS: readonly TokenType[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'];

/**
 * Parse a JMESPath expression.
 *
 * @throws QuerySyntaxError with the column and the expression, a caret under the place
 * @see https://jmespath.org/specification.html
 */
export function parseQuery(expression: string): Node {
  return new Parser(expression).parse();
}

class Parser {
  private readonly tokens: TokenCursor;

  constructor(expression: string) {
    this.tokens = new TokenCursor(expression);
  }

  parse(): Node {
    const node = this.expression(0);
    if (this.tokens.current.type !== 'eof') {
      throw this.tokens.unexpected(this.tokens.current, `Unexpected token: ${messageText(this.tokens.current.value)}`);
    }
    return node;
  }

  /** Top-down operator precedence: a first operand, then every operator that binds it more than `power`. */
  private expression(power: number): Node {
    let left = this.operand();
    while (power < this.currentPower) left = this.operator(left);
    return left;
  }

  private operand(): Node {
    const token = this.tokens.next();
    switch (token.type) {
      case 'literal':
        return { type: 'literal', value: token.value };
      case 'unquoted_identifier':
        return { type: 'field', name: token.value as string };
      case 'quoted_identifier':
        return this.quotedField(token);
      case 'star':
        return this.leadingStar();
      case 'filter':
        return this.filter(IDENTITY);
      case 'flatten':
        return this.flatten(IDENTITY);
      case 'lbrace':
        return this.structure();
      case 'lparen':
        return this.parenthesized();
      case 'not':
        return { type: 'not', operand: this.expression(POWER.not!) };
      case 'lbracket':
        return this.leadingBracket();
      case 'current':
        return { type: 'current' };
      case 'expref':
        return { type: 'expression', operand: this.expression(0) };
      case 'eof':
        throw this.tokens.incomplete();
      default:
        throw this.tokens.unexpected(token, 'invalid token');
    }
  }

  private operator(left: Node): Node {
    const { type } = this.tokens.current;
    if (COMPARATORS.includes(type)) {
      this.tokens.next();
      return { type: 'compare', comparator: type as Comparator, left, right: this.expression(POWER[type]!) };
    }
    switch (type) {
      case 'dot':
        return this.dot(left);
      case 'pipe':
        this.tokens.next();
        return { type: 'chain', steps: [left, this.expression(POWER.pipe!)] };
      case 'or':
      case 'and':
        this.tokens.next();
        return { type, left, right: this.expression(POWER[type]!) };
      case 'lparen':
        return this.call(left);
      case 'filter':
        this.tokens.next();
        return this.filter(left);
      case 'flatten':
        this.tokens.next();
        return this.flatten(left);
      case 'lbracket':
        return this.bracket(left);
      default:
        throw this.tokens.unexpected(this.tokens.current, 'invalid token');
    }
  }

  private quotedField(token: Token): Node {
    if (this.tokens.current.type === 'lparen') {
      throw this.tokens.unexpected(
        { ...this.tokens.current, start: 0 },
        'Quoted identifier not allowed for function names.',
      );
    }
    return { type: 'field', name: token.value as string };
  }

  private parenthesized(): Node {
    const inner = this.expression(0);
    this.tokens.expect('rparen');
    return inner;
  }

  private leadingStar(): Node {
    const each = this.tokens.current.type === 'rbracket' ? IDENTITY : this.projected(POWER.star!);
    return { type: 'valueProjection', source: IDENTITY, each };
  }

  private leadingBracket(): Node {
    const { type } = this.tokens.current;
    if (type === 'number' || type === 'colon') return this.projectSlice(IDENTITY, this.indexOrSlice());
    if (type === 'star' && this.tokens.peek(1).type === 'rbracket') {
      this.tokens.next();
      this.tokens.next();
      return { type: 'projection', source: IDENTITY, each: this.projected(POWER.star!) };
    }
    return this.list();
  }

  private bracket(left: Node): Node {
    this.tokens.next();
    const { type } = this.tokens.current;
    if (type === 'number' || type === 'colon') {
      const right = this.indexOrSlice();
      return left.type === 'indexed'
        ? { type: 'indexed', steps: [...left.steps, right] }
        : this.projectSlice(left, right);
    }
    this.tokens.expect('star');
    this.tokens.expect('rbracket');
    return { type: 'projection', source: left, each: this.projected(POWER.star!) };
  }

  private indexOrSlice(): Node {
    if (this.tokens.current.type === 'colon' || this.tokens.peek(1).type === 'colon') return this.slice();
    const index = this.tokens.next().value as number;
    this.tokens.expect('rbracket');
    return { type: 'index', index };
  }

  /** slice = [ number ] ":" [ number ] [ ":" [ number ] ] "]" */
  private slice(): Node {
    const bounds: [number | undefined, number | undefined, number | undefined] = [undefined, undefined, undefined];
    let part = 0;
    while (this.tokens.current.type !== 'rbracket') {
      const token = this.tokens.current;
      if (token.type === 'colon' && part < 2) part++;
      else if (token.type === 'number') bounds[part] = token.value as number;
      else throw this.tokens.unexpected(token, 'syntax error');
      this.tokens.next();
    }
    this.tokens.next();
    return { type: 'slice', bounds };
  }

  private projectSlice(left: Node, right: Node): Node {
    const indexed: Node = { type: 'indexed', steps: [left, right] };
    return right.type === 'slice'
      ? { type: 'projection', source: indexed, each: this.projected(POWER.star!) }
      : indexed;
  }

  private filter(left: Node): Node {
    const condition = this.expression(0);
    this.tokens.expect('rbracket');
    const each = this.tokens.current.type === 'flatten' ? IDENTITY : this.projected(POWER.filter!);
    return { type: 'filter', source: left, each, condition };
  }

  private flatten(left: Node): Node {
    const source: Node = { type: 'flatten', operand: left };
    return { type: 'projection', source, each: this.projected(POWER.flatten!) };
  }

  private dot(left: Node): Node {
    this.tokens.next();
    if (this.tokens.current.type === 'star') {
      this.tokens.next();
      return { type: 'valueProjection', source: left, each: this.projected(POWER.dot!) };
    }
    return { type: 'chain', steps: [left, this.afterDot(POWER.dot!)] };
  }

  private afterDot(power: number): Node {
    const token = this.tokens.current;
    switch (token.type) {
      case 'quoted_identifier':
      case 'unquoted_identifier':
      case 'star':
        return this.expression(power);
      case 'lbracket':
        this.tokens.next();
        return this.list();
      case 'lbrace':
        this.tokens.next();
        return this.structure();
      default:
        throw this.tokens.unexpected(
          token,
          `Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: ${token.type}`,
        );
    }
  }

  /** What is done with each element of a projection. */
  private projected(power: number): Node {
    if (this.currentPower < PROJECTION_END) return IDENTITY;
    if (this.tokens.current.type === 'lbracket' || this.tokens.current.type === 'filter') return this.expression(power);
    if (this.tokens.current.type !== 'dot') throw this.tokens.unexpected(this.tokens.current, 'syntax error');
    this.tokens.next();
    return this.afterDot(power);
  }

  private call(left: Node): Node {
    if (left.type !== 'field') {
      const token = this.tokens.peek(-1);
      throw this.tokens.unexpected(token, `Invalid function name '${messageText(token.value)}'`);
    }
    this.tokens.next();
    const given: Node[] = [];
    while (this.tokens.current.type !== 'rparen') {
      given.push(this.expression(0));
      if (this.tokens.current.type === 'comma') this.tokens.next();
    }
    this.tokens.next();
    return { type: 'call', name: left.name, arguments: given };
  }

  private list(): Node {
    const items = [this.expression(0)];
    while (this.tokens.current.type !== 'rbracket') {
      this.tokens.expect('comma');
      items.push(this.expression(0));
    }
    this.tokens.next();
    return { type: 'list', items };
  }

  private structure(): Node {
    const members: [string, Node][] = [];
    for (;;) {
      const name = this.tokens.next();
      if (name.type !== 'quoted_identifier' && name.type !== 'unquoted_identifier') {
        throw this.tokens.notExpected("['quoted_identifier', 'unquoted_identifier']", name);
      }
      this.tokens.expect('colon');
      members.push([name.value as string, this.expression(0)]);
      if (this.tokens.current.type === 'comma') this.tokens.next();
      else if (this.tokens.current.type === 'rbrace') break;
    }
    this.tokens.next();
    return { type: 'structure', members };
  }

  private get currentPower(): number {
    return POWER[this.tokens.current.type] ?? 0;
  }
}
