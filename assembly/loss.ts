// Losses, their derivatives by the margin, and the sum of losses over a call.
// The three globals belong to the module instance: every thread has its own.

import { exp, expLanes } from './link';
import { maxLanes, sumLanes } from './vector';

/** Least curvature h of the logistic and softmax losses, so that confident rows still count. */
const LEAST_CURVATURE: f64 = 0.01;

let linear: f64 = 0;
let product: f64 = 1;

/** Begin a new sum: total = linear + log(product), so that most rows need no logarithm. */
// @ts-ignore: decorator
@inline
export function openLosses(): void {
  linear = 0;
  product = 1;
}

// @ts-ignore: decorator
@inline
export function closeLosses(): f64 {
  return linear + Math.log(product);
}

/** Add omega (a + log(b)), b >= 1. */
// @ts-ignore: decorator
@inline
function addLoss(a: f64, b: f64, omega: f64): void {
  if (omega != 1) {
    linear += omega * (a + Math.log(b));
    return;
  }
  linear += a;
  product *= b;
  if (product > 1e200) {
    linear += Math.log(product);
    product = 1;
  }
}

/** Add omega (m - t)^2 / 2. */
// @ts-ignore: decorator
@inline
export function addSquaredLoss(residual: f64, omega: f64): void {
  linear += omega * (0.5 * residual * residual);
}

/**
 * max(a, b), a where one is not a number. A choice between numbers, and f64.max, is a branch in V8, and one between the row's
 * values often guessed wrong.
 */
// @ts-ignore: decorator
@inline
function greater(a: f64, b: f64): f64 {
  return f64x2.extract_lane(f64x2.pmax(f64x2.splat(a), f64x2.splat(b)), 0);
}

/** omega h, h = max(g^2, 1), at most 1e15 so that sums of h x^2 stay finite while |x| <= 1e6. */
// @ts-ignore: decorator
@inline
export function squaredCurvature(residual: f64, omega: f64): f64 {
  return omega * min<f64>(1e15, greater(residual * residual, 1));
}

/**
 * Add omega log(1 + odds), where odds = e^-u and u = y m; u is wanted too because odds of more than e^34 would overflow the
 * product: there the loss is -u to double precision.
 */
// @ts-ignore: decorator
@inline
export function addLogisticLoss(u: f64, odds: f64, omega: f64): void {
  if (u < -34) addLoss(-u, 1, omega);
  else addLoss(0, 1 + odds, omega);
}

/** omega h, h = max(g^2, p (1 - p), 0.01), p = probability of the wrong class = |g|. */
// @ts-ignore: decorator
@inline
export function logisticCurvature(p: f64, omega: f64): f64 {
  return omega * greater(LEAST_CURVATURE, p * greater(p, 1 - p));
}

// @ts-ignore: decorator
@inline
function curvature(g: v128, p: v128): v128 {
  const spread = f32x4.mul(p, f32x4.sub(f32x4.splat(1), p));
  return f32x4.pmax(f32x4.pmax(f32x4.mul(g, g), spread), f32x4.splat(<f32>LEAST_CURVATURE));
}

/**
 * Implicit logistic step: a g, where q = m - s a g solves
 *
 *   q = m + s y sigmoid(-y q)
 *
 * y  -1 or +1, or a multiple: a g is multiplied likewise;  u = y m, y = -1 or +1;  p = sigmoid(-u) = |g|;  s = sum r x^2
 *
 * With d = y q - u the equation reads F(d) = d (1 + X) - s = 0, X = e^(u + d): increasing and convex. Where z = s p <= 1/2,
 * d / z is a rational function of z and z (1 - p), fitted to relative error 1.7e-5 for all p. Otherwise Householder's iteration
 * of third order starts from Halley's step (F1, F2, F3 are the derivatives of F)
 *
 *   d <- d - F (2 F1^2 - F F2) / (2 F1 (F1^2 - F F2) + F^2 F3 / 3)
 *
 * until the change^4, of which the error is some 1 %, is small. Relative error of the result below 3e-5. One iteration is
 * enough while s < 5 or so; extreme input needs some 20.
 *
 * A row of weight omega takes omega s for s; its step is then omega a g.
 *
 * Kulis, Bartlett (2010); Toulis, Airoldi (2017)
 */
