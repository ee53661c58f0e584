// The three sweeps of a sparse row over its groups of four features, one output. Row and weight records:
// src/features/rows.ts and src/kernel/kernel.ts.
//
// Sweep 1 turns four weight records w S D c into one scratch group, structure of arrays, with the margin on the way
//
//     w0..3   S0..3   D0..3   c0..3   r0..3        20 words
//
// sweep 2 advances S and fills in the rates r, sweep 3 makes the step and writes the records back. The features of a head stay in
// such groups for a whole call; what a row does not contain of them, x = 0, is left as it is.

// The loops test at the end: V8 moves what is constant out of such loops only.

import { penalise } from './penalty';
import { highHalves, lowHalves, zipHigh, zipLow } from './vector';

/** Bytes of a scratch group. */
export const GROUP_BYTES: usize = 80;

/** Sweep 1: returns the sum with the margin added, in four parts. There is at least one group. */
// @ts-ignore: decorator
@inline
export function gather(sum: v128, indices: usize, weights: usize, groups: usize, end: usize): v128 {
  do {
    const a = v128.load(weights + ((<usize>load<u32>(indices)) << 4));
    const b = v128.load(weights + ((<usize>load<u32>(indices, 4)) << 4));
    const c = v128.load(weights + ((<usize>load<u32>(indices, 8)) << 4));
    const d = v128.load(weights + ((<usize>load<u32>(indices, 12)) << 4));
    const wsLow = zipLow(a, b); //  w0 w1 S0 S1
    const dcLow = zipHigh(a, b); // D0 D1 c0 c1
    const wsHigh = zipLow(c, d);
    const dcHigh = zipHigh(c, d);
    const w = lowHalves(wsLow, wsHigh);
    v128.store(groups, w);
    v128.store(groups, highHalves(wsLow, wsHigh), 16);
    v128.store(groups, lowHalves(dcLow, dcHigh), 32);
    v128.store(groups, highHalves(dcLow, dcHigh), 48);
    sum = f32x4.add(sum, w);
    indices += 16;
    groups += GROUP_BYTES;
  } while (groups < end);
  return sum;
}

/** Sweep 1 of a head: the margin in four parts. */
// @ts-ignore: decorator
@inline
export function headMargin(x: usize, groups: usize, end: usize): v128 {
  let sum = f32x4.splat(0);
  do {
    sum = f32x4.add(sum, f32x4.mul(v128.load(groups), v128.load(x)));
    x += 16;
    groups += GROUP_BYTES;
  } while (groups < end);
  return sum;
}

/** r = 1 / sqrt(4 + S) */
// @ts-ignore: decorator
@inline
function rates(S: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(S, f32x4.splat(4))));
}

/** Sweep 2: S += h, r = 1 / sqrt(4 + S); returns the sum with s = sum r added. */
// @ts-ignore: decorator
@inline
export function curve(sum: v128, h: v128, groups: usize, end: usize): v128 {
  do {
    const S = f32x4.add(v128.load(groups, 16), h);
    const r = rates(S);
    v128.store(groups, S, 16);
    v128.store(groups, r, 64);
    sum = f32x4.add(sum, r);
    groups += GROUP_BYTES;
  } while (groups < end);
  return sum;
}

/** Sweep 2 of a head: S += h x^2, s = sum r x^2. */
// @ts-ignore: decorator
@inline
export function curveHead(h: v128, x: usize, groups: usize, end: usize): v128 {
  let sum = f32x4.splat(0);
  do {
    const value = v128.load(x);
    const square = f32x4.mul(value, value);
    const S = f32x4.add(v128.load(groups, 16), f32x4.mul(h, square));
    const r = rates(S);
    v128.store(groups, S, 16);
    v128.store(groups, r, 64);
    sum = f32x4.add(sum, f32x4.mul(r, square));
    x += 16;
    groups += GROUP_BYTES;
  } while (groups < end);
  return sum;
}

