import { OutputError } from './errors.js';
import type { Node } from './query/ast.js';
import { QueryRuntimeError, QuerySyntaxError } from './query/errors.js';
import { evaluate } from './query/evaluate.js';
import { parseQuery } from './query/parser.js';
import type { Value } from './value.js';

/** A JMESPath expression that was found correct. */
export interface Query {
  /** @throws OutputError with exit code 255 */
  apply(value: Value): Value;
}

/**
 * Check the expression of `--query`.
 *
 * @throws OutputError with exit code 252: `Bad value for --query foo[: Invalid jmespath expression: …`
 * @see https://jmespath.org/specification.html
 */
export function checkQuery(expression: string): Query {
  const node = parse(expression);
  return {
    apply(value) {
      try {
        return evaluate(node, value);
      } catch (error) {
        if (error instanceof QueryRuntimeError) throw new OutputError(error.message, 255, { cause: error });
        throw error;
      }
    },
  };
}

function parse(expression: string): Node {
  try {
    return parseQuery(expression);
  } catch (error) {
    const message = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message;
    if (!(error instanceof RangeError || error instanceof QuerySyntaxError)) throw error;
    throw new OutputError(`Bad value for --query ${expression}: ${message}`, 252, { cause: error });
  }
}
