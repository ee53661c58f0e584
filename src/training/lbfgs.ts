import { addScaled, dot } from './vector.js';

/** Steps that are remembered. */
export const MEMORY = 10;

/** Multiply by an approximation of the inverse Hessian that is symmetric and positive definite. */
export type Preconditioner = (vector: Float64Array) => Float64Array;

/**
 * The quasi-Newton direction -H g by the two-loop recursion (Liu, Nocedal 1989; Nocedal, Wright, Numerical Optimization,
 * algorithm 7.4), with H0 = gamma P, gamma = s'y / y'Py of the last step, 1 before the first.
 *
 * @param gradient g
 * @param steps s, the oldest first
 * @param changes y, of the gradient along each step; s'y > 0
 */
export function quasiNewtonDirection(
  gradient: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
  precondition: Preconditioner,
): Float64Array {
  const q = gradient.slice();
  const products = steps.map((step, i) => dot(step, changes[i]));
  const alphas = new Float64Array(steps.length);
  for (let i = steps.length - 1; i >= 0; i--) {
    alphas[i] = dot(steps[i], q) / products[i];
    addScaled(q, -alphas[i], changes[i]);
  }
  const direction = precondition(q);
  const last = steps.length - 1;
  const gamma = last >= 0 ? products[last] / dot(changes[last], precondition(changes[last])) : 1;
  for (let i = 0; i < direction.length; i++) direction[i] *= gamma;
  for (let i = 0; i < steps.length; i++) {
    const beta = dot(changes[i], direction) / products[i];
    addScaled(direction, alphas[i] - beta, steps[i]);
  }
  for (let i = 0; i < direction.length; i++) direction[i] = -direction[i];
  return direction;
}

/** The remembered steps with one more; one along which the gradient does not grow is left out. */
export function remember(
  { steps, changes }: { readonly steps: readonly Float64Array[]; readonly changes: readonly Float64Array[] },
  step: Float64Array,
  change: Float64Array,
): { steps: Float64Array[]; changes: Float64Array[] } {
  if (!(dot(step, change) > 0)) return { steps: [...steps], changes: [...changes] };
  return { steps: [...steps, step].slice(-MEMORY), changes: [...changes, change].slice(-MEMORY) };
}
