import type { TokenChange } from '../fitted.js';
import { lowercase, lowercaseToken } from './lowercase.js';
import { ngram } from './ngram.js';
import { noPunct, stripPunctuation } from './no-punct.js';
import { normalize } from './normalize.js';
import { quantileBin } from './quantile-bin.js';
import type { Transform } from './transform.js';

/** Every transformation, by its name in the recipe language. */
export const TRANSFORMS: ReadonlyMap<string, Transform> = new Map(
  [lowercase, ngram, noPunct, normalize, quantileBin].map((transform) => [transform.name, transform]),
);

/** Transformations of the recipe language that are still to come. */
export const UNSUPPORTED_TRANSFORMS: readonly string[] = ['cartesian', 'osb'];

/** What each change does to one token; '' drops the token. */
export const TOKEN_CHANGES: Readonly<Record<TokenChange, (token: string) => string>> = {
  lowercase: lowercaseToken,
  no_punct: stripPunctuation,
};
