import { collectivePreconditioner } from './collective.js';
import { type Blocks, hessianBlocks } from './hessian-blocks.js';
import { mostSteps, QuasiNewton, remember, type Steps } from './lbfgs.js';
import { keepDescent, pseudoGradient, stayInOrthant } from './owl-qn.js';
import { Penalty } from './penalty.js';
import { blockPreconditioner, diagonalPreconditioner, type Preconditioner } from './preconditioner.js';
import type { Refined, RefineInput, RefineState } from './refine-input.js';
import { begin, bestCandidate, openSample, placed } from './refine-start.js';
import type { SampledRows } from './sampled-rows.js';
import { type Outlook, Stopping } from './stopping.js';
import { Vectors } from './vectors.js';

export type { Refined, RefineInput, RefineProgress, RefineState } from './refine-input.js';

/** Rows that the blocks of the preconditioner are made of: some for each of their features, within limits. */
const ROWS_PER_FEATURE = 80;
const LEAST_SAMPLED_ROWS = 10_000;
const MOST_SAMPLED_ROWS = 20_000;
/** A step must bring this share of the decrease that the slope promises (Armijo). */
const SUFFICIENT_DECREASE = 1e-4;
/** Range of the factors by which a step that went too far is shortened. */
const SHORTEST_CUT = 0.1;
const LONGEST_CUT = 0.5;
/** Vectors that are in use beside the steps: of two states, of the plan, and to work with. */
const WORKING_VECTORS = 17;
/** How often the length of the first step is corrected when there is an L1 penalty. */
const ORTHANT_TRIALS = 4;

/**
 * Stage 2: preconditioned L-BFGS (OWL-QN where there is an L1 penalty) from the best of the candidates.
 *
 * Each gradient is a pass; Armijo's rule with quadratic interpolation makes the steps. The preconditioner holds, without L1,
 * one block of the Hessian per output, of the most frequent features, at the start; the diagonal for the others, and, of sparse
 * rows with one output, the direction in which all move at once. With L1 it is the diagonal alone: others would mix up the orthants.
 *
 * @throws the signal's reason when it is aborted
 */
export async function refine(input: RefineInput): Promise<Refined> {
  const needsSample = input.l1 === 0 || (input.state?.steps.length ?? 0) === 0;
  const sample = input.sample ?? (needsSample ? await takeSample(input) : undefined);
  const start = input.state ?? bestCandidate(input, sample!);
  const { length } = start.origin;
  const vectors = input.vectors ?? refineVectors(input.module, length);
  vectors.giveAll();
  const blocks =
    input.l1 > 0 ? undefined : await hessianBlocks(sample!, input.type, start.origin, input.l2, input.blockFeatures);
  let state =
    input.state === undefined ? await begin(input, vectors, start, blocks, sample) : placed(vectors, input.state);
  const preconditioner = await openPreconditioner(input, vectors, state, sample, blocks);
  const run = new Run(input, vectors, state, sample, blocks, preconditioner);
  let plan = run.plan(state);
  let { passes } = state;
  if (input.state === undefined) {
    input.onState?.(state);
    run.report(passes, plan);
  }
  while (!run.isDone(plan)) {
    if (passes >= input.passes) return { weights: state.weights.slice(), passes, stoppedEarly: false };
    const search = await run.search(plan, passes);
    passes = search.passes;
    if (search.state === undefined) return { weights: state.weights.slice(), passes, stoppedEarly: search.exhausted };
    state = search.state;
    plan = run.plan(state, search.reached);
    input.onState?.(state);
    run.report(passes, plan);
  }
  return { weights: run.result(plan).slice(), passes, stoppedEarly: true };
}

/** Room for the vectors of `refine`, each of a length: one per weight. */
export function refineVectors(module: WebAssembly.Module, length: number): Vectors {
  return new Vectors(module, length, WORKING_VECTORS + 2 * mostSteps(length, WORKING_VECTORS));
}

async function takeSample(input: RefineInput): Promise<SampledRows> {
  const { objective } = input;
  return openSample(await objective.sample(sampledRows(input)), { ...input, outputs: objective.outputs });
}

/**
 * @param sample given unless there is an L1 penalty and a step behind
 * @param blocks given unless there is an L1 penalty
 */
