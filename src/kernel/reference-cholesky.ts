import type { Kernel } from './kernel.js';
import type { Bytes } from './reference-rows.js';

/** Cholesky factors in plain TypeScript. */
export function choleskyKernels({ buffer }: Bytes): Pick<Kernel, 'factorise' | 'solve'> {
  return {
    factorise: (matrix, size, least) => factorise(new Float64Array(buffer, matrix, size * size), size, least),
    solve: (factor, size, b) => {
      solve(new Float64Array(buffer, factor, size * size), size, new Float64Array(buffer, b, size));
    },
  };
}

export function factorise(matrix: Float64Array, size: number, least: number): void {
  let floor = 0;
  for (let i = 0; i < size; i++) floor = Math.max(floor, matrix[i * size + i]);
  floor = floor > 0 ? floor * least : 1;
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j < i; j++) {
      matrix[row + j] = (matrix[row + j] - rowProduct(matrix, row, j * size, j)) / matrix[j * size + j];
    }
    matrix[row + i] = Math.sqrt(Math.max(floor, matrix[row + i] - rowProduct(matrix, row, row, i)));
  }
}

/** Sum over k < count of matrix[a + k] matrix[b + k]. */
function rowProduct(matrix: Float64Array, a: number, b: number, count: number): number {
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < count; k += 2) {
    even += matrix[a + k] * matrix[b + k];
    odd += matrix[a + k + 1] * matrix[b + k + 1];
  }
  if (k < count) even += matrix[a + k] * matrix[b + k];
  return even + odd;
}

export function solve(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= factor[i * size + j] * b[j];
    b[i] = sum / factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    b[i] /= factor[i * size + i];
    const x = b[i];
    for (let j = 0; j < i; j++) b[j] -= factor[i * size + j] * x;
  }
}