// @ts-ignore: decorator
@inline
export function implicitLogistic(y: f64, u: f64, p: f64, s: f64): f64 {
  const z = s * p;
  const b = z * (1 - p);
  if (z > 0.5) return (-y / s) * iterated(u, z, b, s);
  const above = 1 + b * (3.0193980 + 0.85982682 * z + 0.94930377 * b);
  const below = 1 + b * (4.0185340 + z * (1.3663371 + 0.17247626 * z) + b * (2.9733987 + 0.75794293 * z));
  return (-y * p * above) / below;
}

/** Solves F(d) = 0, from Halley's step at d = 0. */
function iterated(u: f64, z: f64, b: f64, s: f64): f64 {
  let d = (z * (1 + b)) / (1 + b * (2 + 0.5 * z));
  if (d > 4) d = boundedStart(d, u, s);
  for (let i = 0; i < 40; i++) {
    const x = exp(u + d);
    const dx = d * x;
    const f = d - s + dx;
    const f1 = 1 + x + dx;
    const f2 = 2 * x + dx;
    const f3 = 3 * x + dx;
    const a = f1 * f1;
    const c = f * f2;
    const change = (f * (2 * a - c)) / (2 * f1 * (a - c) + f * f * f3 * (1.0 / 3.0));
    d -= change;
    const square = change * change;
    if (square * square <= 1e-3 * d) break;
  }
  return d;
}

/** The root lies below max(0, -u) + log(1 + s). */
function boundedStart(d: f64, u: f64, s: f64): f64 {
  const bound = (u < 0 ? -u : 0) + Math.log(1 + s);
  return d < bound ? d : bound;
}

/**
 * Softmax of the margins of one row of weight omega, its gradient and curvature, in place of the margins.
 *
 *   p = e^(m - max) / sum      g = p - [k = class]      h = max(g^2, p (1 - p), 0.01)
 *
 * margins  f32[paddedOutputs]  replaced by omega g; classes from `outputs` on get g = h = 0
 * curvatures  f32[paddedOutputs]  omega h, written
 *
 * Adds the loss, omega times log(sum) + max - m_class, to the running sum.
 */
export function softmax(margins: usize, curvatures: usize, outputs: i32, label: i32, omega: f32): void {
  const end = margins + ((<usize>outputs) << 2);
  const lanes = i32x4(0, 1, 2, 3);
  let top = f32x4.splat(-Infinity);
  let k = 0;
  for (let at = margins; at < end; at += 16, k += 4) {
    const real = i32x4.lt_s(i32x4.add(lanes, i32x4.splat(k)), i32x4.splat(outputs));
    top = f32x4.pmax(top, v128.bitselect(v128.load(at), f32x4.splat(-Infinity), real));
  }
  const most = maxLanes(top);
  const chosen = load<f32>(margins + ((<usize>label) << 2));

  let sums = f32x4.splat(0);
  k = 0;
  for (let at = margins; at < end; at += 16, k += 4) {
    const real = i32x4.lt_s(i32x4.add(lanes, i32x4.splat(k)), i32x4.splat(outputs));
    const e = v128.and(expLanes(f32x4.sub(v128.load(at), f32x4.splat(most))), real);
    sums = f32x4.add(sums, e);
    v128.store(at, e);
  }
  const sum = sumLanes(sums);
  addLoss(<f64>most - <f64>chosen, <f64>sum, <f64>omega);

  const inverse = f32x4.splat(1 / sum);
  const omegas = f32x4.splat(omega);
  k = 0;
  for (let at = margins; at < end; at += 16, curvatures += 16, k += 4) {
    const lane = i32x4.add(lanes, i32x4.splat(k));
    const real = i32x4.lt_s(lane, i32x4.splat(outputs));
    const one = f32x4.splat(1);
    const p = f32x4.mul(v128.load(at), inverse);
    const g = f32x4.sub(p, v128.and(i32x4.eq(lane, i32x4.splat(label)), one));
    v128.store(at, f32x4.mul(omegas, g));
    v128.store(curvatures, v128.and(f32x4.mul(omegas, curvature(g, p)), real));
  }
}