async function openPreconditioner(
  { l1, l2, type, layout, objective: { outputs } }: RefineInput,
  vectors: Vectors,
  { curvature, origin }: RefineState,
  sample: SampledRows | undefined,
  blocks: Blocks | undefined,
): Promise<Preconditioner> {
  const penalty = new Penalty(l1, l2, outputs);
  const diagonal = penalty.diagonal(curvature);
  if (blocks === undefined) return diagonalPreconditioner(vectors, diagonal);
  const parts = blockPreconditioner(vectors, diagonal, blocks, sample!);
  if (blocks.holdSample || outputs > 1 || layout.form === 'dense') return parts;
  return collectivePreconditioner(parts, { vectors, weights: origin, curvature, penalty, sample: sample!, type });
}

function sampledRows({ objective: { featureCount } }: RefineInput): number {
  return Math.min(MOST_SAMPLED_ROWS, Math.max(LEAST_SAMPLED_ROWS, ROWS_PER_FEATURE * featureCount));
}

const NO_STEPS: Steps = { steps: [], changes: [], products: [] };

/** What follows from a state: the objective there, and where to go next. Good until the next state has been found. */
interface Plan extends Outlook {
  readonly state: RefineState;
  readonly objective: number;
  /** The pseudo-gradient where there is an L1 penalty. */
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
}

/** What came of a search. */
interface Search {
  readonly state: RefineState | undefined;
  /** The objective there. */
  readonly reached?: number;
  readonly passes: number;
  readonly exhausted: boolean;
}

class Run {
  readonly #penalty: Penalty;
  readonly #stopping: Stopping;
  readonly #quasiNewton: QuasiNewton;
  readonly #direction: Float64Array;
  /** What the plan's smooth gradient and pseudo-gradient are written to. */
  #smooth: Float64Array;
  readonly #pseudo: Float64Array;

  /**
   * @param sample given unless there is an L1 penalty and a step behind
   * @param blocks given unless there is an L1 penalty
   */
  constructor(
    readonly input: RefineInput,
    readonly vectors: Vectors,
    state: RefineState,
    readonly sample: SampledRows | undefined,
    blocks: Blocks | undefined,
    precondition: Preconditioner,
  ) {
    this.#penalty = new Penalty(input.l1, input.l2, input.objective.outputs);
    this.#stopping = new Stopping(input, state, blocks, sample?.count ?? 1);
    this.#quasiNewton = new QuasiNewton(vectors, precondition);
    this.#direction = vectors.take();
    this.#pseudo = vectors.take();
    this.#smooth = this.#penalty.smoothGradient(vectors, state.weights, state.gradient, vectors.take());
  }

  /** @param reached the objective there, if it is known */
  plan(state: RefineState, reached?: number): Plan {
    const { vectors } = this;
    const penalty = this.#penalty;
    const direction = this.#direction;
    const gradient = penalty.l1 > 0 ? this.#pseudo : this.#smooth;
    if (penalty.l1 > 0) pseudoGradient(state.weights, this.#smooth, penalty, gradient);
    this.#quasiNewton.direct(gradient, state, direction);
    if (penalty.l1 > 0) keepDescent(direction, gradient);
    let slope = vectors.dot(gradient, direction);
    if (!(slope < 0)) {
      this.#quasiNewton.direct(gradient, NO_STEPS, direction);
      slope = vectors.dot(gradient, direction);
    }
    const objective = reached ?? state.loss + this.#penaltyOf(state.weights);
    // Newton's decrement: half of what the slope promises is what the quadratic model still expects to gain.
    const excess = -slope / 2;
    const worst = state.nullLoss - objective + excess;
    const suboptimality = worst > excess ? excess / worst : 1;
    return { state, objective, gradient, direction, slope, gradientNorm: vectors.largest(gradient), suboptimality };
  }

  #penaltyOf(weights: Float64Array): number {
    return this.#penalty.value(weights, this.vectors.dot(weights, weights));
  }

  /**
   * How far to go first. As long as there are no steps to learn from, the preconditioner knows nothing of what it leaves out of
   * the Hessian: then the step goes to the minimum of the quadratic model, whose curvature the sampled rows tell.
   */
  async #firstLength(plan: Plan): Promise<number> {
    const { vectors } = this;
    const { state, gradient } = plan;
    if (state.steps.length > 0 || this.#stopping.knowsAll || this.sample === undefined) return 1;
    const ridge = new Penalty(0, this.input.l2, this.input.objective.outputs);
    // A step that stays in its orthant is not proportional to its length.
    const trials = this.#penalty.l1 > 0 ? ORTHANT_TRIALS : 1;
    let length = 1;
    for (let trial = 0; trial < trials; trial++) {
      const step = this.#move(plan, length);
      vectors.addScaled(step, step, -1, state.weights);
      const along = await this.sample.curvatureAlong(this.input.type, state.weights, step);
      const curvature = along + 2 * ridge.value(step, vectors.dot(step, step));
      const factor = -vectors.dot(gradient, step) / curvature;
      vectors.give(step);
      if (!(factor > SHORTEST_CUT ** 4 && factor < 1 / SHORTEST_CUT)) break;
      length = Math.min(1, length * factor);
    }
    return length;
  }

