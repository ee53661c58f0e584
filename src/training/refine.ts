import { BIAS_FEATURE } from '../features/rows.js';
import { instantiateKernel } from '../kernel/instantiate.js';
import { KernelMemory } from '../kernel/memory.js';
import { type Blocks, hessianBlocks } from './hessian-blocks.js';
import { QuasiNewton, remember } from './lbfgs.js';
import { keepDescent, pseudoGradient, stayInOrthant } from './owl-qn.js';
import { Penalty } from './penalty.js';
import { blockPreconditioner, diagonalPreconditioner } from './preconditioner.js';
import type { Refined, RefineInput, RefineState } from './refine-input.js';
import { type Sample, SampledRows } from './sampled-rows.js';
import { type Outlook, Stopping } from './stopping.js';
import { difference, dot, largest } from './vector.js';

export type { Refined, RefineInput, RefineProgress, RefineState } from './refine-input.js';

/** Rows that the blocks of the preconditioner are made of, at most. */
const SAMPLED_ROWS = 20_000;
/** A step must bring this share of the decrease that the slope promises (Armijo). */
const SUFFICIENT_DECREASE = 1e-4;
/** Range of the factors by which a step that went too far is shortened. */
const SHORTEST_CUT = 0.1;
const LONGEST_CUT = 0.5;
/** How often the length of the first step is corrected when there is an L1 penalty. */
const ORTHANT_TRIALS = 4;

/**
 * Stage 2: preconditioned L-BFGS (OWL-QN where there is an L1 penalty) from the best of the candidates.
 *
 * Each gradient is a pass; Armijo's rule with quadratic interpolation makes the steps. The preconditioner holds, without L1,
 * one block of the Hessian per output, of the most frequent features, at the start; the diagonal for the others. With L1
 * it is the diagonal alone: others would mix up the orthants.
 *
 * @throws the signal's reason when it is aborted
 */
export async function refine(input: RefineInput): Promise<Refined> {
  const needsSample = input.l1 === 0 || (input.state?.steps.length ?? 0) === 0;
  const sample = needsSample ? openSample(input, await input.objective.sample(SAMPLED_ROWS)) : undefined;
  const start = input.state ?? bestCandidate(input, sample!);
  const blocks =
    input.l1 > 0 ? undefined : await hessianBlocks(sample!, input.type, start.origin, input.l2, input.blockFeatures);
  let state = input.state ?? (await begin(input, start, blocks));
  const run = new Run(input, state, sample, blocks);
  let plan = run.plan(state);
  let { passes } = state;
  if (input.state === undefined) {
    input.onState?.(state);
    run.report(passes, plan);
  }
  while (!run.isDone(plan)) {
    if (passes >= input.passes) return { weights: state.weights, passes, stoppedEarly: false };
    const search = await run.search(plan, passes);
    passes = search.passes;
    if (search.state === undefined) return { weights: state.weights, passes, stoppedEarly: search.exhausted };
    state = search.state;
    plan = run.plan(state, search);
    input.onState?.(state);
    run.report(passes, plan);
  }
  return { weights: run.result(plan), passes, stoppedEarly: true };
}

/** Where to begin, and what the null model loses. */
type Start = Pick<RefineState, 'origin' | 'nullLoss'>;

/** The candidate that the sampled rows find best, the null model where none is better. */
function bestCandidate({ objective, candidates, nullModel, l1, l2, type }: RefineInput, sample: SampledRows): Start {
  const penalty = new Penalty(l1, l2, objective.outputs);
  const all = [nullModel, ...candidates];
  const losses = sample.losses(type, all);
  const values = losses.map((loss, i) => loss + penalty.value(all[i]));
  let best = 0;
  values.forEach((value, i) => {
    if (value <= values[best]) best = i;
  });
  return { origin: all[best], nullLoss: losses[0] };
}

