import { BIAS_FEATURE } from '../features/rows.js';
import { instantiateKernel, openMemory } from '../kernel/instantiate.js';
import { KernelMemory } from '../kernel/memory.js';
import type { Blocks } from './hessian-blocks.js';
import { Penalty } from './penalty.js';
import type { RefineInput, RefineState } from './refine-input.js';
import { type Sample, SampledRows } from './sampled-rows.js';
import type { Vectors } from './vectors.js';

/** Where stage 2 begins, and what the null model loses. */
type Start = Pick<RefineState, 'origin' | 'nullLoss'>;

/** The candidate that the sampled rows find best, the null model where none is better. */
export function bestCandidate(
  { objective, candidates, nullModel, l1, l2, type }: RefineInput,
  sample: SampledRows,
): Start {
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

/**
 * The first pass: the gradient, and the curvature unless it is known or the blocks hold all features.
 *
 * @param sample given where the squares of features are
 */
export async function begin(
  input: RefineInput,
  vectors: Vectors,
  { origin, nullLoss }: Start,
  blocks: Blocks | undefined,
  sample: SampledRows | undefined,
): Promise<RefineState> {
  const { objective, squares, type } = input;
  const weights = vectors.copy(origin);
  const gradient = vectors.take();
  const curvature = new Float64Array(origin.length);
  const holdAll = blocks?.features.length === objective.featureCount - BIAS_FEATURE;
  const loss = await objective.evaluate(weights, gradient, holdAll || squares ? undefined : curvature);
  if (squares !== undefined && !holdAll) {
    const second = await sample!.meanCurvature(type, origin);
    for (let i = 0; i < curvature.length; i++) curvature[i] = second * squares[i];
  }
  input.signal?.throwIfAborted();
  return {
    weights,
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

/** A state whose vectors can be worked with. */
export function placed(vectors: Vectors, state: RefineState): RefineState {
  const copy = (array: Float64Array): Float64Array => vectors.copy(array);
  return {
    ...state,
    weights: copy(state.weights),
    gradient: copy(state.gradient),
    steps: state.steps.map(copy),
    changes: state.changes.map(copy),
  };
}

/**
 * Sampled rows in memory of their own.
 *
 * @param module of the kernels
 */
export function openSample(
  sample: Sample,
  { layout, module, outputs, signal }: Pick<RefineInput, 'layout' | 'module' | 'signal'> & { readonly outputs: number },
): SampledRows {
  const wasm = openMemory(16);
  const kernel = instantiateKernel(module, wasm);
  return new SampledRows(kernel, new KernelMemory(wasm, kernel), sample, layout, outputs, signal);
}
