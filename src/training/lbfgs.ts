import type { Preconditioner } from './preconditioner.js';
import { addScaledThenDot, dot, negate, scaleThenDot, subtractFromOpposite } from './vector.js';

/** Steps that are remembered. */
export const MEMORY = 10;

/** The last steps, the oldest first. */
export interface Steps {
  /** s */
  readonly steps: readonly Float64Array[];
  /** y, of the gradient along each step. */
  readonly changes: readonly Float64Array[];
  /** s'y of each step, > 0. */
  readonly products: readonly number[];
}

/**
 * The quasi-Newton direction -H g by the two-loop recursion (Liu, Nocedal 1989; Nocedal, Wright, Numerical Optimization,
 * algorithm 7.4), with H0 = gamma P, gamma = s'y / y'Py of the last step, 1 before the first.
 */
export class QuasiNewton {
  readonly #q: Float64Array;

  /** @param length of all vectors */
  constructor(
    readonly precondition: Preconditioner,
    length: number,
  ) {
    this.#q = new Float64Array(length);
  }

  /**
   * @param gradient g
   * @param direction written
   */
  direct(gradient: Float64Array, { steps, changes, products }: Steps, direction: Float64Array): void {
    const q = this.#q;
    const last = steps.length - 1;
    if (last < 0) {
      this.precondition(gradient, direction);
      negate(direction);
      return;
    }
    this.precondition(changes[last], q);
    const gamma = products[last] / dot(changes[last], q);
    q.set(gradient);
    const alphas = new Float64Array(steps.length);
    let along = dot(steps[last], q);
    for (let i = last; i >= 0; i--) {
      alphas[i] = along / products[i];
      along = addScaledThenDot(q, -alphas[i], changes[i], steps[Math.max(0, i - 1)]);
    }
    this.precondition(q, direction);
    along = scaleThenDot(direction, gamma, changes[0]);
    for (let i = 0; i < last; i++) {
      along = addScaledThenDot(direction, alphas[i] - along / products[i], steps[i], changes[i + 1]);
    }
    subtractFromOpposite(direction, alphas[last] - along / products[last], steps[last]);
  }
}

/** The remembered steps with one more; one along which the gradient does not grow is left out. */
export function remember({ steps, changes, products }: Steps, step: Float64Array, change: Float64Array): Steps {
  const product = dot(step, change);
  if (!(product > 0)) return { steps, changes, products };
  return {
    steps: [...steps, step].slice(-MEMORY),
    changes: [...changes, change].slice(-MEMORY),
    products: [...products, product].slice(-MEMORY),
  };
}
