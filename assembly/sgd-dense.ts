// Stage 1 on dense rows with one output: BINARY and REGRESSION.

import { exp } from './link';
import {
  addLogisticLoss,
  addSquaredLoss,
  closeLosses,
  implicitLogistic,
  logisticCurvature,
  openLosses,
  squaredCurvature,
} from './loss';
import { curve, dot, updateThenDot } from './sgd-dense-sweeps';

// @ts-ignore: decorator
@inline
function train(
  logistic: bool,
  hasL1: bool,
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  fade: usize,
): f64 {
  if (rowCount <= 0) return 0;
  const bytes = (<usize>width) << 2;
  const w = weights + bytes;
  const S = w + bytes;
  const D = S + bytes;
  const move = fade + bytes;
  const limit = move + bytes;
  const l1s = f32x4.splat(<f32>l1);
  const l2s = f32x4.splat(<f32>l2);
  const end = rows + ((<usize>rowCount) << 2);
  let t1: f32 = <f32>(firstStep - 1);
  let x = <usize>load<u32>(rows) + 16;
  let margin = <f64>dot(w, x, width);
  openLosses();
  for (; rows < end; t1 += 1) {
    const target = <f64>load<f32>(x - 16);
    const omega = <f64>load<f32>(x - 12);
    // The last row has no next one: its own margin is computed again and dropped.
    rows += 4;
    const next = rows < end ? <usize>load<u32>(rows) + 16 : x;
    if (omega == 0) {
      margin = <f64>dot(w, next, width);
      x = next;
      continue;
    }
    let ag: f64;
    if (logistic) {
      const u = target * margin;
      const odds = exp(-u);
      const p = odds / (1 + odds);
      addLogisticLoss(u, odds, omega);
      const s = curve(hasL1, logisticCurvature(p, omega), l1s, l2s, x, weights, S, fade, move, limit, width);
      ag = omega * implicitLogistic(target, u, p, omega * <f64>s);
    } else {
      const residual = margin - target;
      addSquaredLoss(residual, omega);
      const s = curve(hasL1, squaredCurvature(residual, omega), l1s, l2s, x, weights, S, fade, move, limit, width);
      ag = (omega * residual) / (1 + omega * <f64>s);
    }
    margin = <f64>updateThenDot(hasL1, <f32>ag, t1, next, w, D, fade, move, limit, width);
    x = next;
  }
  return closeLosses();
}

function logisticL1(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(true, true, rows, rowCount, width, weights, firstStep, l1, l2, scratch);
}

function logisticL2(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(true, false, rows, rowCount, width, weights, firstStep, l1, l2, scratch);
}

function squaredL1(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(false, true, rows, rowCount, width, weights, firstStep, l1, l2, scratch);
}

function squaredL2(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(false, false, rows, rowCount, width, weights, firstStep, l1, l2, scratch);
}

export function trainLogisticDense(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  if (l1 > 0) return logisticL1(rows, rowCount, width, weights, firstStep, l1, l2, scratch);
  return logisticL2(rows, rowCount, width, weights, firstStep, l1, l2, scratch);
}

export function trainSquaredDense(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  if (l1 > 0) return squaredL1(rows, rowCount, width, weights, firstStep, l1, l2, scratch);
  return squaredL2(rows, rowCount, width, weights, firstStep, l1, l2, scratch);
}
