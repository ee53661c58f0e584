import { fittedAs, type Transform } from './transform.js';

/** The token in lower case, by Unicode's rules for no particular language. */
export function lowercaseToken(token: string): string {
  return token.toLowerCase();
}

/** lowercase(t): every token in lower case. After `ngram` it does the same as before it. */
export const lowercase: Transform = {
  name: 'lowercase',
  parameters: [{ kind: 'value', name: 'text', types: ['TEXT', 'TOKENS'] }],
  resultType: ([type]) => type,
  fit([value]) {
    const tokens = fittedAs(value, 'tokens');
    return { ...tokens, changes: [...tokens.changes, 'lowercase'] };
  },
};
