/**
 * What the encoder does for one output of a recipe: plain JSON, stored in the model file.
 *
 * `prefix` begins the texts of the output's features; it is unique where texts could otherwise be equal.
 */
export type FittedOutput = FittedValue & {
  /** As written in the recipe, with groups expanded and spelling made uniform. */
  readonly expression: string;
  readonly prefix: string;
};

export type FittedValue = FittedNumber | FittedBins | FittedBinary | FittedCategories | FittedTokens;

/** One feature (x - mean) / standardDeviation, unless the standard deviation is 0; and one for a missing value. */
export interface FittedNumber {
  readonly kind: 'number';
  readonly attribute: string;
  readonly mean: number;
  /** Of the population; 0 for a constant. */
  readonly standardDeviation: number;
  /** Did the training data have missing values? Only then does a missing value have a feature. */
  readonly hasMissing: boolean;
}

/** One feature per bin, and one for a missing value. The bin of x is the number of edges <= x. */
export interface FittedBins {
  readonly kind: 'bins';
  readonly attribute: string;
  /** Ascending, in the attribute's own unit; a value equal to an edge belongs to the bin above it. */
  readonly edges: readonly number[];
  readonly hasMissing: boolean;
}

/** One feature, active for 1; and one for a missing value. */
export interface FittedBinary {
  readonly kind: 'binary';
  readonly attribute: string;
}

/** One feature per distinct value, the empty one included. */
export interface FittedCategories {
  readonly kind: 'categories';
  readonly attribute: string;
}

/** What happens to each token before it is looked up. */
export type TokenChange = 'lowercase' | 'no_punct';

/** One feature per distinct run of 1 .. ngram tokens, and one for a text without tokens. Each counts once in a text. */
export interface FittedTokens {
  readonly kind: 'tokens';
  readonly attribute: string;
  /** In order of application. */
  readonly changes: readonly TokenChange[];
  /** Longest run, 1 .. 10. */
  readonly ngram: number;
}

/** A recipe with everything the encoder needs; comes back from `JSON.parse` as it was. */
export interface FittedRecipe {
  readonly outputs: readonly FittedOutput[];
}
