// The sweeps of a dense row, one output. c, w, S, D, q, b, limits are arrays of `width` floats, width a multiple of 16.
//
// One sweep does the update of a row and looks at the next one: its margin under the new weights, and what its implicit step
// needs. The arithmetic is that of plain sequential SGD. Neither root nor quotient is on the way:
//
//   q = r / sqrt(2) = 1 / sqrt(2 (4 + S)) is kept beside S; when S has grown a little, a step of Newton's method makes it right,
//
//     q <- q (1.5 - (4 + S) q^2)
//
//   with a relative error of 3/8 d^2, d = h x^2 r^2, which the next step squares again.
//
//   s = sum x^2 / sqrt(4 + S + h x^2) is wanted before S has grown, and h is not known before the margin is:
//
//     s = sum r x^2 - h/2 sum r^3 x^4, of relative error 3/8 d^2 at most
//
// A row for which d may exceed `MOST_CHANGE` has a sweep of its own for S, q and s, with roots and quotients (`curve`).
//
// The loops test at the end: V8 moves what is constant out of such loops only.

import { soften } from './penalty';
import { addLanes, maxLanes, sumLanes } from './vector';

/** Most relative change of 4 + S by one row that Newton's step is left to: q and s are right to 1e-4, and q again at once. */
const MOST_CHANGE: f32 = 0.015625;
/** Relative error of 2 (4 + S) q^2 from which q is not taken to belong to S; Newton's step leaves up to a fifth of it. */
const STALE: f32 = 0.0009765625;
/** Most r b for which the quotient by 1 + r b is left out: it would change a step by less than 8e-6 of it. */
const MOST_DECAY: f32 = 0.00000762939453125;
export const SQRT2: f64 = 1.4142135623730951;

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

/** q = 1 / sqrt(2 (4 + S)), of all features or of those whose q does not belong to their S. */
export function refreshRates(all: bool, S: usize, q: usize, width: i32): void {
  const one = f32x4.splat(1);
  const stale = f32x4.splat(STALE);
  for (const end = S + ((<usize>width) << 2); S < end; S += 16, q += 16) {
    const a = doubled(v128.load(S));
    const kept = v128.load(q);
    const error = f32x4.abs(f32x4.sub(one, f32x4.mul(a, f32x4.mul(kept, kept))));
    const valid = all ? i32x4.splat(0) : f32x4.lt(error, stale);
    v128.store(q, v128.bitselect(kept, f32x4.div(one, f32x4.sqrt(a)), valid));
  }
}

/** 2 (4 + S) */
// @ts-ignore: decorator
@inline
function doubled(S: v128): v128 {
  const a = f32x4.add(S, f32x4.splat(4));
  return f32x4.add(a, a);
}

/**
 * What the step of row x needs before its curvature is known; x has not been added to S.
 *
 * @param largest f32[4], written: the largest q^2 x^2 of each lane
 * @returns w . x, sum q x^2, sum q^3 x^4, 0: s = sqrt(2) (sum q x^2 - h sum q^3 x^4)
 */
export function look(x: usize, w: usize, q: usize, width: i32, largest: usize): v128 {
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
    margin = f32x4.add(margin, f32x4.mul(v128.load(w), value));
    s = f32x4.add(s, share);
    bend = f32x4.add(bend, f32x4.mul(share, square));
    most = f32x4.pmax(most, square);
    x += 16;
    w += 16;
    q += 16;
  } while (x < end);
  v128.store(largest, most);
  return addLanes(margin, s, bend, f32x4.splat(0));
}

/** Whether h changes some 4 + S too much for Newton's step: d = h r^2 x^2 = 2 h q^2 x^2. */
// @ts-ignore: decorator
@inline
export function changesMuch(h: v128, largest: usize): bool {
  return v128.any_true(f32x4.gt(f32x4.mul(h, v128.load(largest)), f32x4.splat(<f32>0.5 * MOST_CHANGE)));
}

/** S += h x^2; returns 4 + S. */
// @ts-ignore: decorator
@inline
function grow(h: v128, x: usize, S: usize): v128 {
  const value = v128.load(x);
  const grown = f32x4.add(v128.load(S), f32x4.mul(h, f32x4.mul(value, value)));
  v128.store(S, grown);
  return f32x4.add(grown, f32x4.splat(4));
}

/** q = 1 / sqrt(2 a); returns q x^2. */
// @ts-ignore: decorator
@inline
function settle(a: v128, x: usize, q: usize): v128 {
  const value = v128.load(x);
  const rate = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(a, a)));
  v128.store(q, rate);
  return f32x4.mul(rate, f32x4.mul(value, value));
}

/**
 * S += h x^2 and q = 1 / sqrt(2 (4 + S)).
 *
 * @returns sum q x^2
 */
