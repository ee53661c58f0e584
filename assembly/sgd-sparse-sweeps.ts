// The three sweeps of a sparse row over its groups of four features, one output. Row and weight records:
// src/features/rows.ts and src/kernel/kernel.ts.
//
// Sweep 1 turns four weight records w S D c into one scratch group, structure of arrays, with the margin on the way
//
//     w0..3   S0..3   D0..3   c0..3   r0..3        20 words
//
// sweep 2 advances S and fills in the rates r, sweep 3 makes the step and writes the records back.

// The loops test at the end: V8 moves what is constant out of such loops only. A row has at least one group, the bias's.

import { penalise } from './penalty';
import { highHalves, lowHalves, sumLanes, zipHigh, zipLow } from './vector';

/** Bytes of a scratch group. */
export const GROUP_BYTES: usize = 80;

/** Sweep 1: returns the margin. */
// @ts-ignore: decorator
@inline
export function gather(valued: bool, indices: usize, values: usize, weights: usize, groups: usize, end: usize): f32 {
  let sum = f32x4.splat(0);
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
    if (valued) {
      sum = f32x4.add(sum, f32x4.mul(w, v128.load(values)));
      values += 16;
    } else {
      sum = f32x4.add(sum, w);
    }
    indices += 16;
    groups += GROUP_BYTES;
  } while (groups < end);
  return sumLanes(sum);
}

/** Sweep 2: S += h x^2, r = 1 / sqrt(4 + S); returns s = sum r x^2. */
// @ts-ignore: decorator
@inline
export function curve(valued: bool, h: v128, values: usize, groups: usize, end: usize): f32 {
  let sum = f32x4.splat(0);
  do {
    let square = f32x4.splat(1);
    let growth = h;
    if (valued) {
      const x = v128.load(values);
      values += 16;
      square = f32x4.mul(x, x);
      growth = f32x4.mul(h, square);
    }
    const S = f32x4.add(v128.load(groups, 16), growth);
    const r = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(S, f32x4.splat(4))));
    v128.store(groups, S, 16);
    v128.store(groups, r, 64);
    sum = f32x4.add(sum, valued ? f32x4.mul(r, square) : r);
    groups += GROUP_BYTES;
  } while (groups < end);
  return sumLanes(sum);
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
  valued: bool,
  hasL1: bool,
  ag: f32,
  t1: f32,
  l1: v128,
  l2: v128,
  indices: usize,
  values: usize,
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
    let step = f32x4.mul(ags, r);
    if (valued) {
      step = f32x4.mul(step, v128.load(values));
      values += 16;
    }
    const v = penalise(hasL1, f32x4.sub(w, step), r, c, l1, l2);
    const D = f32x4.add(v128.load(groups, 32), f32x4.mul(t1s, f32x4.sub(v, w)));
    const S = v128.load(groups, 16);
    const wsLow = zipLow(v, S); //  w0 S0 w1 S1
    const wsHigh = zipHigh(v, S); // w2 S2 w3 S3
    const dcLow = zipLow(D, c);
    const dcHigh = zipHigh(D, c);
    v128.store(weights + ((<usize>load<u32>(indices)) << 4), lowHalves(wsLow, dcLow));
    v128.store(weights + ((<usize>load<u32>(indices, 4)) << 4), highHalves(wsLow, dcLow));
    v128.store(weights + ((<usize>load<u32>(indices, 8)) << 4), lowHalves(wsHigh, dcHigh));
    v128.store(weights + ((<usize>load<u32>(indices, 12)) << 4), highHalves(wsHigh, dcHigh));
    indices += 16;
    groups += GROUP_BYTES;
  } while (groups < end);
  // Where no values are stored the padding feature counts as 1: undo what happened to its record.
  if (!valued) v128.store(weights, f32x4(0, 1e30, 0, 0));
}

/**
 * Load a word of each weight record of a row, so that they are in the cache when its turn comes.
 *
 * @returns a meaningless number that must be used, or the loads would be optimised away
 */
// @ts-ignore: decorator
@inline
export function touch(row: usize, weights: usize): u32 {
  let sum: u32 = 0;
  let indices = row + 16;
  const end = indices + ((<usize>load<u32>(row, 4)) << 4);
  do {
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices)) << 4));
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices, 4)) << 4));
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices, 8)) << 4));
    sum ^= load<u32>(weights + ((<usize>load<u32>(indices, 12)) << 4));
    indices += 16;
  } while (indices < end);
  return sum;
}
