/**
 * Arithmetic on vectors as long as the weights of a model, f64[count] each, in kernel memory; addresses are multiples of 8.
 *
 * Sums are taken in four sums side by side, element i in sum i % 4, those behind the last whole four in sum 0, and these as (s0 + s1) + (s2 + s3).
 */
export interface VectorKernel {
  /** sum a b */
  dotVectors(a: number, b: number, count: number): number;

  /** a += scale b, in place; returns sum a c. */
  addScaledThenDot(a: number, scale: number, b: number, c: number, count: number): number;

  /** a *= scale, in place; returns sum a b. */
  scaleThenDot(a: number, scale: number, b: number, count: number): number;

  /** result = a + scale b; the result may be one of them. */
  addScaled(result: number, a: number, scale: number, b: number, count: number): void;

  /** result = a b, element by element; the result may be one of them. */
  multiplyVectors(result: number, a: number, b: number, count: number): void;

  /** result = a / divisor; the result may be a. */
  divideVector(result: number, a: number, divisor: number, count: number): void;

  /** The largest absolute element; NaN if one is. */
  largestSize(a: number, count: number): number;

  /**
   * sums += from; from = 0
   *
   * @param stride bytes from one number to the next, multiple of 8; `sumStride` likewise
   */
  takeSums(from: number, stride: number, sums: number, sumStride: number, count: number): void;
}
