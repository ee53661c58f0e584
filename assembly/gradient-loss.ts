// Losses of a few rows and their derivatives by the margins, in double precision.
//
// The margins stand at `margins`, and are replaced by omega dl/dm; omega l'' is written `toCurvatures` bytes after them. Rows of
// weight 0 get 0. What is wanted: arrays = 1 the loss, 2 also dl/dm, 3 also l''.

import { addLoss, expPair } from './gradient-link';

/** Bytes from the margins of a batch of 8 rows to their curvatures, one output. */
export const TO_CURVATURES: usize = 64;

/**
 * log(1 + e^-u), u = y m, of rows with one output.
 *
 *   e = e^-|u|   p = sigmoid(-u)   dl/dm = -y p   l'' = e / (1 + e)^2
 *
 * First all e, in the place of the curvatures: each takes long, and none waits for another.
 *
 * rows  u32[count] addresses of rows, their weight `toWeight` bytes from there; an odd count writes one number more, 0
 */
// @ts-ignore: decorator
@inline
export function logisticRows(arrays: i32, toWeight: usize, rows: usize, count: i32, margins: usize): void {
  if (count & 1) store<f64>(margins + ((<usize>count) << 3), 0);
  const end = margins + ((<usize>count) << 3);
  for (let m = margins; m < end; m += 16) {
    // y is -1 or +1: |u| = |m|
    v128.store(m, expPair(f64x2.neg(f64x2.abs(v128.load(m)))), TO_CURVATURES);
  }
  const one = f64x2.splat(1);
  for (let i = 0; i < count; i += 2, rows += 8, margins += 16) {
    const first = <usize>load<u32>(rows);
    const single = i + 1 == count;
    const second = single ? first : <usize>load<u32>(rows, 4);
    const firstWeight = <f64>load<f32>(first + toWeight);
    const secondWeight = single ? 0 : <f64>load<f32>(second + toWeight);
    const y = f64x2(<f64>load<f32>(first), <f64>load<f32>(second));
    const u = f64x2.mul(y, v128.load(margins));
    const e = v128.load(margins, TO_CURVATURES);
    const sum = f64x2.add(one, e);
    const excess = f64x2.pmax(f64x2.splat(0), f64x2.neg(u));
    addLoss(f64x2.extract_lane(excess, 0), f64x2.extract_lane(sum, 0), firstWeight);
    addLoss(f64x2.extract_lane(excess, 1), f64x2.extract_lane(sum, 1), secondWeight);
    if (arrays == 1) continue;
    const omega = f64x2(firstWeight, secondWeight);
    const top = v128.bitselect(e, one, f64x2.ge(u, f64x2.splat(0)));
    v128.store(margins, f64x2.div(f64x2.mul(f64x2.mul(omega, f64x2.neg(y)), top), sum));
    if (arrays == 3) v128.store(margins, f64x2.div(f64x2.mul(omega, e), f64x2.mul(sum, sum)), TO_CURVATURES);
  }
}

/** (m - t)^2 / 2 of rows with one output: dl/dm = m - t, l'' = 1. */
// @ts-ignore: decorator
@inline
export function squaredRows(arrays: i32, toWeight: usize, rows: usize, count: i32, margins: usize): void {
  for (const end = rows + ((<usize>count) << 2); rows < end; rows += 4, margins += 8) {
    const row = <usize>load<u32>(rows);
    const omega = <f64>load<f32>(row + toWeight);
    const residual = load<f64>(margins) - <f64>load<f32>(row);
    addLoss(omega * (0.5 * residual * residual), 1, 1);
    store<f64>(margins, omega * residual);
    if (arrays == 3) store<f64>(margins, omega, TO_CURVATURES);
  }
}

/**
 * logsumexp(m) - m_label of rows: dl/dm = p - [k = label], l'' = p (1 - p).
 *
 * Exponentials of all rows come together: each takes long, and none waits for another.
 *
 * @param rows u32[count] addresses of rows, their weight `toWeight` bytes from there
 * @param margins f64[count][padded to an even number]; the padded one is overwritten
 */
// @ts-ignore: decorator
@inline
export function softmaxRows(
  arrays: i32,
  toWeight: usize,
  rows: usize,
  count: i32,
  margins: usize,
  toCurvatures: usize,
  outputs: i32,
): void {
  const stride = ((<usize>outputs + 1) & ~1) << 3;
  const end = margins + <usize>count * stride;
  let row = rows;
  for (let m = margins; m < end; m += stride, row += 4) {
    const label = <usize>load<f32>(<usize>load<u32>(row));
    lower(m, m + stride, (outputs & 1) == 1, m + (label << 3), m + toCurvatures);
  }
  for (let at = margins; at < end; at += 16) v128.store(at, expPair(v128.load(at)));
  for (let m = margins; m < end; m += stride, rows += 4) {
    const address = <usize>load<u32>(rows);
    const label = <usize>load<f32>(address);
    derive(arrays, m, m + stride, toCurvatures, m + (label << 3), <f64>load<f32>(address + toWeight));
  }
}

/** m -= max m; excess = max m - m_label. */
// @ts-ignore: decorator
@inline
function lower(margins: usize, end: usize, odd: bool, chosen: usize, excess: usize): void {
  if (odd) store<f64>(end - 8, -Infinity);
  let tops = v128.load(margins);
  for (let at = margins + 16; at < end; at += 16) tops = f64x2.pmax(tops, v128.load(at));
  const top = max(f64x2.extract_lane(tops, 0), f64x2.extract_lane(tops, 1));
  store<f64>(excess, top - load<f64>(chosen));
  const most = f64x2.splat(top);
  for (let at = margins; at < end; at += 16) v128.store(at, f64x2.sub(v128.load(at), most));
}

/** The loss and its derivatives from e^(m - max m), of which `lower` has left the excess in the place of the curvatures. */
// @ts-ignore: decorator
@inline
function derive(arrays: i32, margins: usize, end: usize, toCurvatures: usize, chosen: usize, omega: f64): void {
  let sums = f64x2.splat(0);
  for (let at = margins; at < end; at += 16) sums = f64x2.add(sums, v128.load(at));
  const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  addLoss(load<f64>(margins + toCurvatures), sum, omega);
  if (arrays == 1) return;

  const omegas = f64x2.splat(omega);
  const inverse = f64x2.splat(1 / sum);
  for (let at = margins; at < end; at += 16) {
    const p = f64x2.mul(v128.load(at), inverse);
    const weighted = f64x2.mul(omegas, p);
    v128.store(at, weighted);
    if (arrays == 3) v128.store(at + toCurvatures, f64x2.mul(weighted, f64x2.sub(f64x2.splat(1), p)));
  }
  store<f64>(chosen, load<f64>(chosen) - omega);
}
