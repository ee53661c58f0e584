import type { Bytes } from './reference-rows.js';
import type { VectorKernel } from './vector-kernel.js';

/** Long vectors, in plain TypeScript. */
export function vectorKernels(memory: Bytes): VectorKernel {
  const at = (address: number, count: number): Float64Array => new Float64Array(memory.buffer, address, count);
  const dot = (a: Float64Array, b: Float64Array): number => {
    const sums = [0, 0, 0, 0];
    const turns = a.length & ~3;
    for (let i = 0; i < a.length; i++) sums[i < turns ? i % 4 : 0] += a[i] * b[i];
    return sums[0] + sums[1] + (sums[2] + sums[3]);
  };
  return {
    dotVectors: (a, b, count) => dot(at(a, count), at(b, count)),
    addScaledThenDot(a, scale, b, c, count) {
      const [x, y] = [at(a, count), at(b, count)];
      for (let i = 0; i < count; i++) x[i] += scale * y[i];
      return dot(x, at(c, count));
    },
    scaleThenDot(a, scale, b, count) {
      const x = at(a, count);
      for (let i = 0; i < count; i++) x[i] *= scale;
      return dot(x, at(b, count));
    },
    addScaled(result, a, scale, b, count) {
      const [to, x, y] = [at(result, count), at(a, count), at(b, count)];
      for (let i = 0; i < count; i++) to[i] = x[i] + scale * y[i];
    },
    multiplyVectors(result, a, b, count) {
      const [to, x, y] = [at(result, count), at(a, count), at(b, count)];
      for (let i = 0; i < count; i++) to[i] = x[i] * y[i];
    },
    divideVector(result, a, divisor, count) {
      const [to, x] = [at(result, count), at(a, count)];
      for (let i = 0; i < count; i++) to[i] = x[i] / divisor;
    },
    largestSize: (a, count) => at(a, count).reduce((most, x) => Math.max(most, Math.abs(x)), 0),
    takeSums(from, stride, sums, sumStride, count) {
      const f64 = new Float64Array(memory.buffer);
      for (let i = 0; i < count; i++) {
        f64[(sums + i * sumStride) / 8] += f64[(from + i * stride) / 8];
        f64[(from + i * stride) / 8] = 0;
      }
    },
  };
}
