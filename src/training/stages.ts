/** Models of at most this many features have their whole Hessian in the preconditioner of the second stage. */
const FEW_FEATURES = 256;

/**
 * How many of the passes over the data belong to stage 1, stochastic gradient descent; the others are stage 2, `refine`.
 *
 * @param maxPasses 1 or more
 * @param featureCount of the model, bias included
 * @param outputs K
 * @returns 1 .. maxPasses
 */
export function firstStagePasses(maxPasses: number, featureCount: number, outputs: number): number {
  if (maxPasses <= 2) return maxPasses;
  if (maxPasses === 3) return featureCount <= FEW_FEATURES && outputs === 1 ? 1 : 3;
  return maxPasses <= 7 ? 2 : 3;
}
