// What shards of the rows have learned from common weights; see src/training/merge.ts.

/** Gain in curvature, relative to the curvature, that single precision may have swallowed. */
const SWALLOWED: f64 = 1.0 / 16777216.0;

/**
 * Add what a shard has learned about the weights of an output, for each feature with gain G, the growth of S:
 *
 *   merged += (G, (P + G) (w_p - w0), (P + G) (mean of w over the steps - w0))
 *
 * base, shard    f32 w, `stride` bytes from one feature to the next; S stands `toCurvature` bytes behind w
 * count          features
 * sums           f64 of each feature, `sumStride` bytes from one to the next: sum of w over the steps of the shard
 * precision      P, of the prior, >= 0
 * merged         f64[3] of each feature, 3 sumStride bytes from one to the next
 */
export function mergeShard(
  base: usize,
  shard: usize,
  stride: usize,
  toCurvature: usize,
  count: i32,
  sums: usize,
  sumStride: usize,
  steps: f64,
  precision: f64,
  merged: usize,
): void {
  for (; count > 0; count--, base += stride, shard += stride, sums += sumStride, merged += 3 * sumStride) {
    const w = <f64>load<f32>(base);
    const S = <f64>load<f32>(base + toCurvature);
    const move = <f64>load<f32>(shard) - w;
    let gain = <f64>load<f32>(shard + toCurvature) - S;
    if (gain == 0 && move != 0) gain = S * SWALLOWED;
    if (gain == 0) continue;
    store<f64>(merged, load<f64>(merged) + gain);
    const weight = precision + gain;
    store<f64>(merged, load<f64>(merged, 8) + weight * move, 8);
    store<f64>(merged, load<f64>(merged, 16) + weight * (load<f64>(sums) / steps - w), 16);
  }
}