  isDone(plan: Plan): boolean {
    return this.#stopping.isDone(plan);
  }

  /** The weights if this is the end; good until the next vector is taken. */
  result(plan: Plan): Float64Array {
    if (!this.#stopping.stepsOn(plan)) return plan.state.weights;
    const weights = this.#move(plan, 1);
    this.vectors.give(weights);
    return weights;
  }

  report(pass: number, plan: Plan): void {
    const { state, objective, gradientNorm, suboptimality } = plan;
    this.input.onPass?.({
      pass,
      weights: this.result(plan),
      loss: state.loss,
      objective,
      gradientNorm,
      suboptimality,
    });
  }

  /**
   * Find a step that is long enough but not too long; each trial is a pass.
   *
   * @returns `exhausted` when no step of any length leads lower: that is as low as numbers go
   */
  async search(plan: Plan, done: number): Promise<Search> {
    const { vectors } = this;
    const { state, objective, slope } = plan;
    let length = await this.#firstLength(plan);
    let passes = done;
    while (passes < this.input.passes) {
      const weights = this.#move(plan, length);
      const gradient = vectors.take();
      const loss = await this.input.objective.evaluate(weights, gradient);
      this.input.signal?.throwIfAborted();
      passes++;
      const reached = loss + this.#penaltyOf(weights);
      const step = vectors.addScaled(vectors.take(), weights, -1, state.weights);
      const promised = this.#penalty.l1 > 0 ? vectors.dot(plan.gradient, step) : length * slope;
      const enough = reached <= objective + SUFFICIENT_DECREASE * promised;
      if (enough || (passes === this.input.passes && reached < objective)) {
        const accepted = this.#accept(plan, { weights, gradient, loss, passes }, step, reached);
        return { state: accepted, reached, passes, exhausted: false };
      }
      vectors.give(weights, gradient, step);
      this.report(passes, plan);
      if (!(Math.abs(promised) > 1e-16 * Math.abs(objective))) return { state: undefined, passes, exhausted: true };
      length *= shorter(objective, promised, reached);
    }
    return { state: undefined, passes, exhausted: false };
  }

  #move({ state, direction, gradient }: Plan, length: number): Float64Array {
    const { weights } = state;
    const trial = this.vectors.addScaled(this.vectors.take(), weights, length, direction);
    if (this.#penalty.l1 > 0) stayInOrthant(trial, weights, gradient, this.#penalty);
    return trial;
  }

  /** The next state; the vectors of the last one are given back, but for the steps. */
  #accept(
    { state, objective }: Plan,
    found: Pick<RefineState, 'weights' | 'gradient' | 'loss' | 'passes'>,
    step: Float64Array,
    reached: number,
  ): RefineState {
    const { vectors } = this;
    const smooth = this.#penalty.smoothGradient(vectors, found.weights, found.gradient, vectors.take());
    const change = vectors.addScaled(this.#smooth, smooth, -1, this.#smooth);
    this.#smooth = smooth;
    const most = mostSteps(vectors.length, WORKING_VECTORS);
    const known = remember(vectors, state, step, change, most);
    vectors.give(state.weights, state.gradient);
    const isSmall = objective - reached < this.#stopping.tolerance.decrease * Math.abs(objective);
    const smallDecreases = isSmall ? state.smallDecreases + 1 : 0;
    const gained = Math.max(0, (objective - reached) / (state.nullLoss - reached)) || 0;
    return { ...state, ...found, ...known, gained, smallDecreases };
  }
}

/** The factor at which the parabola through both ends, with the slope at the beginning, is lowest. */
function shorter(start: number, promised: number, reached: number): number {
  const factor = -promised / (2 * (reached - start - promised));
  return Math.min(LONGEST_CUT, Math.max(SHORTEST_CUT, factor || SHORTEST_CUT));
}
