// From margins to probabilities: exp, in double for one value and in single for four.

/** 1.5 * 2^52: adding it leaves the nearest integer in the low bits of the mantissa. */
const ROUND_F64: f64 = 6755399441055744;
/** 1.5 * 2^23, the same for f32. */
const ROUND_F32: f32 = 12582912;
const LOG2_E: f64 = 1.4426950408889634;

/**
 * e^x, relative error below 3e-9; x is clamped to [-700, 700].
 *
 * e^x = 2^n 2^f, n the integer nearest to x log2(e), 2^f by its minimax polynomial of degree 6 (Remez exchange), summed
 * in pairs (Estrin) because the latency of this function is what a short row waits for.
 */
// @ts-ignore: decorator
@inline
export function exp(x: f64): f64 {
  x = x < 700 ? x : 700;
  x = x > -700 ? x : -700;
  const scaled = x * LOG2_E;
  const shifted = scaled + ROUND_F64;
  const f = scaled - (shifted - ROUND_F64);
  const f2 = f * f;
  const low = 1.0000000005541665 + f * 0.69314720573726729 + f2 * (0.24022646890634122 + f * 0.055503287769656205);
  const high = 0.009618488957126619 + f * 0.0013399931219156391 + f2 * 0.00015345811998534185;
  const power = reinterpret<f64>((reinterpret<i64>(shifted) + 1023) << 52);
  return (low + f2 * f2 * high) * power;
}

/**
 * e^x of four lanes, relative error below 2e-7; for x <= 0, smaller than -87 counts as -87 (e^-87 = 1.6e-38).
 *
 * Reduction by ln 2 in two parts and polynomial of Cephes expf (Moshier).
 */
// @ts-ignore: decorator
@inline
export function expLanes(x: v128): v128 {
  x = f32x4.pmax(x, f32x4.splat(-87));
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), f32x4.splat(ROUND_F32));
  const n = f32x4.sub(shifted, f32x4.splat(ROUND_F32));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  x = f32x4.add(x, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = f32x4.add(f32x4.mul(x, f32x4.splat(1.98756915e-4)), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(x, x)), x), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}
