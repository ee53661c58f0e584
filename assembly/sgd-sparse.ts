// Stage 1 on sparse rows with one output: BINARY and REGRESSION.

import { HEAD_FEATURES, headBytes } from './head';
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
  curve,
  curveHead,
  GROUP_BYTES,
  gather,
  headMargin,
  scatterHead,
  touch,
  update,
  updateHead,
} from './sgd-sparse-sweeps';
import { sumLanes } from './vector';

/**
 * Rows whose weights are loaded ahead together. Their cache misses overlap; one row's alone would not, because a
 * processor does not look past a row of arithmetic.
 */
const ROWS_AHEAD: i32 = 2;

/** Load the weights of the next ROWS_AHEAD rows but the present ones, and the rows after those. */
// @ts-ignore: decorator
@inline
function lookAhead(headed: bool, rows: usize, last: usize, toTail: usize, weights: usize): u32 {
  let sum: u32 = 0;
  for (let k = ROWS_AHEAD; k < 2 * ROWS_AHEAD; k++) {
    const later = <usize>load<u32>(min(rows + ((<usize>(k + ROWS_AHEAD)) << 2), last));
    sum ^= load<u32>(later) ^ load<u32>(later, 64);
    sum ^= touch(headed, <usize>load<u32>(min(rows + ((<usize>k) << 2), last)), toTail, weights);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function train(
  logistic: bool,
  headed: bool,
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  const hasL1 = l1 > 0;
  const l1s = f32x4.splat(<f32>l1);
  const l2s = f32x4.splat(<f32>l2);
  const last = rows + ((<usize>rowCount) << 2) - 4;
  let t1: f32 = <f32>(firstStep - 1);
  let touched: u32 = 0;
  const bytes: usize = headed ? headBytes(head) : 0;
  const tail = scratch + (headed ? <usize>load<u32>(head) * GROUP_BYTES : 0);
  if (headed) gather(f32x4.splat(0), head + HEAD_FEATURES, weights, scratch, tail);
  openLosses();
  for (let i = 0; i < rowCount; i++, rows += 4, t1 += 1) {
    const row = <usize>load<u32>(rows);
    const omega = <f64>load<f32>(row, 8);
    if (omega == 0) continue;
    const target = <f64>load<f32>(row);
    const groupCount = <usize>load<u32>(row, 4);
    const x = row + 16;
    const indices = x + bytes;
    const end = tail + groupCount * GROUP_BYTES;
    const hasTail = !headed || groupCount != 0;
    let margins = headed ? headMargin(x, scratch, tail) : f32x4.splat(0);
    if (hasTail) margins = gather(margins, indices, weights, tail, end);
    const margin = <f64>sumLanes(margins);
    if (i % ROWS_AHEAD == 0) touched ^= lookAhead(headed, rows, last, bytes, weights);
    let ag: f64;
    if (logistic) {
      const u = target * margin;
      const odds = exp(-u);
      const p = odds / (1 + odds);
      addLogisticLoss(u, odds, omega);
      const h = f32x4.splat(<f32>logisticCurvature(p, omega));
      let parts = headed ? curveHead(h, x, scratch, tail) : f32x4.splat(0);
      if (hasTail) parts = curve(parts, h, tail, end);
      ag = omega * implicitLogistic(target, u, p, omega * <f64>sumLanes(parts));
    } else {
      const residual = margin - target;
      addSquaredLoss(residual, omega);
      const h = f32x4.splat(<f32>squaredCurvature(residual, omega));
      let parts = headed ? curveHead(h, x, scratch, tail) : f32x4.splat(0);
      if (hasTail) parts = curve(parts, h, tail, end);
      ag = (omega * residual) / (1 + omega * <f64>sumLanes(parts));
    }
    if (headed) updateHead(hasL1, <f32>ag, t1, l1s, l2s, x, scratch, tail);
    if (hasTail) update(hasL1, <f32>ag, t1, l1s, l2s, indices, weights, tail, end);
  }
  if (headed) scatterHead(head + HEAD_FEATURES, weights, scratch, tail);
  store<u32>(scratch, touched);
  return closeLosses();
}

function logisticOnes(
  rows: usize,
  rowCount: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(true, false, rows, rowCount, 0, weights, firstStep, l1, l2, scratch);
}

function logisticHeaded(
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(true, true, rows, rowCount, head, weights, firstStep, l1, l2, scratch);
}

function squaredOnes(
  rows: usize,
  rowCount: i32,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(false, false, rows, rowCount, 0, weights, firstStep, l1, l2, scratch);
}

function squaredHeaded(
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(false, true, rows, rowCount, head, weights, firstStep, l1, l2, scratch);
}

export function trainLogisticSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  if (head) return logisticHeaded(rows, rowCount, head, weights, firstStep, l1, l2, scratch);
  return logisticOnes(rows, rowCount, weights, firstStep, l1, l2, scratch);
}

export function trainSquaredSparse(
  rows: usize,
  rowCount: i32,
  head: usize,
  weights: usize,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  if (head) return squaredHeaded(rows, rowCount, head, weights, firstStep, l1, l2, scratch);
  return squaredOnes(rows, rowCount, weights, firstStep, l1, l2, scratch);
}
