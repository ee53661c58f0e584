// The sweeps of a dense row, one output. c, w, S, D, q, p, b, limits are arrays of `width` floats, width a multiple of 8.
//
// One sweep does the update of a row and looks at the next one: its margin under the new weights, and what its implicit step
// needs. The arithmetic is that of plain sequential SGD. Neither root nor quotient is on the way, and of the state only w, D and
//
//   q = r / sqrt(2) = 1 / sqrt(2 (4 + S))      p = q x of the row that is updated next
//
// S is known from q at the end of a call. When S grows by h x^2, q becomes q / sqrt(1 + 2 e), e = h q^2 x^2 = h p^2:
//
//   q <- q (1 - e + 3/2 e^2) = q (1 - u (sqrt(2/3) - u)), u = sqrt(3/2) e      of relative error 5/2 e^3
//
//   s = sum x^2 / sqrt(4 + S + h x^2) is wanted before S has grown, and h is not known before the margin is:
//
//     s = sum r x^2 - h/2 sum r^3 x^4, of relative error 3/2 e^2 at most
//
// A row for which e may exceed `MOST_CHANGE` has a sweep of its own for q, p and s, with roots and quotients (`curve`).
//
// The loops test at the end: V8 moves what is constant out of such loops only.

import { soften } from './penalty';
import { addLanes, maxLanes, sumLanes } from './vector';

/** Most relative change of q by one row that the series is left to: q is right to 1.2e-6, and s to 1e-4. */
const MOST_CHANGE: f32 = 0.0078125;
/** Most r b for which the quotient by 1 + r b is left out: it would change a step by less than 8e-6 of it. */
const MOST_DECAY: f32 = 0.00000762939453125;
/** Steps after which slight L2 penalties are applied, for as many steps together: 5e-4 of a weight at most. */
const FADE_STEPS: u32 = 64;
export const SQRT2: f64 = 1.4142135623730951;
const SQRT_3_2: f32 = 1.224744871391589;
const SQRT_2_3: f32 = 0.816496580927726;

/**
 * b = sqrt(2) l2 c, limits = sqrt(2) l1 c, so that q b = r l2 c.
 *
 * @returns whether steps must be divided by 1 + r b, or some row may lack a feature that is penalised
 */
export function weighPenalties(c: usize, l1: f64, l2: f64, b: usize, limits: usize, width: i32): bool {
  const l1s = f32x4.splat(<f32>(SQRT2 * l1));
  const l2s = f32x4.splat(<f32>(SQRT2 * l2));
  let most = f32x4.splat(0);
  for (const end = c + ((<usize>width) << 2); c < end; c += 16, b += 16, limits += 16) {
    const share = v128.load(c);
    most = f32x4.pmax(most, share);
    v128.store(b, f32x4.mul(l2s, share));
    v128.store(limits, f32x4.mul(l1s, share));
  }
  const largest = maxLanes(most);
  return largest > 1 || <f32>0.5 * <f32>l2 * largest > MOST_DECAY;
}

/** q = 1 / sqrt(2 (4 + S)) of the lower two lanes of S. In double precision, so that q, S = `curvatures(q)`, q gives the same q. */
// @ts-ignore: decorator
@inline
function rates(S: v128): v128 {
  const a = f64x2.add(f64x2.promote_low_f32x4(S), f64x2.splat(4));
  return f32x4.demote_f64x2_zero(f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(a, a))));
}

/** S = 1 / (2 q^2) - 4 of the lower two lanes of q. */
// @ts-ignore: decorator
@inline
function curvatures(q: v128): v128 {
  const rate = f64x2.promote_low_f32x4(q);
  return f32x4.demote_f64x2_zero(f64x2.sub(f64x2.div(f64x2.splat(0.5), f64x2.mul(rate, rate)), f64x2.splat(4)));
}

/** q of all S. */
export function openRates(S: usize, q: usize, width: i32): void {
  for (const end = S + ((<usize>width) << 2); S < end; S += 8, q += 8) {
    v128.store64_lane(q, rates(v128.load64_zero(S)), 0);
  }
}

