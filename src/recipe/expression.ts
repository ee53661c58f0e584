import { invalidExpression, type Source, Tokens } from './tokens.js';

/** An expression as written; nothing is known yet about its names. Columns count from 1. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly column: number }
  | { readonly kind: 'reference'; readonly name: string; readonly column: number }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly column: number;
    };

/** Bounds the recursion of every function that walks an expression. */
export const MAX_DEPTH = 64;

/**
 * Read one expression.
 *
 * @throws InvalidInput with the column, what was found and what was expected
 */
export function parseExpression(source: Source): Expression {
  const tokens = new Tokens(source);
  const expression = readExpression(tokens, 1);
  tokens.expect('end', 'the end of the expression');
  return expression;
}

/** expression = number | name | name "(" expression { "," expression } ")" */
function readExpression(tokens: Tokens, depth: number): Expression {
  const { kind, text, column } = tokens.peek();
  if (kind !== 'number' && kind !== 'name' && kind !== 'quoted') {
    throw tokens.unexpected(tokens.peek(), 'a variable or a transformation');
  }
  if (depth > MAX_DEPTH) {
    throw invalidExpression(tokens.source, column, `more than ${MAX_DEPTH} transformations inside one another`);
  }
  tokens.next();
  if (kind === 'number') return { kind, value: Number(text), text, column };
  if (kind === 'quoted' || !tokens.accept('(')) return { kind: 'reference', name: text, column };

  const args = [readExpression(tokens, depth + 1)];
  while (tokens.accept(',')) args.push(readExpression(tokens, depth + 1));
  tokens.expect(')', "',' or ')'");
  return { kind: 'call', name: text, args, column };
}
