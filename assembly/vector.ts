// Four f32 lanes at a time. Lane order is fixed everywhere, no fused multiply-add: same bits on every machine.

/** lanes 0..3 of a sum: (a0 + a2) + (a1 + a3). */
// @ts-ignore: decorator
@inline
export function sumLanes(a: v128): f32 {
  a = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1);
}

/** The sums of the lanes of four vectors, each (a0 + a2) + (a1 + a3). */
// @ts-ignore: decorator
@inline
export function addLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(zipLow(a, b), zipHigh(a, b));
  const cd = f32x4.add(zipLow(c, d), zipHigh(c, d));
  return f32x4.add(lowHalves(ab, cd), highHalves(ab, cd));
}

/** The greatest of the four lanes. */
// @ts-ignore: decorator
@inline
export function maxLanes(a: v128): f32 {
  a = f32x4.pmax(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  a = f32x4.pmax(a, v128.shuffle<f32>(a, a, 1, 0, 3, 2));
  return f32x4.extract_lane(a, 0);
}

/** a0 b0 a1 b1 */
// @ts-ignore: decorator
@inline
export function zipLow(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}

/** a2 b2 a3 b3 */
// @ts-ignore: decorator
@inline
export function zipHigh(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}

/** a0 a1 b0 b1 */
// @ts-ignore: decorator
@inline
export function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 0, 2);
}

/** a2 a3 b2 b3 */
// @ts-ignore: decorator
@inline
export function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 1, 3);
}