/** S of all q that have changed since `openRates`. */
export function closeRates(S: usize, q: usize, width: i32): void {
  for (const end = S + ((<usize>width) << 2); S < end; S += 8, q += 8) {
    const old = v128.load64_zero(S);
    const rate = v128.load64_zero(q);
    v128.store64_lane(S, v128.bitselect(old, curvatures(rate), f32x4.eq(rate, rates(old))), 0);
  }
}

/**
 * What the step of row x needs before its curvature is known.
 *
 * @param p written
 * @param largest f32[4], written: the largest p^2 of each lane
 * @returns w . x, sum q x^2, sum q^3 x^4, 0: s = sqrt(2) (sum q x^2 - h sum q^3 x^4)
 */
export function look(x: usize, w: usize, q: usize, p: usize, width: i32, largest: usize): v128 {
  let margin = f32x4.splat(0);
  let s = f32x4.splat(0);
  let bend = f32x4.splat(0);
  let most = f32x4.splat(0);
  const end = x + ((<usize>width) << 2);
  do {
    const value = v128.load(x);
    const qx = f32x4.mul(v128.load(q), value);
    const share = f32x4.mul(qx, value);
    const square = f32x4.mul(qx, qx);
    v128.store(p, qx);
    margin = f32x4.add(margin, f32x4.mul(v128.load(w), value));
    s = f32x4.add(s, share);
    bend = f32x4.add(bend, f32x4.mul(share, square));
    most = f32x4.pmax(most, square);
    x += 16;
    w += 16;
    q += 16;
    p += 16;
  } while (x < end);
  v128.store(largest, most);
  return addLanes(margin, s, bend, f32x4.splat(0));
}

/** Whether h changes some q too much for the series. */
// @ts-ignore: decorator
@inline
export function changesMuch(h: v128, largest: usize): bool {
  return v128.any_true(f32x4.gt(f32x4.mul(h, v128.load(largest)), f32x4.splat(MOST_CHANGE)));
}

/**
 * q and p of row x, to which h belongs, by root and quotient.
 *
 * @returns sum q x^2
 */
export function curve(h: f32, x: usize, q: usize, p: usize, width: i32): f32 {
  const twice = f32x4.splat(h + h);
  const one = f32x4.splat(1);
  let sum = f32x4.splat(0);
  const end = x + ((<usize>width) << 2);
  do {
    const old = v128.load(p);
    const factor = f32x4.div(one, f32x4.sqrt(f32x4.add(one, f32x4.mul(twice, f32x4.mul(old, old)))));
    const qx = f32x4.mul(old, factor);
    v128.store(q, f32x4.mul(v128.load(q), factor));
    v128.store(p, qx);
    sum = f32x4.add(sum, f32x4.mul(qx, v128.load(x)));
    x += 16;
    q += 16;
    p += 16;
  } while (x < end);
  return sumLanes(sum);
}

/** Whether a step is one before which slight penalties are applied. */
// @ts-ignore: decorator
@inline
export function fades(step: u32): bool {
  return step % FADE_STEPS == 0;
}

/** w <- w (1 - r l2 c) as often as there are steps between those that `fades`; D += (t - 1) times the change. */
export function fade(t1: f32, w: usize, D: usize, b: usize, q: usize, width: i32): void {
  const steps = f32x4.splat(<f32>FADE_STEPS);
  const t1s = f32x4.splat(t1);
  for (const end = w + ((<usize>width) << 2); w < end; w += 16, D += 16, b += 16, q += 16) {
    const old = v128.load(w);
    const change = f32x4.mul(f32x4.mul(steps, old), f32x4.mul(v128.load(q), v128.load(b)));
    v128.store(w, f32x4.sub(old, change));
    v128.store(D, f32x4.sub(v128.load(D), f32x4.mul(t1s, change)));
  }
}

/**
 * w -> soft((w - step) / (1 + r l2 c), r l1 c), D += (t - 1) times the change; returns w.
 *
 *   (w - step) / (1 + r l2 c) = w - (step + r l2 c w) / (1 + r l2 c)
 *
 * @param exact apply the L2 penalty, to what the row contains: where p is not 0
 * @param step a g r x
 */
