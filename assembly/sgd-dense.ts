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
import { curve, look, changesMuch, SQRT2, refreshRates, updateThenLook, weighPenalties } from './sgd-dense-sweeps';

/** Scratch: f32[4] largest q^2 x^2 of the next row; f32[width] each of b, limits. */
// @ts-ignore: decorator
@inline
function train(
  logistic: bool,
  exact: bool,
  hasL1: bool,
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  firstStep: u32,
  scratch: usize,
): f64 {
  const bytes = (<usize>width) << 2;
  const w = weights + bytes;
  const S = w + bytes;
  const q = S + 2 * bytes;
  const b = scratch + 16;
  const limits = b + bytes;
  const end = rows + ((<usize>rowCount) << 2);
  let t1: f32 = <f32>(firstStep - 1);
  let x = <usize>load<u32>(rows) + 16;
  let seen = look(x, w, q, width, scratch);
  openLosses();
  for (; rows < end; t1 += 1) {
    const target = <f64>load<f32>(x - 16);
    const omega = <f64>load<f32>(x - 12);
    // The last row has no next one: it is looked at again, for nothing.
    rows += 4;
    const next = rows < end ? <usize>load<u32>(rows) + 16 : x;
    if (omega == 0) {
      seen = look(next, w, q, width, scratch);
      x = next;
      continue;
    }
    const margin = <f64>f32x4.extract_lane(seen, 0);
    const u = target * margin;
    const odds = logistic ? exp(-u) : 0;
    const p = odds / (1 + odds);
    const h = logistic ? logisticCurvature(p, omega) : squaredCurvature(margin - target, omega);
    let hs = f32x4.splat(<f32>h);
    const scale = SQRT2 * omega;
    let s = scale * (<f64>f32x4.extract_lane(seen, 1) - h * <f64>f32x4.extract_lane(seen, 2));
    if (changesMuch(hs, scratch)) {
      s = scale * <f64>curve(<f32>h, x, S, q, width);
      hs = f32x4.splat(0);
    }
    let step: f64;
    if (logistic) {
      addLogisticLoss(u, odds, omega);
      step = implicitLogistic(target * scale, u, p, s);
    } else {
      addSquaredLoss(margin - target, omega);
      step = (scale * (margin - target)) / (1 + s);
    }
    seen = updateThenLook(exact, hasL1, hs, <f32>step, t1, x, next, w, b, limits, q, width, scratch);
    x = next;
  }
  return closeLosses();
}

function logisticL1(rows: usize, rowCount: i32, width: i32, weights: usize, firstStep: u32, scratch: usize): f64 {
  return train(true, true, true, rows, rowCount, width, weights, firstStep, scratch);
}

function logisticL2(rows: usize, rowCount: i32, width: i32, weights: usize, firstStep: u32, scratch: usize): f64 {
  return train(true, true, false, rows, rowCount, width, weights, firstStep, scratch);
}

function logisticSlightL2(rows: usize, rowCount: i32, width: i32, weights: usize, firstStep: u32, scratch: usize): f64 {
  return train(true, false, false, rows, rowCount, width, weights, firstStep, scratch);
}

function squaredL1(rows: usize, rowCount: i32, width: i32, weights: usize, firstStep: u32, scratch: usize): f64 {
  return train(false, true, true, rows, rowCount, width, weights, firstStep, scratch);
}

function squaredL2(rows: usize, rowCount: i32, width: i32, weights: usize, firstStep: u32, scratch: usize): f64 {
  return train(false, true, false, rows, rowCount, width, weights, firstStep, scratch);
}

function squaredSlightL2(rows: usize, rowCount: i32, width: i32, weights: usize, firstStep: u32, scratch: usize): f64 {
  return train(false, false, false, rows, rowCount, width, weights, firstStep, scratch);
}

/** Penalties and rates for a call; returns whether steps are to be divided by 1 + r b. */
function prepare(width: i32, weights: usize, firstStep: u32, l1: f64, l2: f64, scratch: usize): bool {
  const bytes = (<usize>width) << 2;
  refreshRates(firstStep == 1, weights + 2 * bytes, weights + 4 * bytes, width);
  return weighPenalties(weights, l1, l2, scratch + 16, scratch + 16 + bytes, width);
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
  if (rowCount <= 0) return 0;
  const exact = prepare(width, weights, firstStep, l1, l2, scratch);
  if (l1 > 0) return logisticL1(rows, rowCount, width, weights, firstStep, scratch);
  if (exact) return logisticL2(rows, rowCount, width, weights, firstStep, scratch);
  return logisticSlightL2(rows, rowCount, width, weights, firstStep, scratch);
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
  if (rowCount <= 0) return 0;
  const exact = prepare(width, weights, firstStep, l1, l2, scratch);
  if (l1 > 0) return squaredL1(rows, rowCount, width, weights, firstStep, scratch);
  if (exact) return squaredL2(rows, rowCount, width, weights, firstStep, scratch);
  return squaredSlightL2(rows, rowCount, width, weights, firstStep, scratch);
}
