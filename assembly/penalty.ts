// L1 and L2 regularisation, paid only when a feature is met.

/** soft(v, a) = sign(v) max(|v| - a, 0), never -0. */
// @ts-ignore: decorator
@inline
export function soften(v: v128, a: v128): v128 {
  const zero = f32x4.splat(0);
  const sign = f32x4.splat(-0.0);
  const excess = f32x4.pmax(zero, f32x4.sub(v128.andnot(v, sign), a));
  return f32x4.add(v128.or(excess, v128.and(v, sign)), zero);
}

/**
 * Lazy proximal step on four weights: soft(v / (1 + r l2 c), r l1 c).
 *
 * r  the rates of the four weights;  c  rows / rows that contain the feature, 0 = not penalised
 *
 * Langford, Li, Zhang (2009); Duchi, Singer (2009)
 */
// @ts-ignore: decorator
@inline
export function penalise(hasL1: bool, v: v128, r: v128, c: v128, l1: v128, l2: v128): v128 {
  const one = f32x4.splat(1);
  const rc = f32x4.mul(r, c);
  v = f32x4.mul(v, f32x4.div(one, f32x4.add(one, f32x4.mul(rc, l2))));
  return hasL1 ? soften(v, f32x4.mul(rc, l1)) : v;
}
