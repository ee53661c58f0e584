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

export type FittedValue = FittedNumber | FittedCross | CrossPart;

/** What a cross can combine: everything that gives a row items, not numbers. */
export type CrossPart = FittedBins | FittedBinary | FittedCategories | FittedTokens | FittedPairs;

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

/** One feature, active for 1; and one for a missing value, if the training data had some. */
export interface FittedBinary {
  readonly kind: 'binary';
  readonly attribute: string;
  readonly hasMissing: boolean;
}

/** One feature per distinct value, the empty one included. */
export interface FittedCategories {
  readonly kind: 'categories';
  readonly attribute: string;
  /** What happens to each value before it is looked up, in order of application; only inside a cross. */
  readonly changes?: readonly TokenChange[];
}

/** What happens to each token or category before it is looked up. */
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

/**
 * One feature per distinct orthogonal sparse bigram: two tokens in order, less than `window` places apart, and their
 * distance. One for a text without tokens; none for a text of a single token. Each counts once in a text.
 */
export interface FittedPairs {
  readonly kind: 'pairs';
  readonly attribute: string;
  /** In order of application. */
  readonly changes: readonly TokenChange[];
  /** Tokens in a window, 2 .. 10. */
  readonly window: number;
}

/**
 * One feature per distinct combination of one item of each part: bins, values of a binary attribute (0, 1, missing),
 * categories, runs of tokens, pairs of tokens. A text without tokens, and a part that gives a row nothing, has no
 * combinations.
 */
export interface FittedCross {
  readonly kind: 'cross';
  /** In order of the arguments; 2 or more. */
  readonly parts: readonly CrossPart[];
}

/** Names of the attributes that an output is computed from, in order of its arguments; may repeat. */
export function attributesOf(output: FittedValue): readonly string[] {
  return output.kind === 'cross' ? output.parts.map(({ attribute }) => attribute) : [output.attribute];
}

/** A recipe with everything the encoder needs; comes back from `JSON.parse` as it was. */
export interface FittedRecipe {
  readonly outputs: readonly FittedOutput[];
}
