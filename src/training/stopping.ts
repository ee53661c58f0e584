/** When stage 2 ends before its passes are used up. */
export interface Tolerance {
  /** Largest absolute component of the (pseudo-)gradient; default 1e-10. */
  readonly gradient: number;
  /** Relative decrease of the objective, twice running; default 1e-9. */
  readonly decrease: number;
  /** Expected (F - F*) / (F of the null model - F*) of the result; `auto` as in `leastSuboptimality`; 0: does not count. */
  readonly suboptimality: number | 'auto';
}

export const TOLERANCE: Tolerance = { gradient: 1e-10, decrease: 1e-9, suboptimality: 'auto' };

/** How much of the Hessian the preconditioner holds: of all features and outputs, of all features, or less. */
export type Coverage = 'whole' | 'outputs' | 'part';

/**
 * The optimum itself is uncertain by some d / 2n nats for d weights and n rows: what is left of the way to it need only be
 * small beside that (Bottou, Bousquet, The Tradeoffs of Large Scale Learning, 2008).
 */
const AUTO: Readonly<Record<Coverage, number>> = { whole: 1e-7, outputs: 1e-5, part: 1e-4 };

/** Relative error of the Hessian of a sample, squared, in units of features / rows. */
const SAMPLING_ERROR = 4;

/** The suboptimality at which training may end. */
export function leastSuboptimality(tolerance: Tolerance['suboptimality'], coverage: Coverage): number {
  return tolerance === 'auto' ? AUTO[coverage] : tolerance;
}

/** What a quadratic model and the last step tell about the next one; all relative to F of the null model - F*. */
export interface Outlook {
  readonly coverage: Coverage;
  /** What the quadratic model expects of the next step. */
  readonly excess: number;
  /** What the last step brought; 0 when there was none. */
  readonly gained: number;
  /** Features, and rows from which the preconditioner was made. */
  readonly featureCount: number;
  readonly sampledRows: number;
}

/**
 * The suboptimality that training ends with if it ends now. Where the preconditioner tells enough of the Hessian, that is after
 * one more step, which needs no look: it leaves the share that the last one left, at least what the sampling of the Hessian
 * leaves, and what its change along the step may. Otherwise no more is to be expected than what the last step brought.
 */
export function expectedInTheEnd({ coverage, excess, gained, featureCount, sampledRows }: Outlook): number {
  if (coverage === 'part') return gained > 0 ? Math.max(excess, gained) : 1;
  if (coverage === 'outputs' && gained <= 0) return excess;
  const sampling = (SAMPLING_ERROR * featureCount) / sampledRows;
  const observed = gained > 0 ? excess / (excess + gained) : 0;
  return excess * Math.min(1, Math.max(sampling, Math.sqrt(excess), observed));
}
