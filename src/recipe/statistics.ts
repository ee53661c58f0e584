/** What fitting a recipe needs to know of a NUMERIC attribute in the training data. */
export interface NumericStatistics {
  /** Of the present values. */
  readonly mean: number;
  /** Population variance of the present values. */
  readonly variance: number;
  /** Observations without a value. */
  readonly missing: number;
  /** Observations with a value. */
  readonly count: number;
  /**
   * The values below which the given fractions (0 .. 1, ascending) of the present values lie; 0 gives the least value.
   * Each is a value that occurs in the data. Asked for only when `count` > 0.
   */
  quantiles(fractions: readonly number[]): readonly number[];
}

/** What fitting a recipe needs to know of the training data. */
export interface RecipeStatistics {
  readonly observationCount: number;
  /** @param name a NUMERIC attribute */
  numeric(name: string): NumericStatistics;
  /** @param name a BINARY attribute */
  binary(name: string): { readonly missing: number };
}
