import type { Kernel } from '../kernel/kernel.js';
import type { KernelMemory } from '../kernel/memory.js';
import type { Blocks } from './hessian-blocks.js';
import type { Vectors } from './vectors.js';

/** Least pivot of a block, and least diagonal element outside, relative to the largest. */
const LEAST_PIVOT = 1e-7;
const LEAST_DIAGONAL = 1e-9;

/**
 * Multiply by an approximation of the inverse Hessian that is symmetric and positive definite.
 *
 * @param result written; another vector
 */
export type Preconditioner = (vector: Float64Array, result: Float64Array) => void;

/** The diagonal of the Hessian as a preconditioner, floored at a 1e-9th of its largest element. */
export function diagonalPreconditioner(vectors: Vectors, diagonal: Float64Array): Preconditioner {
  let most = 0;
  for (let i = 0; i < diagonal.length; i++) most = Math.max(most, diagonal[i]);
  const floor = Math.max(LEAST_DIAGONAL * most, 1e-300);
  const inverse = vectors.take();
  for (let i = 0; i < inverse.length; i++) inverse[i] = 1 / Math.max(diagonal[i], floor);
  return (vector, result) => vectors.multiply(result, vector, inverse);
}

/**
 * The inverse of the blocks, one per output, and of the diagonal for features outside.
 *
 * @param memory where the factors stay: it must not be released to where it was
 */
export function blockPreconditioner(
  vectors: Vectors,
  diagonal: Float64Array,
  { features, matrices }: Blocks,
  { kernel, memory }: { readonly kernel: Kernel; readonly memory: KernelMemory },
): Preconditioner {
  const outside = diagonalPreconditioner(vectors, diagonal);
  const outputs = matrices.length;
  const size = features.length;
  const part = memory.allocate(8 * size);
  const factors = matrices.map((matrix) => {
    const factor = memory.allocate(8 * size * size);
    memory.f64.set(matrix, factor / 8);
    kernel.factorise(factor, size, LEAST_PIVOT);
    return factor;
  });
  return (vector, result) => {
    outside(vector, result);
    const { f64 } = memory;
    for (let k = 0; k < outputs; k++) {
      for (let i = 0; i < size; i++) f64[part / 8 + i] = vector[features[i] * outputs + k];
      kernel.solve(factors[k], size, part);
      for (let i = 0; i < size; i++) result[features[i] * outputs + k] = f64[part / 8 + i];
    }
  };
}
