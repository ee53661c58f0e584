// What the encoders, and the kernels that settle rows, do with vectors.

/** The greatest number in single precision. */
export const GREATEST_SINGLE: f32 = 3.4028234663852886e38;

/** f64 of two rows. */
// @ts-ignore: decorator
@inline
export function two(values: usize, first: u32, second: u32): v128 {
  return v128.load64_lane(values + (<usize>second << 3), v128.load64_zero(values + (<usize>first << 3)), 1);
}

/** (x - mean) / divisor of four rows, in double precision, rounded to single precision. */
// @ts-ignore: decorator
@inline
export function scaled(low: v128, high: v128, mean: v128, divisor: v128): v128 {
  return singles(f64x2.div(f64x2.sub(low, mean), divisor), f64x2.div(f64x2.sub(high, mean), divisor));
}

/** ((x + centre) - mean) / deviation, rounded to single precision, in the lower two lanes. */
// @ts-ignore: decorator
@inline
export function corrected(x: v128, centre: v128, mean: v128, deviation: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.div(f64x2.sub(f64x2.add(x, centre), mean), deviation));
}

/** Numbers whose distances to a centre are rounded to single precision. */
// @ts-ignore: decorator
@inline
export function rounded(x: v128, centre: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(f64x2.sub(x, centre))), centre);
}

/** Rounded to single precision. */
// @ts-ignore: decorator
@inline
export function singles(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Kept in the range of single precision. */
// @ts-ignore: decorator
@inline
export function finite(z: v128): v128 {
  return f32x4.pmax(f32x4.pmin(z, f32x4.splat(GREATEST_SINGLE)), f32x4.splat(-GREATEST_SINGLE));
}

/**
 * Slots of four rows, 256 bytes each, into their records, 16 bytes at a time.
 *
 *     w0 w1 w2 w3 …      w0 x0 y0 z0
 *     x0 x1 x2 x3 …  →   w1 x1 y1 z1
 */
// @ts-ignore: decorator
@inline
export function writeFour(slot: usize, end: usize, a: usize, b: usize, c: usize, d: usize): void {
  for (; slot < end; slot += 1024) {
    const w = v128.load(slot);
    const x = v128.load(slot, 256);
    const y = v128.load(slot, 512);
    const z = v128.load(slot, 768);
    const wx = v128.shuffle<i32>(w, x, 0, 4, 1, 5);
    const yz = v128.shuffle<i32>(y, z, 0, 4, 1, 5);
    v128.store(a, v128.shuffle<i64>(wx, yz, 0, 2));
    v128.store(b, v128.shuffle<i64>(wx, yz, 1, 3));
    const wx2 = v128.shuffle<i32>(w, x, 2, 6, 3, 7);
    const yz2 = v128.shuffle<i32>(y, z, 2, 6, 3, 7);
    v128.store(c, v128.shuffle<i64>(wx2, yz2, 0, 2));
    v128.store(d, v128.shuffle<i64>(wx2, yz2, 1, 3));
    a += 16;
    b += 16;
    c += 16;
    d += 16;
  }
}
