import type { TokenChange } from '../fitted.js';
import { cartesian } from './cartesian.js';
import { lowercase, lowercaseToken } from './lowercase.js';
import { ngram } from './ngram.js';
import { noPunct, stripPunctuation } from './no-punct.js';
import { normalize } from './normalize.js';
import { osb } from './osb.js';
import { quantileBin } from './quantile-bin.js';
import type { Transform } from './transform.js';

/** Every transformation, by its name in the recipe language. */
export const TRANSFORMS: ReadonlyMap<string, Transform> = new Map(
  [cartesian, lowercase, ngram, noPunct, normalize, osb, quantileBin].map((transform) => [transform.name, transform]),
);

const TOKEN_CHANGES: Readonly<Record<TokenChange, (token: string) => string>> = {
  lowercase: lowercaseToken,
  no_punct: stripPunctuation,
};

/** The token or category after the changes; '' drops a token. */
export function changed(text: string, changes: readonly TokenChange[]): string {
  for (const change of changes) text = TOKEN_CHANGES[change](text);
  return text;
}
