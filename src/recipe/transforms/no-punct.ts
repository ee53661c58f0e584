import { fittedAs, type Transform, withChange } from './transform.js';

/** Unicode category P and the ASCII characters of category S. */
const PUNCTUATION = /^[\p{P}$+<=>^`|~]$/u;
const ASCII_PUNCTUATION = Array.from({ length: 128 }, (_, code) => PUNCTUATION.test(String.fromCharCode(code)));

/**
 * The token without punctuation at its start and end; inner punctuation stays: `(seat-belts!` gives `seat-belts`.
 *
 * @returns '' when the token is all punctuation
 */
export function stripPunctuation(token: string): string {
  let start = 0;
  let end = token.length;
  while (start < end && isPunctuation(token.codePointAt(start) as number)) start += unitsAt(token, start);
  while (end > start) {
    const last = end >= start + 2 && unitsAt(token, end - 2) === 2 ? end - 2 : end - 1;
    if (!isPunctuation(token.codePointAt(last) as number)) break;
    end = last;
  }
  return token.slice(start, end);
}

function isPunctuation(codePoint: number): boolean {
  return codePoint < 128 ? ASCII_PUNCTUATION[codePoint] : PUNCTUATION.test(String.fromCodePoint(codePoint));
}

/** UTF-16 units of the character that begins at an index. */
function unitsAt(token: string, index: number): number {
  return (token.codePointAt(index) as number) > 0xffff ? 2 : 1;
}

/** no_punct(t): every token without punctuation at its ends; tokens that vanish leave no gap. */
export const noPunct: Transform = {
  name: 'no_punct',
  parameters: [{ kind: 'value', name: 'text', types: ['TEXT'] }],
  resultType: () => 'TEXT',
  fit([value]) {
    const tokens = fittedAs(value, 'tokens');
    return { ...tokens, changes: withChange(tokens.changes, 'no_punct') };
  },
};