/** The first pass: the gradient, and the curvature unless the blocks hold all features. */
async function begin(
  input: RefineInput,
  { origin, nullLoss }: Start,
  blocks: Blocks | undefined,
): Promise<RefineState> {
  const gradient = new Float64Array(origin.length);
  const curvature = new Float64Array(origin.length);
  const holdAll = blocks?.features.length === input.objective.featureCount - BIAS_FEATURE;
  const loss = await input.objective.evaluate(origin, gradient, holdAll ? undefined : curvature);
  input.signal?.throwIfAborted();
  return {
    weights: origin,
    loss,
    gradient,
    curvature,
    passes: 1,
    origin,
    nullLoss,
    steps: [],
    changes: [],
    products: [],
    gained: 0,
    smallDecreases: 0,
  };
}

/** Sampled rows in memory of their own. */
function openSample({ objective, layout, module, signal }: RefineInput, sample: Sample): SampledRows {
  const wasm = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  const kernel = instantiateKernel(module, wasm);
  return new SampledRows(kernel, new KernelMemory(wasm, kernel), sample, layout, objective.outputs, signal);
}

const NO_STEPS = { steps: [], changes: [], products: [] };

/** What follows from a state: the objective there, and where to go next. Good until the next state has been found. */
interface Plan extends Outlook {
  readonly state: RefineState;
  readonly objective: number;
  /** Gradient without, and pseudo-gradient with, the L1 penalty. */
  readonly smooth: Float64Array;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
}

/** What came of a search. */
interface Search extends Pick<Plan, 'objective' | 'smooth'> {
  readonly state: RefineState | undefined;
  readonly passes: number;
  readonly exhausted: boolean;
}

class Run {
  readonly #penalty: Penalty;
  readonly #stopping: Stopping;
  readonly #quasiNewton: QuasiNewton;
  readonly #direction: Float64Array;

  /**
   * @param sample given unless there is an L1 penalty and a step behind
   * @param blocks given unless there is an L1 penalty
   */
  constructor(
    readonly input: RefineInput,
    state: RefineState,
    readonly sample: SampledRows | undefined,
    blocks: Blocks | undefined,
  ) {
    const { featureCount, outputs } = input.objective;
    this.#penalty = new Penalty(input.l1, input.l2, outputs);
    const diagonal = this.#penalty.diagonal(state.curvature);
    const precondition = blocks ? blockPreconditioner(diagonal, blocks, sample!) : diagonalPreconditioner(diagonal);
    this.#stopping = new Stopping(input, state, blocks, sample?.count ?? 1);
    this.#quasiNewton = new QuasiNewton(precondition, featureCount * outputs);
    this.#direction = new Float64Array(featureCount * outputs);
  }

  /** @param found what is known of it, from the search for it */
  plan(state: RefineState, found?: Pick<Plan, 'objective' | 'smooth'>): Plan {
    const { weights } = state;
    const penalty = this.#penalty;
    const direction = this.#direction;
    const smooth = found?.smooth ?? penalty.smoothGradient(weights, state.gradient);
    const gradient = penalty.l1 > 0 ? pseudoGradient(weights, smooth, penalty) : smooth;
    this.#quasiNewton.direct(gradient, state, direction);
    if (penalty.l1 > 0) keepDescent(direction, gradient);
    let slope = dot(gradient, direction);
    if (!(slope < 0)) {
      this.#quasiNewton.direct(gradient, NO_STEPS, direction);
      slope = dot(gradient, direction);
    }
    const objective = found?.objective ?? state.loss + penalty.value(weights);
    // Newton's decrement: half of what the slope promises is what the quadratic model still expects to gain.
    const excess = -slope / 2;
    const worst = state.nullLoss - objective + excess;
    const suboptimality = worst > excess ? excess / worst : 1;
    return { state, objective, smooth, gradient, direction, slope, gradientNorm: largest(gradient), suboptimality };
  }

