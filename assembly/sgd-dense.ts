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
import {
  changesMuch,
  closeRates,
  curve,
  fade,
  fades,
  look,
  openRates,
  SQRT2,
  updateThenLook,
  weighPenalties,
} from './sgd-dense-sweeps';

/** Scratch: f32[4] largest p^2 of the next row; f32[width] each of b, limits, q, p. */
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
  const b = scratch + 16;
  const limits = b + bytes;
  const q = limits + bytes;
  const p = q + bytes;
  const end = rows + ((<usize>rowCount) << 2);
  let step = firstStep;
  let x = <usize>load<u32>(rows) + 16;
  openRates(S, q, width);
  let seen = look(x, w, q, p, width, scratch);
  openLosses();
  for (; rows < end; step++) {
    const t1 = <f32>(step - 1);
    if (!exact && fades(step)) fade(t1, w, S + bytes, b, q, width);
    const target = <f64>load<f32>(x - 16);
    const omega = <f64>load<f32>(x - 12);
    // The last row has no next one: it is looked at again, for nothing.
    rows += 4;
    const next = rows < end ? <usize>load<u32>(rows) + 16 : x;
    if (omega == 0) {
      seen = look(next, w, q, p, width, scratch);
      x = next;
      continue;
    }
    const margin = <f64>f32x4.extract_lane(seen, 0);
    const u = target * margin;
    const odds = logistic ? exp(-u) : 0;
    const wrong = odds / (1 + odds);
    const h = logistic ? logisticCurvature(wrong, omega) : squaredCurvature(margin - target, omega);
    let hs = f32x4.splat(<f32>h);
    const scale = SQRT2 * omega;
    let s = scale * (<f64>f32x4.extract_lane(seen, 1) - h * <f64>f32x4.extract_lane(seen, 2));
    if (changesMuch(hs, scratch)) {
      s = scale * <f64>curve(<f32>h, x, q, p, width);
      hs = f32x4.splat(0);
    }
    let ag: f64;
    if (logistic) {
      addLogisticLoss(u, odds, omega);
      ag = implicitLogistic(target * scale, u, wrong, s);
    } else {
      addSquaredLoss(margin - target, omega);
      ag = (scale * (margin - target)) / (1 + s);
    }
    seen = updateThenLook(exact, hasL1, hs, <f32>ag, t1, next, w, b, limits, q, p, width, scratch);
    x = next;
  }
  closeRates(S, q, width);
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

/** Penalties of a call; returns whether they are applied at each step. */
function prepare(width: i32, weights: usize, l1: f64, l2: f64, scratch: usize): bool {
  return weighPenalties(weights, l1, l2, scratch + 16, scratch + 16 + ((<usize>width) << 2), width);
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
  const exact = prepare(width, weights, l1, l2, scratch);
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
  const exact = prepare(width, weights, l1, l2, scratch);
  if (l1 > 0) return squaredL1(rows, rowCount, width, weights, firstStep, scratch);
  if (exact) return squaredL2(rows, rowCount, width, weights, firstStep, scratch);
  return squaredSlightL2(rows, rowCount, width, weights, firstStep, scratch);
}