// @ts-ignore: decorator
@inline
function move(
  exact: bool,
  hasL1: bool,
  p: v128,
  step: v128,
  t1: v128,
  rate: v128,
  w: usize,
  D: usize,
  b: usize,
  limit: usize,
): v128 {
  const old = v128.load(w);
  let change = step;
  const present = exact ? f32x4.ne(p, f32x4.splat(0)) : f32x4.splat(0);
  if (exact) {
    const decay = f32x4.mul(rate, v128.and(v128.load(b), present));
    change = f32x4.div(f32x4.add(change, f32x4.mul(decay, old)), f32x4.add(f32x4.splat(1), decay));
  }
  let weight = f32x4.sub(old, change);
  if (hasL1) {
    weight = soften(weight, f32x4.mul(rate, v128.and(v128.load(limit), present)));
    change = f32x4.sub(old, weight);
  }
  v128.store(w, weight);
  v128.store(D, f32x4.sub(v128.load(D), f32x4.mul(t1, change)));
  return weight;
}

/**
 * The update of the row that p belongs to, and `look` at row `next`.
 *
 * @param exact apply L2 penalties at each step and divide by 1 + r b, and leave alone what the row lacks; otherwise see `fade`
 * @param h omega h of the row in all lanes, 0 when `curve` has seen to it
 * @param step sqrt(2) a g, times the weight of the row
 * @param t1 t - 1
 * @param D from w on, two widths further
 */
// @ts-ignore: decorator
@inline
export function updateThenLook(
  exact: bool,
  hasL1: bool,
  h: v128,
  step: f32,
  t1: f32,
  next: usize,
  w: usize,
  b: usize,
  limits: usize,
  q: usize,
  p: usize,
  width: i32,
  largest: usize,
): v128 {
  const bytes = (<usize>width) << 2;
  const one = f32x4.splat(1);
  const middle = f32x4.splat(SQRT_2_3);
  const us = f32x4.mul(h, f32x4.splat(SQRT_3_2));
  const steps = f32x4.splat(step);
  const t1s = f32x4.splat(t1);
  let D = w + 2 * bytes;
  let margin = f32x4.splat(0);
  let s = f32x4.splat(0);
  let bend = f32x4.splat(0);
  let most = f32x4.splat(0);
  const end = w + bytes;
  do {
    const p0 = v128.load(p);
    const u0 = f32x4.mul(us, f32x4.mul(p0, p0));
    const factor0 = f32x4.sub(one, f32x4.mul(u0, f32x4.sub(middle, u0)));
    const q0 = f32x4.mul(v128.load(q), factor0);
    v128.store(q, q0);
    const w0 = move(exact, hasL1, p0, f32x4.mul(f32x4.mul(steps, p0), factor0), t1s, q0, w, D, b, limits);
    const n0 = v128.load(next);
    const qn0 = f32x4.mul(q0, n0);
    const share0 = f32x4.mul(qn0, n0);
    const square0 = f32x4.mul(qn0, qn0);
    v128.store(p, qn0);
    margin = f32x4.add(margin, f32x4.mul(w0, n0));
    s = f32x4.add(s, share0);
    bend = f32x4.add(bend, f32x4.mul(share0, square0));
    most = f32x4.pmax(most, square0);
    const p1 = v128.load(p, 16);
    const u1 = f32x4.mul(us, f32x4.mul(p1, p1));
    const factor1 = f32x4.sub(one, f32x4.mul(u1, f32x4.sub(middle, u1)));
    const q1 = f32x4.mul(v128.load(q, 16), factor1);
    v128.store(q, q1, 16);
    const w1 = move(exact, hasL1, p1, f32x4.mul(f32x4.mul(steps, p1), factor1), t1s, q1, w + 16, D + 16, b + 16, limits + 16);
    const n1 = v128.load(next, 16);
    const qn1 = f32x4.mul(q1, n1);
    const share1 = f32x4.mul(qn1, n1);
    const square1 = f32x4.mul(qn1, qn1);
    v128.store(p, qn1, 16);
    margin = f32x4.add(margin, f32x4.mul(w1, n1));
    s = f32x4.add(s, share1);
    bend = f32x4.add(bend, f32x4.mul(share1, square1));
    most = f32x4.pmax(most, square1);
    next += 32;
    w += 32;
    D += 32;
    q += 32;
    p += 32;
    if (exact) b += 32;
    if (hasL1) limits += 32;
  } while (w < end);
  v128.store(largest, most);
  return addLanes(margin, s, bend, f32x4.splat(0));
}