export function curve(h: f32, x: usize, S: usize, q: usize, width: i32): f32 {
  const hs = f32x4.splat(h);
  let sum = f32x4.splat(0);
  const end = x + ((<usize>width) << 2);
  do {
    const a0 = grow(hs, x, S);
    const a1 = grow(hs, x + 16, S + 16);
    const a2 = grow(hs, x + 32, S + 32);
    const a3 = grow(hs, x + 48, S + 48);
    const s0 = settle(a0, x, q);
    const s1 = settle(a1, x + 16, q + 16);
    const s2 = settle(a2, x + 32, q + 32);
    const s3 = settle(a3, x + 48, q + 48);
    sum = f32x4.add(sum, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    x += 64;
    S += 64;
    q += 64;
  } while (x < end);
  return sumLanes(sum);
}

/** q of 4 + S = a. */
// @ts-ignore: decorator
@inline
function follow(a: v128, q: usize): v128 {
  const old = v128.load(q);
  const rate = f32x4.mul(old, f32x4.sub(f32x4.splat(1.5), f32x4.mul(a, f32x4.mul(old, old))));
  v128.store(q, rate);
  return rate;
}

/**
 * w -> soft((w - a g r x) / (1 + r l2 c), r l1 c), D += (t - 1) times the change; returns w.
 *
 * @param step sqrt(2) a g
 */
// @ts-ignore: decorator
@inline
function move(
  exact: bool,
  hasL1: bool,
  step: v128,
  t1: v128,
  features: usize,
  rate: v128,
  w: usize,
  D: usize,
  b: usize,
  limit: usize,
): v128 {
  const x = v128.load(features);
  const old = v128.load(w);
  let penalty = v128.load(b);
  const present = exact ? f32x4.ne(x, f32x4.splat(0)) : f32x4.splat(0);
  if (exact) penalty = v128.and(penalty, present);
  let change = f32x4.mul(rate, f32x4.add(f32x4.mul(step, x), f32x4.mul(penalty, old)));
  if (exact) change = f32x4.div(change, f32x4.add(f32x4.splat(1), f32x4.mul(rate, penalty)));
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
 * The update of row x, and `look` at row `next`.
 *
 *   (w - a g r x) / (1 + r b) = w - r (a g x + b w) / (1 + r b)
 *
 * @param exact divide by 1 + r b, and leave alone what row x lacks
 * @param h omega h of row x in all lanes, 0 when `curve` has seen to it
 * @param step sqrt(2) a g, times the weight of the row
 * @param t1 t - 1
 */
// @ts-ignore: decorator
@inline
export function updateThenLook(
  exact: bool,
  hasL1: bool,
  h: v128,
  step: f32,
  t1: f32,
  x: usize,
  next: usize,
  w: usize,
  b: usize,
  limits: usize,
  q: usize,
  width: i32,
  largest: usize,
): v128 {
  const bytes = (<usize>width) << 2;
  const steps = f32x4.splat(step);
  const t1s = f32x4.splat(t1);
  let S = w + bytes;
  let D = S + bytes;
  let margin = f32x4.splat(0);
  let s = f32x4.splat(0);
  let bend = f32x4.splat(0);
  let most = f32x4.splat(0);
  const end = w + bytes;
  do {
    const a0 = grow(h, x, S);
    const a1 = grow(h, x + 16, S + 16);
    const a2 = grow(h, x + 32, S + 32);
    const a3 = grow(h, x + 48, S + 48);
    const q0 = follow(a0, q);
    const q1 = follow(a1, q + 16);
    const q2 = follow(a2, q + 32);
    const q3 = follow(a3, q + 48);
    const w0 = move(exact, hasL1, steps, t1s, x, q0, w, D, b, limits);
    const n0 = v128.load(next);
    const qn0 = f32x4.mul(q0, n0);
    const share0 = f32x4.mul(qn0, n0);
    const square0 = f32x4.mul(qn0, qn0);
    margin = f32x4.add(margin, f32x4.mul(w0, n0));
    s = f32x4.add(s, share0);
    bend = f32x4.add(bend, f32x4.mul(share0, square0));
    most = f32x4.pmax(most, square0);
    const w1 = move(exact, hasL1, steps, t1s, x + 16, q1, w + 16, D + 16, b + 16, limits + 16);
    const n1 = v128.load(next, 16);
    const qn1 = f32x4.mul(q1, n1);
    const share1 = f32x4.mul(qn1, n1);
    const square1 = f32x4.mul(qn1, qn1);
    margin = f32x4.add(margin, f32x4.mul(w1, n1));
    s = f32x4.add(s, share1);
    bend = f32x4.add(bend, f32x4.mul(share1, square1));
    most = f32x4.pmax(most, square1);
    const w2 = move(exact, hasL1, steps, t1s, x + 32, q2, w + 32, D + 32, b + 32, limits + 32);
    const n2 = v128.load(next, 32);
    const qn2 = f32x4.mul(q2, n2);
    const share2 = f32x4.mul(qn2, n2);
    const square2 = f32x4.mul(qn2, qn2);
    margin = f32x4.add(margin, f32x4.mul(w2, n2));
    s = f32x4.add(s, share2);
    bend = f32x4.add(bend, f32x4.mul(share2, square2));
    most = f32x4.pmax(most, square2);
    const w3 = move(exact, hasL1, steps, t1s, x + 48, q3, w + 48, D + 48, b + 48, limits + 48);
    const n3 = v128.load(next, 48);
    const qn3 = f32x4.mul(q3, n3);
    const share3 = f32x4.mul(qn3, n3);
    const square3 = f32x4.mul(qn3, qn3);
    margin = f32x4.add(margin, f32x4.mul(w3, n3));
    s = f32x4.add(s, share3);
    bend = f32x4.add(bend, f32x4.mul(share3, square3));
    most = f32x4.pmax(most, square3);
    x += 64;
    next += 64;
    w += 64;
    S += 64;
    D += 64;
    q += 64;
    b += 64;
    if (hasL1) limits += 64;
  } while (w < end);
  v128.store(largest, most);
  return addLanes(margin, s, bend, f32x4.splat(0));
}
