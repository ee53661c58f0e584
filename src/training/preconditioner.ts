import { factorise, solve } from './cholesky.js';
import type { Blocks } from './hessian-blocks.js';
import type { Preconditioner } from './lbfgs.js';

/** Least pivot of a block, and least diagonal element outside, relative to the largest. */
const LEAST_PIVOT = 1e-7;
const LEAST_DIAGONAL = 1e-9;

/** The diagonal of the Hessian as a preconditioner, floored at a 1e-9th of its largest element. */
export function diagonalPreconditioner(diagonal: Float64Array): Preconditioner {
  const floor = Math.max(LEAST_DIAGONAL * diagonal.reduce((most, element) => Math.max(most, element), 0), 1e-300);
  const inverse = diagonal.map((element) => 1 / Math.max(element, floor));
  return (vector) => {
    const result = new Float64Array(vector.length);
    for (let i = 0; i < result.length; i++) result[i] = vector[i] * inverse[i];
    return result;
  };
}

/** The inverse of the blocks, one per output, and of the diagonal for features outside. Overwrites the matrices. */
export function blockPreconditioner(diagonal: Float64Array, { features, matrices }: Blocks): Preconditioner {
  const outside = diagonalPreconditioner(diagonal);
  const outputs = matrices.length;
  const size = features.length;
  for (const matrix of matrices) factorise(matrix, size, LEAST_PIVOT);
  const part = new Float64Array(size);
  return (vector) => {
    const result = outside(vector);
    for (let k = 0; k < outputs; k++) {
      for (let i = 0; i < size; i++) part[i] = vector[features[i] * outputs + k];
      solve(matrices[k], size, part);
      for (let i = 0; i < size; i++) result[features[i] * outputs + k] = part[i];
    }
    return result;
  };
}
