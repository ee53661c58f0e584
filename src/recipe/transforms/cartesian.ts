import type { CrossPart, FittedValue } from '../fitted.js';
import type { Parameter, Transform } from './transform.js';

/** Most variables that one cartesian combines, those of a cartesian inside it included. */
export const MAX_CROSSED = 10;

const VARIABLE: Parameter = { kind: 'value', name: 'variable', types: ['TEXT', 'CATEGORICAL', 'BINARY', 'TOKENS'] };

/**
 * cartesian(a, b, …): every combination of one token or category of each argument, joined by underscores.
 * A cartesian inside another is the same as its arguments.
 */
export const cartesian: Transform = {
  name: 'cartesian',
  parameters: [VARIABLE, VARIABLE],
  variadic: true,
  resultType: (types) => (types.some((type) => type === 'TEXT' || type === 'TOKENS') ? 'TOKENS' : 'CATEGORICAL'),
  fit: (values) => ({ kind: 'cross', parts: values.flatMap(partsOf) }),
};

function partsOf(value: FittedValue): readonly CrossPart[] {
  if (value.kind === 'number') throw new Error('a number cannot be crossed');
  return value.kind === 'cross' ? value.parts : [value];
}
