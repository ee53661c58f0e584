// exp in double precision, two values at a time, and running sums of losses: stage 2 goes on until F no longer changes in its
// last digits.

/** 1.5 * 2^52: adding it leaves the nearest integer in the low bits of the mantissa. */
const ROUND: f64 = 6755399441055744;
const LOG2_E: f64 = 1.4426950408889634;
/** ln 2 in two parts, the first with 32 zero bits at its end (fdlibm). */
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/**
 * e^x of two lanes, relative error below 3e-16, for x <= 0; smaller than -708 counts as -708.
 *
 * e^x = 2^n e^r, |r| <= ln(2) / 2, e^r = 1 + r + r^2 q(r), q of degree 9 by Chebyshev economisation (error 2e-17), summed in
 * pairs (Estrin).
 */
// @ts-ignore: decorator
@inline
export function expPair(x: v128): v128 {
  x = f64x2.pmax(x, f64x2.splat(-708));
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(ROUND));
  const n = f64x2.sub(shifted, f64x2.splat(ROUND));
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(n, f64x2.splat(LN2_HIGH))),
    f64x2.mul(n, f64x2.splat(LN2_LOW)),
  );
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const q0 = line(0.5000000000000001, 0.1666666666666667, r);
  const q2 = line(0.04166666666662415, 0.00833333333332614, r);
  const q4 = line(0.0013888888917201732, 0.00019841269874805898, r);
  const q6 = line(2.480152131499479e-5, 2.7557255419156705e-6, r);
  const q8 = line(2.7620079240013075e-7, 2.5105209030726063e-8, r);
  const low = f64x2.add(q0, f64x2.mul(q2, r2));
  const high = f64x2.add(f64x2.add(q4, f64x2.mul(q6, r2)), f64x2.mul(q8, r4));
  const q = f64x2.add(low, f64x2.mul(high, r4));
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
  return f64x2.mul(f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(r2, q))), power);
}

/** a + b r */
// @ts-ignore: decorator
@inline
function line(a: f64, b: f64, r: v128): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(f64x2.splat(b), r));
}

/** The running loss is linear + log(product): most rows need no logarithm. */
let linear: f64 = 0;
let product: f64 = 1;

/** Go on with the running loss f64[2] at `scratch`. */
// @ts-ignore: decorator
@inline
export function resumeLoss(scratch: usize): void {
  linear = load<f64>(scratch);
  product = load<f64>(scratch, 8);
}

// @ts-ignore: decorator
@inline
export function keepLoss(scratch: usize): void {
  store<f64>(scratch, linear);
  store<f64>(scratch, product, 8);
}

/** Add omega (a + log(b)), 1 <= b < 1e6. */
// @ts-ignore: decorator
@inline
export function addLoss(a: f64, b: f64, omega: f64): void {
  if (omega != 1) {
    addWeightedLoss(a, b, omega);
    return;
  }
  linear += a;
  product *= b;
  if (product > 1e200) settle();
}

function addWeightedLoss(a: f64, b: f64, omega: f64): void {
  if (omega != 0) linear += omega * (a + Math.log(b));
}

function settle(): void {
  linear += Math.log(product);
  product = 1;
}

export function lossSum(scratch: usize): f64 {
  return load<f64>(scratch) + Math.log(load<f64>(scratch, 8));
}
