// Stage 1 on dense rows with several outputs: MULTICLASS. Each class goes through the sweeps of one output.

import { closeLosses, openLosses, softmax } from './loss';
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

/** `look` at a row for every class; its margins apart. */
function lookAll(x: usize, width: i32, weights: usize, outputs: usize, seen: usize, q: usize, margins: usize): void {
  const bytes = (<usize>width) << 2;
  let w = weights + bytes;
  for (let k: usize = 0; k < outputs; k++, w += 3 * bytes, q += 2 * bytes, seen += 32, margins += 4) {
    const sums = look(x, w, q, q + bytes, width, seen + 16);
    v128.store(seen, sums);
    store<f32>(margins, f32x4.extract_lane(sums, 0));
  }
}

function fadeAll(t1: f32, width: i32, weights: usize, outputs: usize, b: usize, q: usize): void {
  const bytes = (<usize>width) << 2;
  let w = weights + bytes;
  for (let k: usize = 0; k < outputs; k++, w += 3 * bytes, q += 2 * bytes) fade(t1, w, w + 2 * bytes, b, q, width);
}

/**
 * Scratch: margins, then gradients f32[padded]; curvatures f32[padded]; of each class f32[4] sums and f32[4] largest p^2 of the
 * next row, as `look` leaves them; f32[width] each of b, limits; of each class f32[width] each of q, p.
 */
// @ts-ignore: decorator
@inline
function train(
  exact: bool,
  hasL1: bool,
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  outputs: usize,
  firstStep: u32,
  margins: usize,
): f64 {
  const bytes = (<usize>width) << 2;
  const padded = ((outputs + 3) / 4) * 16;
  const curvatures = margins + padded;
  const seen = curvatures + padded;
  const b = seen + 32 * outputs;
  const limits = b + bytes;
  const rates = limits + bytes;
  const end = rows + ((<usize>rowCount) << 2);
  let x = <usize>load<u32>(rows) + 16;
  for (let k: usize = 0; k < outputs; k++) {
    openRates(weights + (3 * k + 2) * bytes, rates + 2 * k * bytes, width);
  }
  lookAll(x, width, weights, outputs, seen, rates, margins);

  openLosses();
  for (let step = firstStep; rows < end; step++) {
    const omega = load<f32>(x - 12);
    const t1 = <f32>(step - 1);
    if (!exact && fades(step)) fadeAll(t1, width, weights, outputs, b, rates);
    rows += 4;
    // The last row has no next one: it is looked at again, for nothing.
    const next = rows < end ? <usize>load<u32>(rows) + 16 : x;
    if (omega == 0) {
      lookAll(next, width, weights, outputs, seen, rates, margins);
      x = next;
      continue;
    }
    softmax(margins, curvatures, <i32>outputs, <i32>load<f32>(x - 16), omega);
    const quarter = <f32>(0.25 * SQRT2) * omega;
    let w = weights + bytes;
    let q = rates;
    let at = seen;
    for (let k: usize = 0; k < outputs << 2; k += 4, w += 3 * bytes, q += 2 * bytes, at += 32) {
      let h = v128.load32_splat(curvatures + k);
      let sum = load<f32>(at, 4) - f32x4.extract_lane(h, 0) * load<f32>(at, 8);
      if (changesMuch(h, at + 16)) {
        sum = curve(f32x4.extract_lane(h, 0), x, q, q + bytes, width);
        h = f32x4.splat(0);
      }
      const ag = (<f32>SQRT2 * load<f32>(margins + k)) / (1 + quarter * sum);
      const sums = updateThenLook(exact, hasL1, h, ag, t1, next, w, b, limits, q, q + bytes, width, at + 16);
      v128.store(at, sums);
      store<f32>(margins + k, f32x4.extract_lane(sums, 0));
    }
    x = next;
  }
  for (let k: usize = 0; k < outputs; k++) {
    closeRates(weights + (3 * k + 2) * bytes, rates + 2 * k * bytes, width);
  }
  return closeLosses();
}

function softmaxL1(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  outputs: usize,
  firstStep: u32,
  scratch: usize,
): f64 {
  return train(true, true, rows, rowCount, width, weights, outputs, firstStep, scratch);
}

function softmaxL2(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  outputs: usize,
  firstStep: u32,
  scratch: usize,
): f64 {
  return train(true, false, rows, rowCount, width, weights, outputs, firstStep, scratch);
}

function softmaxSlightL2(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  outputs: usize,
  firstStep: u32,
  scratch: usize,
): f64 {
  return train(false, false, rows, rowCount, width, weights, outputs, firstStep, scratch);
}

export function trainSoftmaxDense(
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  if (rowCount <= 0) return 0;
  const b = scratch + 2 * ((<usize>outputs + 3) / 4) * 16 + 32 * <usize>outputs;
  const exact = weighPenalties(weights, l1, l2, b, b + ((<usize>width) << 2), width);
  if (l1 > 0) return softmaxL1(rows, rowCount, width, weights, <usize>outputs, firstStep, scratch);
  if (exact) return softmaxL2(rows, rowCount, width, weights, <usize>outputs, firstStep, scratch);
  return softmaxSlightL2(rows, rowCount, width, weights, <usize>outputs, firstStep, scratch);
}