/** Sweep 3 of a head. */
// @ts-ignore: decorator
@inline
export function updateHead(
  hasL1: bool,
  ag: f32,
  t1: f32,
  l1: v128,
  l2: v128,
  x: usize,
  groups: usize,
  end: usize,
): void {
  const ags = f32x4.splat(ag);
  const t1s = f32x4.splat(t1);
  do {
    const value = v128.load(x);
    const w = v128.load(groups);
    const r = v128.load(groups, 64);
    const step = f32x4.mul(f32x4.mul(ags, r), value);
    const stepped = penalise(hasL1, f32x4.sub(w, step), r, v128.load(groups, 48), l1, l2);
    const v = v128.bitselect(stepped, w, f32x4.ne(value, f32x4.splat(0)));
    v128.store(groups, v);
    v128.store(groups, f32x4.add(v128.load(groups, 32), f32x4.mul(t1s, f32x4.sub(v, w))), 32);
    x += 16;
    groups += GROUP_BYTES;
  } while (groups < end);
}

/**
 * Sweep 3: v = penalised w - a g r x, D += (t - 1) (v - w).
 *
 * @param ag a g, times the weight of the row
 * @param t1 t - 1
 */
// @ts-ignore: decorator
@inline
export function update(
  hasL1: bool,
  ag: f32,
  t1: f32,
  l1: v128,
  l2: v128,
  indices: usize,
  weights: usize,
  groups: usize,
  end: usize,
): void {
  const ags = f32x4.splat(ag);
  const t1s = f32x4.splat(t1);
  do {
    const w = v128.load(groups);
    const c = v128.load(groups, 48);
    const r = v128.load(groups, 64);
    const v = penalise(hasL1, f32x4.sub(w, f32x4.mul(ags, r)), r, c, l1, l2);
    const D = f32x4.add(v128.load(groups, 32), f32x4.mul(t1s, f32x4.sub(v, w)));
    const S = v128.load(groups, 16);
    const wsLow = zipLow(v, S); //  w0 S0 w1 S1
    const wsHigh = zipHigh(v, S); // w2 S2 w3 S3
    const dcLow = zipLow(D, c);
    const dcHigh = zipHigh(D, c);
    writeFour(indices, weights, wsLow, wsHigh, dcLow, dcHigh);
    indices += 16;
    groups += GROUP_BYTES;
  } while (groups < end);
  // The padding feature counts as 1 like the others: undo what happened to its record.
  v128.store(weights, f32x4(0, 1e30, 0, 0));
}

/** Four records back to their places. */
// @ts-ignore: decorator
@inline
function writeFour(indices: usize, weights: usize, wsLow: v128, wsHigh: v128, dcLow: v128, dcHigh: v128): void {
  v128.store(weights + ((<usize>load<u32>(indices)) << 4), lowHalves(wsLow, dcLow));
  v128.store(weights + ((<usize>load<u32>(indices, 4)) << 4), highHalves(wsLow, dcLow));
  v128.store(weights + ((<usize>load<u32>(indices, 8)) << 4), lowHalves(wsHigh, dcHigh));
  v128.store(weights + ((<usize>load<u32>(indices, 12)) << 4), highHalves(wsHigh, dcHigh));
}

/** The records of a head back to their places. */
export function scatterHead(indices: usize, weights: usize, groups: usize, end: usize): void {
  for (; groups < end; groups += GROUP_BYTES, indices += 16) {
    const w = v128.load(groups);
    const S = v128.load(groups, 16);
    const D = v128.load(groups, 32);
    const c = v128.load(groups, 48);
    writeFour(indices, weights, zipLow(w, S), zipHigh(w, S), zipLow(D, c), zipHigh(D, c));
  }
}

/**
 * Load a word of each weight record of a row, so that they are in the cache when its turn comes.
 *
 * @returns a meaningless number that must be used, or the loads would be optimised away
 */
// @ts-ignore: decorator
@inline
export function touch(headed: bool, row: usize, toTail: usize, weights: usize): u32 {
  let sum: u32 = 0;
  let indices = row + 16 + toTail;
  const end = indices + ((<usize>load<u32>(row, 4)) << 4);
  if (headed && indices == end) return 0;
  do {
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices)) << 4));
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices, 4)) << 4));
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices, 8)) << 4));
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices, 12)) << 4));
    indices += 16;
  } while (indices < end);
  return sum;
}
