import type { Penalty } from './penalty.js';

/*
 * Orthant-wise limited-memory quasi-Newton (Andrew, Gao 2007): what L-BFGS needs for an L1 penalty. Within an orthant the
 * objective is smooth; a step ends where it would leave the orthant.
 */

/**
 * The derivative of the objective along the steepest of its directions; 0 where it rises on both sides.
 *
 * @param gradient of the smooth part, L2 included
 * @param result written
 */
export function pseudoGradient(
  weights: Float64Array,
  gradient: Float64Array,
  penalty: Penalty,
  result: Float64Array,
): void {
  const { l1 } = penalty;
  result.set(gradient);
  for (let i = 0; i < weights.length; i++) {
    if (penalty.isFree(i)) continue;
    if (weights[i] !== 0) result[i] += weights[i] > 0 ? l1 : -l1;
    else result[i] = Math.sign(gradient[i]) * Math.max(0, Math.abs(gradient[i]) - l1);
  }
}

/** Leave out of a direction, in place, what does not go down. */
export function keepDescent(direction: Float64Array, pseudo: Float64Array): void {
  for (let i = 0; i < direction.length; i++) if (direction[i] * pseudo[i] >= 0) direction[i] = 0;
}

/** Set to 0, in place, the weights of a trial that left the orthant of `weights` and of the descent from 0. */
export function stayInOrthant(
  trial: Float64Array,
  weights: Float64Array,
  pseudo: Float64Array,
  penalty: Penalty,
): void {
  for (let i = 0; i < trial.length; i++) {
    if (penalty.isFree(i)) continue;
    const side = weights[i] !== 0 ? weights[i] : -pseudo[i];
    if (trial[i] * side <= 0) trial[i] = 0;
  }
}
