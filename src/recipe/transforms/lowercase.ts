import type { CrossPart, FittedValue } from '../fitted.js';
import { type Transform, withChange } from './transform.js';

/** The token in lower case, by Unicode's rules for no particular language. */
export function lowercaseToken(token: string): string {
  return token.toLowerCase();
}

/** lowercase(t): every token in lower case. After `ngram`, `osb` and `cartesian` it does the same as before them. */
export const lowercase: Transform = {
  name: 'lowercase',
  parameters: [{ kind: 'value', name: 'text', types: ['TEXT', 'TOKENS'] }],
  resultType: ([type]) => type,
  fit: ([value]) => lowercased(value),
};

function lowercased(value: FittedValue): FittedValue {
  if (value.kind === 'cross') return { ...value, parts: value.parts.map(lowercasedPart) };
  if (value.kind === 'number') throw new Error('a number has no case');
  return lowercasedPart(value);
}

function lowercasedPart(part: CrossPart): CrossPart {
  if (part.kind === 'bins' || part.kind === 'binary') return part;
  return { ...part, changes: withChange(part.changes ?? [], 'lowercase') };
}
