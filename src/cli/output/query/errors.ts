import { messageText, type Value } from '../value.js';
import { type Argument, Expression } from './types.js';

/** The expression is not JMESPath. */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError';
}

/** The expression does not fit the value that it is applied to. */
export class QueryRuntimeError extends Error {
  override readonly name = 'QueryRuntimeError';
}

const SIGNS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

export function mixedTypes(comparator: keyof typeof SIGNS, left: string, right: string): QueryRuntimeError {
  return new QueryRuntimeError(`'${SIGNS[comparator]}' not supported between instances of '${left}' and '${right}'`);
}

export function invalidType(
  functionName: string,
  value: Argument,
  expected: readonly string[],
  received: string,
): QueryRuntimeError {
  const shown = value instanceof Expression ? 'an expression reference' : messageText(value);
  return new QueryRuntimeError(
    `In function ${functionName}(), invalid type for value: ${shown}, expected one of: ${messageText(expected as Value)}, ` +
      `received: "${received}"`,
  );
}
