import type { Blocks } from './hessian-blocks.js';
import type { RefineInput, RefineState } from './refine-input.js';

/** When stage 2 ends before its passes are used up. */
export interface Tolerance {
  /** Largest absolute component of the (pseudo-)gradient; default 1e-10. */
  readonly gradient: number;
  /** Relative decrease of the objective, twice running; default 1e-9. */
  readonly decrease: number;
  /**
   * Expected (F - F*) / (F of the null model - F*) in the end; 0: does not count. `auto`: 1e-7 where there is one output and
   * blocks hold all features of the sampled rows, 1e-5 for several outputs; else a share of the estimation error.
   */
  readonly suboptimality: number | 'auto';
}

export const TOLERANCE: Tolerance = { gradient: 1e-10, decrease: 1e-9, suboptimality: 'auto' };

/** The objective has hardly decreased twice running: it will not any more. */
const SMALL_DECREASES = 2;
/** Relative error of the Hessian of a sample, squared, in units of features / rows. */
const SAMPLING_ERROR = 10;

/** How much of the Hessian the preconditioner holds: of all features and outputs, of all features, or less. */
type Coverage = 'whole' | 'outputs' | 'part';

const AUTO = { whole: 1e-7, outputs: 1e-5 } as const;
/**
 * What is left need only be a hundredth of the estimation error. For wide data of few rows that error is no more than a bound, and
 * may exceed all that is learned: there a thousandth of what is learned is the limit, beyond which held-out losses go up and down.
 */
const AUTO_PART = { share: 0.01, least: 1e-7, most: 1e-3 } as const;

/** What is known at a state about the next step. */
export interface Outlook {
  readonly state: Pick<RefineState, 'loss' | 'nullLoss' | 'gained' | 'smallDecreases'>;
  readonly gradientNorm: number;
  /** Derivative of the objective along the direction. */
  readonly slope: number;
  /** What the quadratic model expects of the next step, in units of what the null model is above the optimum. */
  readonly suboptimality: number;
}

/** Says when stage 2 has come close enough to the optimum. */
export class Stopping {
  readonly tolerance: Tolerance;
  /** Whether the first step needs no correction: the preconditioner knows all of the Hessian that sampled rows tell. */
  readonly knowsAll: boolean;
  readonly #coverage: Coverage;
  readonly #free: number;
  /** Share of the suboptimality that the sampling of the Hessian leaves after a step. */
  readonly #sampling: number;

  /** @param blocks undefined when there is an L1 penalty: then no suboptimality can be told */
  constructor(
    readonly input: RefineInput,
    state: RefineState,
    readonly blocks: Blocks | undefined,
    sampledRows: number,
  ) {
    const { featureCount, outputs } = input.objective;
    this.tolerance = input.tolerance === undefined ? TOLERANCE : { suboptimality: 0, ...input.tolerance };
    this.#coverage = !blocks?.holdSample ? 'part' : outputs === 1 ? 'whole' : 'outputs';
    this.knowsAll = this.#coverage === 'whole';
    this.#sampling = (SAMPLING_ERROR * featureCount) / sampledRows;
    this.#free = this.#coverage === 'part' ? freeWeights(state.curvature, input.l2) : 0;
  }

  isDone(outlook: Outlook): boolean {
    const { gradientNorm, slope, state } = outlook;
    if (gradientNorm < this.tolerance.gradient || !(slope < 0) || state.smallDecreases >= SMALL_DECREASES) return true;
    return this.#isNear(outlook);
  }

  /** Whether one more step, which nothing looks at, leads to the result. */
  stepsOn(outlook: Outlook): boolean {
    const isKnown = this.knowsAll || (this.#coverage === 'outputs' && outlook.state.gained > 0);
    return isKnown && outlook.slope < 0 && this.#isNear(outlook);
  }

  #isNear(outlook: Outlook): boolean {
    const { suboptimality } = this.tolerance;
    if (this.blocks === undefined) return false;
    return this.#expected(outlook) < (suboptimality === 'auto' ? this.#auto(outlook) : suboptimality);
  }

  /**
   * The optimum itself is uncertain: its expected loss is some d / 2n above the least, d the weights that the penalty leaves
   * free, n the rows. What is left of the way to it need only be small beside that.
   *
   * Bottou, Bousquet, The Tradeoffs of Large Scale Learning (2008)
   */
  #auto({ state: { loss, nullLoss } }: Outlook): number {
    if (this.#coverage !== 'part') return AUTO[this.#coverage];
    const scale = this.input.type === 'REGRESSION' ? 2 * loss : 1;
    const error = (scale * this.#free) / (2 * this.input.objective.rowCount);
    const { share, least, most } = AUTO_PART;
    return Math.min(most, Math.max(least, (share * error) / Math.max(nullLoss - loss, Number.MIN_VALUE)));
  }

  /**
   * The suboptimality that training ends with if it ends now. Where the preconditioner tells enough of the Hessian, that is after
   * one more step: it leaves the share that the last one left, at least what the sampling of the Hessian leaves, and what its
   * change along the step may. Otherwise no more is to be expected than what the last step brought.
   */
  #expected({ state: { gained }, suboptimality }: Outlook): number {
    if (this.#coverage === 'part') return gained > 0 ? Math.max(suboptimality, gained) : 1;
    if (this.#coverage === 'outputs' && gained <= 0) return suboptimality;
    const observed = gained > 0 ? suboptimality / (suboptimality + gained) : 0;
    return suboptimality * Math.min(1, Math.max(this.#sampling, Math.sqrt(suboptimality), observed));
  }
}

/** Weights that the penalty leaves free (Moody, The Effective Number of Parameters, 1991). */
function freeWeights(curvature: Float64Array, l2: number): number {
  let sum = 0;
  for (const h of curvature) if (h > 0) sum += h / (h + l2);
  return sum;
}
