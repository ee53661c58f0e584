// What stage 2 asks of a sample of the rows beside blocks of the Hessian: second derivatives by the margins, the curvature along
// a direction, and which features there are. One value at a time: a sample is small.

import { expPair } from './gradient-link';
import { HEAD_FEATURES, headBytes } from './head';

// @ts-ignore: decorator
@inline
function exp(x: f64): f64 {
  return f64x2.extract_lane(expPair(f64x2.splat(x)), 0);
}

/** p (1 - p) of a margin m, p = sigmoid(m). */
// @ts-ignore: decorator
@inline
function logisticCurvature(m: f64): f64 {
  const e = exp(-abs(m));
  return e / ((1 + e) * (1 + e));
}

// @ts-ignore: decorator
@inline
function greatest(margins: usize, end: usize): f64 {
  let top = load<f64>(margins);
  for (; margins < end; margins += 8) top = max(top, load<f64>(margins));
  return top;
}

/** omega p_k (1 - p_k) of a row, in place of its margins. */
function softmaxCurvatures(omega: f64, margins: usize, end: usize): void {
  const top = greatest(margins, end);
  let sum: f64 = 0;
  for (let m = margins; m < end; m += 8) {
    const e = exp(load<f64>(m) - top);
    store<f64>(m, e);
    sum += e;
  }
  for (; margins < end; margins += 8) {
    const p = load<f64>(margins) / sum;
    store<f64>(margins, omega * p * (1 - p));
  }
}

/** sum p u^2 - (sum p u)^2 */
function softmaxAlong(margins: usize, end: usize, moves: usize): f64 {
  const top = greatest(margins, end);
  let sum: f64 = 0;
  let mean: f64 = 0;
  let square: f64 = 0;
  for (; margins < end; margins += 8, moves += 8) {
    const e = exp(load<f64>(margins) - top);
    const u = load<f64>(moves);
    sum += e;
    mean += e * u;
    square += e * u * u;
  }
  mean /= sum;
  return max<f64>(0, square / sum - mean * mean);
}

export function secondDerivatives(
  logistic: bool,
  rows: usize,
  rowCount: i32,
  toWeight: usize,
  outputs: usize,
  margins: usize,
): void {
  const bytes = outputs << 3;
  for (const last = rows + ((<usize>rowCount) << 2); rows < last; rows += 4, margins += bytes) {
    const omega = <f64>load<f32>(<usize>load<u32>(rows) + toWeight);
    if (outputs > 1) softmaxCurvatures(omega, margins, margins + bytes);
    else store<f64>(margins, logistic ? omega * logisticCurvature(load<f64>(margins)) : omega);
  }
}

export function curvatureAlong(
  logistic: bool,
  rows: usize,
  rowCount: i32,
  toWeight: usize,
  outputs: usize,
  margins: usize,
  moves: usize,
): f64 {
  const bytes = outputs << 3;
  let sum: f64 = 0;
  for (const last = rows + ((<usize>rowCount) << 2); rows < last; rows += 4, margins += bytes, moves += bytes) {
    const omega = <f64>load<f32>(<usize>load<u32>(rows) + toWeight);
    if (outputs > 1) {
      sum += omega * softmaxAlong(margins, margins + bytes, moves);
      continue;
    }
    const u = load<f64>(moves);
    sum += omega * (logistic ? logisticCurvature(load<f64>(margins)) : 1) * u * u;
  }
  return sum;
}

export function countSparse(rows: usize, rowCount: i32, head: usize, counts: usize): void {
  const bytes = headBytes(head);
  for (const last = rows + ((<usize>rowCount) << 2); rows < last; rows += 4) {
    const row = <usize>load<u32>(rows);
    const first = row + 16 + bytes;
    for (let x = row + 16, feature = head + HEAD_FEATURES; x < first; x += 4, feature += 4) {
      if (load<f32>(x) != 0) addRow(counts, load<u32>(feature));
    }
    const end = first + ((<usize>load<u32>(row, 4)) << 4);
    for (let index = first; index < end; index += 4) addRow(counts, load<u32>(index));
  }
}

// @ts-ignore: decorator
@inline
function addRow(counts: usize, feature: u32): void {
  const count = counts + ((<usize>feature) << 2);
  store<u32>(count, load<u32>(count) + 1);
}

export function countDense(rows: usize, rowCount: i32, width: i32, counts: usize): void {
  const end = counts + ((<usize>width) << 2);
  const zero = f32x4.splat(0);
  for (const last = rows + ((<usize>rowCount) << 2); rows < last; rows += 4) {
    let x = <usize>load<u32>(rows) + 16;
    for (let at = counts; at < end; at += 16, x += 16) {
      v128.store(at, i32x4.sub(v128.load(at), f32x4.ne(v128.load(x), zero)));
    }
  }
}
