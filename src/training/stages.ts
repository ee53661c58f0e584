/** Models of at most this many features have their whole Hessian in the preconditioner of the second stage. */
const FEW_FEATURES = 256;
/** As many passes of stage 2 make up for fewer of stage 1 where there is one output. */
const ENOUGH_STEPS = 4;

/** What the number of passes depends on. */
export interface StagesInput {
  /** 1 or more. */
  readonly maxPasses: number;
  /** Features of the model, without the bias. */
  readonly features: number;
  /** K. */
  readonly outputs: number;
  /** The preconditioner is a diagonal. */
  readonly hasL1: boolean;
}

/**
 * How many of the passes over the data belong to stage 1, stochastic gradient descent; the others are stage 2, `refine`, which
 * gains more with each pass the more of the Hessian its preconditioner holds.
 *
 * @returns 1 .. maxPasses
 */
export function firstStagePasses({ maxPasses, features, outputs, hasL1 }: StagesInput): number {
  if (maxPasses <= 2) return maxPasses;
  const isSmall = features <= FEW_FEATURES && !hasL1;
  if (isSmall && (outputs === 1 || maxPasses > 3)) return 1;
  if (maxPasses === 3) return 3;
  if (maxPasses > ENOUGH_STEPS && outputs === 1 && !hasL1) return 1;
  return maxPasses <= 7 ? 2 : 3;
}