  /**
   * How far to go first. As long as there are no steps to learn from, the preconditioner knows nothing of what it leaves out of
   * the Hessian: then the step goes to the minimum of the quadratic model, whose curvature the sampled rows tell.
   */
  async #firstLength(plan: Plan): Promise<number> {
    const { state, gradient } = plan;
    if (state.steps.length > 0 || this.#stopping.knowsAll || this.sample === undefined) return 1;
    const ridge = new Penalty(0, this.input.l2, this.input.objective.outputs);
    // A step that stays in its orthant is not proportional to its length.
    const trials = this.#penalty.l1 > 0 ? ORTHANT_TRIALS : 1;
    let length = 1;
    for (let trial = 0; trial < trials; trial++) {
      const step = difference(this.#move(plan, length), state.weights);
      const along = await this.sample.curvatureAlong(this.input.type, state.weights, step);
      const curvature = along + 2 * ridge.value(step);
      const factor = -dot(gradient, step) / curvature;
      if (!(factor > SHORTEST_CUT ** 4 && factor < 1 / SHORTEST_CUT)) break;
      length = Math.min(1, length * factor);
    }
    return length;
  }

  isDone(plan: Plan): boolean {
    return this.#stopping.isDone(plan);
  }

  /** The weights if this is the end. */
  result(plan: Plan): Float64Array {
    return this.#stopping.stepsOn(plan) ? this.#move(plan, 1) : plan.state.weights;
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
    const { state, objective, slope } = plan;
    let length = await this.#firstLength(plan);
    let passes = done;
    while (passes < this.input.passes) {
      const weights = this.#move(plan, length);
      const gradient = new Float64Array(weights.length);
      const loss = await this.input.objective.evaluate(weights, gradient);
      this.input.signal?.throwIfAborted();
      passes++;
      const reached = loss + this.#penalty.value(weights);
      const change = difference(weights, state.weights);
      const promised = this.#penalty.l1 > 0 ? dot(plan.gradient, change) : length * slope;
      const enough = reached <= objective + SUFFICIENT_DECREASE * promised;
      if (enough || (passes === this.input.passes && reached < objective)) {
        const accepted = this.#accept(plan, { weights, gradient, loss, passes }, change, reached);
        return { state: accepted, objective: reached, smooth: plan.smooth, passes, exhausted: false };
      }
      this.report(passes, plan);
      if (!(Math.abs(promised) > 1e-16 * Math.abs(objective)))
        return { ...plan, state: undefined, passes, exhausted: true };
      length *= shorter(objective, promised, reached);
    }
    return { ...plan, state: undefined, passes, exhausted: false };
  }

  #move({ state, direction, gradient }: Plan, length: number): Float64Array {
    const { weights } = state;
    const trial = new Float64Array(weights.length);
    for (let i = 0; i < trial.length; i++) trial[i] = weights[i] + length * direction[i];
    if (this.#penalty.l1 > 0) stayInOrthant(trial, weights, gradient, this.#penalty);
    return trial;
  }

  /** Makes of the plan's smooth gradient that of the next state. */
  #accept(
    { state, objective, smooth }: Plan,
    found: Pick<RefineState, 'weights' | 'gradient' | 'loss' | 'passes'>,
    step: Float64Array,
    reached: number,
  ): RefineState {
    const change = this.#penalty.change(smooth, found.weights, found.gradient);
    const isSmall = objective - reached < this.#stopping.tolerance.decrease * Math.abs(objective);
    const smallDecreases = isSmall ? state.smallDecreases + 1 : 0;
    const gained = Math.max(0, (objective - reached) / (state.nullLoss - reached)) || 0;
    return { ...state, ...found, ...remember(state, step, change), gained, smallDecreases };
  }
}

/** The factor at which the parabola through both ends, with the slope at the beginning, is lowest. */
function shorter(start: number, promised: number, reached: number): number {
  const factor = -promised / (2 * (reached - start - promised));
  return Math.min(LONGEST_CUT, Math.max(SHORTEST_CUT, factor || SHORTEST_CUT));
}
