import type { Kernel } from './kernel.js';
import type { Bytes } from './reference-rows.js';

/** Gain in curvature, relative to the curvature, that single precision may have swallowed. */
const SWALLOWED = 2 ** -24;

/** What shards of the rows have learned from common weights. */
export function mergeKernel(memory: Bytes): Pick<Kernel, 'mergeShard'> {
  return {
    mergeShard(base, shard, stride, toCurvature, count, sums, sumStride, steps, precision, merged) {
      const f32 = new Float32Array(memory.buffer);
      const f64 = new Float64Array(memory.buffer);
      for (let i = 0; i < count; i++) {
        const [w, trained] = [base, shard].map((first) => (first + i * stride) / 4);
        const S = f32[w + toCurvature / 4];
        const move = f32[trained] - f32[w];
        const growth = f32[trained + toCurvature / 4] - S;
        const gain = growth === 0 && move !== 0 ? S * SWALLOWED : growth;
        if (gain === 0) continue;
        const mean = f64[(sums + i * sumStride) / 8] / steps;
        const at = (merged + 3 * i * sumStride) / 8;
        f64[at] += gain;
        f64[at + 1] += (precision + gain) * move;
        f64[at + 2] += (precision + gain) * (mean - f32[w]);
      }
    },
  };
}
