// The two sweeps of a dense row, one output. c, w, S, D, fade, move, limit are arrays of `width` floats, width a multiple
// of 16.
//
// The update of a row and the margin of the next one share a sweep, so a row costs two sweeps instead of three; the
// arithmetic is that of plain sequential SGD. The loops test at the end: V8 moves what is constant out of such loops only.

import { soften } from './penalty';
import { sumLanes } from './vector';

/** The sum of four products, the vectors added in pairs. */
// @ts-ignore: decorator
@inline
function addAll(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

/** w . x */
export function dot(w: usize, x: usize, width: i32): f32 {
  let sum = f32x4.splat(0);
  const end = w + ((<usize>width) << 2);
  do {
    const p0 = f32x4.mul(v128.load(w), v128.load(x));
    const p1 = f32x4.mul(v128.load(w, 16), v128.load(x, 16));
    const p2 = f32x4.mul(v128.load(w, 32), v128.load(x, 32));
    const p3 = f32x4.mul(v128.load(w, 48), v128.load(x, 48));
    sum = f32x4.add(sum, addAll(p0, p1, p2, p3));
    w += 64;
    x += 64;
  } while (w < end);
  return sumLanes(sum);
}

/** S += h x^2; returns 4 + S. */
// @ts-ignore: decorator
@inline
function grow(h: v128, x: v128, S: usize): v128 {
  const sum = f32x4.add(v128.load(S), f32x4.mul(h, f32x4.mul(x, x)));
  v128.store(S, sum);
  return f32x4.add(sum, f32x4.splat(4));
}

/** Writes fade, move and limit (see `curve`), a = q^2; returns r x^2. */
// @ts-ignore: decorator
@inline
function settle(
  hasL1: bool,
  x: v128,
  a: v128,
  q: v128,
  l1: v128,
  l2: v128,
  c: usize,
  fade: usize,
  move: usize,
  limit: usize,
): v128 {
  const present = v128.and(v128.load(c), f32x4.ne(x, f32x4.splat(0)));
  const b = f32x4.mul(l2, present);
  const qb = f32x4.mul(q, b);
  const inverse = f32x4.div(f32x4.splat(1), f32x4.add(a, qb));
  const faded = f32x4.mul(qb, inverse);
  v128.store(fade, faded);
  const sum = f32x4.add(q, b);
  const rx = f32x4.mul(f32x4.mul(sum, x), inverse);
  v128.store(move, f32x4.sub(rx, f32x4.mul(rx, faded)));
  if (hasL1) v128.store(limit, f32x4.mul(f32x4.mul(l1, present), f32x4.mul(sum, inverse)));
  return f32x4.mul(rx, x);
}

/**
 * Sweep 1: S += h x^2, and what the update of row x needs. With q = sqrt(4 + S), r = 1 / q, b = l2 c or 0 where x is 0,
 *
 *   fade  = 1 - 1 / (1 + r b)      = q b / (q^2 + q b)       exactly 0 for what is not penalised
 *   move  = (1 - fade) r x         r = (q + b) / (q^2 + q b)
 *   limit = r l1 c
 *
 * so that one division serves both quotients. Four vectors go side by side through each line: the way from S to `move`
 * is long, and a processor does not see far enough ahead to overlap them by itself.
 *
 * @returns s = sum r x^2
 */
// @ts-ignore: decorator
@inline
export function curve(
  hasL1: bool,
  h: v128,
  l1: v128,
  l2: v128,
  x: usize,
  c: usize,
  S: usize,
  fade: usize,
  move: usize,
  limit: usize,
  width: i32,
): f32 {
  let sum = f32x4.splat(0);
  const end = x + ((<usize>width) << 2);
  do {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const x2 = v128.load(x, 32);
    const x3 = v128.load(x, 48);
    const a0 = grow(h, x0, S);
    const a1 = grow(h, x1, S + 16);
    const a2 = grow(h, x2, S + 32);
    const a3 = grow(h, x3, S + 48);
    const q0 = f32x4.sqrt(a0);
    const q1 = f32x4.sqrt(a1);
    const q2 = f32x4.sqrt(a2);
    const q3 = f32x4.sqrt(a3);
    const p0 = settle(hasL1, x0, a0, q0, l1, l2, c, fade, move, limit);
    const p1 = settle(hasL1, x1, a1, q1, l1, l2, c + 16, fade + 16, move + 16, limit + 16);
    const p2 = settle(hasL1, x2, a2, q2, l1, l2, c + 32, fade + 32, move + 32, limit + 32);
    const p3 = settle(hasL1, x3, a3, q3, l1, l2, c + 48, fade + 48, move + 48, limit + 48);
    sum = f32x4.add(sum, addAll(p0, p1, p2, p3));
    x += 64;
    c += 64;
    S += 64;
    fade += 64;
    move += 64;
    if (hasL1) limit += 64;
  } while (x < end);
  return sumLanes(sum);
}

/** v = soft(w - fade w - a g move, limit), D += (t - 1) (v - w); returns the product with the next row's features. */
// @ts-ignore: decorator
@inline
function advance(
  hasL1: bool,
  ag: v128,
  t1: v128,
  next: usize,
  w: usize,
  D: usize,
  fade: usize,
  move: usize,
  limit: usize,
): v128 {
  const old = v128.load(w);
  let v = f32x4.sub(old, f32x4.add(f32x4.mul(old, v128.load(fade)), f32x4.mul(ag, v128.load(move))));
  if (hasL1) v = soften(v, v128.load(limit));
  v128.store(w, v);
  v128.store(D, f32x4.add(v128.load(D), f32x4.mul(t1, f32x4.sub(v, old))));
  return f32x4.mul(v, v128.load(next));
}

/**
 * Sweep 2: the update of a row, and the margin of row `next` with the new weights.
 *
 * @param ag a g, times the weight of the row
 * @param t1 t - 1
 */
// @ts-ignore: decorator
@inline
export function updateThenDot(
  hasL1: bool,
  ag: f32,
  t1: f32,
  next: usize,
  w: usize,
  D: usize,
  fade: usize,
  move: usize,
  limit: usize,
  width: i32,
): f32 {
  const ags = f32x4.splat(ag);
  const t1s = f32x4.splat(t1);
  let sum = f32x4.splat(0);
  const end = w + ((<usize>width) << 2);
  do {
    const p0 = advance(hasL1, ags, t1s, next, w, D, fade, move, limit);
    const p1 = advance(hasL1, ags, t1s, next + 16, w + 16, D + 16, fade + 16, move + 16, limit + 16);
    const p2 = advance(hasL1, ags, t1s, next + 32, w + 32, D + 32, fade + 32, move + 32, limit + 32);
    const p3 = advance(hasL1, ags, t1s, next + 48, w + 48, D + 48, fade + 48, move + 48, limit + 48);
    sum = f32x4.add(sum, addAll(p0, p1, p2, p3));
    next += 64;
    w += 64;
    D += 64;
    fade += 64;
    move += 64;
    if (hasL1) limit += 64;
  } while (w < end);
  return sumLanes(sum);
}
