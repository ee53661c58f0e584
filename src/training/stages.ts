/** Models of at most this many features have their whole Hessian in the preconditioner of the second stage. */
const FEW_FEATURES = 256;

/**
 * How many of the passes over the data belong to stage 1, stochastic gradient descent; the others are stage 2, `refine`, which
 * gains more with each pass the more of the Hessian its preconditioner holds.
 *
 * @param maxPasses 1 or more
 * @param featureCount of the model, bias included
 * @param outputs K
 * @param hasL1 the preconditioner is a diagonal
 * @returns 1 .. maxPasses
 */
export function firstStagePasses(maxPasses: number, featureCount: number, outputs: number, hasL1: boolean): number {
  if (maxPasses <= 2) return maxPasses;
  const isSmall = featureCount <= FEW_FEATURES && !hasL1;
  if (isSmall && (outputs === 1 || maxPasses > 3)) return 1;
  if (maxPasses === 3) return 3;
  return maxPasses <= 7 ? 2 : 3;
}
