import type { Preconditioner } from './preconditioner.js';
import type { Vectors } from './vectors.js';

/** Steps that are remembered, where there is room for them. */
const MOST_STEPS = 10;
/** Bytes that vectors may take. */
const MOST_BYTES = 2 ** 32 - 2 ** 20;

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

  constructor(
    readonly vectors: Vectors,
    readonly precondition: Preconditioner,
  ) {
    this.#q = vectors.take();
  }

  /**
   * @param gradient g
   * @param direction written
   */
  direct(gradient: Float64Array, { steps, changes, products }: Steps, direction: Float64Array): void {
    const { vectors } = this;
    const q = this.#q;
    vectors.negate(q, gradient);
    const last = steps.length - 1;
    if (last < 0) {
      this.precondition(q, direction);
      return;
    }
    this.precondition(changes[last], direction);
    const gamma = products[last] / vectors.dot(changes[last], direction);
    const alphas = new Float64Array(steps.length);
    let along = vectors.dot(steps[last], q);
    for (let i = last; i >= 0; i--) {
      alphas[i] = along / products[i];
      along = vectors.addScaledThenDot(q, -alphas[i], changes[i], steps[Math.max(0, i - 1)]);
    }
    this.precondition(q, direction);
    along = vectors.scaleThenDot(direction, gamma, changes[0]);
    for (let i = 0; i < last; i++) {
      along = vectors.addScaledThenDot(direction, alphas[i] - along / products[i], steps[i], changes[i + 1]);
    }
    vectors.addScaled(direction, direction, alphas[last] - along / products[last], steps[last]);
  }
}

/**
 * Steps to remember, from 1 to 10.
 *
 * @param length of each vector
 * @param others vectors that are needed beside
 */
export function mostSteps(length: number, others: number): number {
  const room = Math.floor(MOST_BYTES / (8 * (length + 8)));
  return Math.max(1, Math.min(MOST_STEPS, Math.floor((room - others) / 2)));
}

/**
 * The remembered steps with one more; one along which the gradient does not grow is left out. What is left out or forgotten is
 * given back.
 *
 * @param most steps to remember
 */
export function remember(
  vectors: Vectors,
  known: Steps,
  step: Float64Array,
  change: Float64Array,
  most: number,
): Steps {
  const { steps, changes, products } = known;
  const product = vectors.dot(step, change);
  if (!(product > 0)) {
    vectors.give(step, change);
    return { steps, changes, products };
  }
  if (steps.length === most) vectors.give(steps[0], changes[0]);
  return {
    steps: [...steps, step].slice(-most),
    changes: [...changes, change].slice(-most),
    products: [...products, product].slice(-most),
  };
}
