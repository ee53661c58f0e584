// Stage 1 on dense rows with several outputs: MULTICLASS. Each class goes through the sweeps of one output.

import { closeLosses, openLosses, softmax } from './loss';
import { curve, look, changesMuch, SQRT2, refreshRates, updateThenLook, weighPenalties } from './sgd-dense-sweeps';

/** `look` at a row for every class; its margins apart. */
function lookAll(x: usize, width: i32, weights: usize, outputs: usize, seen: usize, margins: usize): void {
  const bytes = (<usize>width) << 2;
  let w = weights + bytes;
  let q = w + 3 * outputs * bytes;
  for (let k: usize = 0; k < outputs; k++, w += 3 * bytes, q += bytes, seen += 32, margins += 4) {
    const sums = look(x, w, q, width, seen + 16);
    v128.store(seen, sums);
    store<f32>(margins, f32x4.extract_lane(sums, 0));
  }
}

/**
 * Scratch: margins, then gradients f32[padded]; curvatures f32[padded]; of each class f32[4] sums and f32[4] largest q^2 x^2 of
 * the next row, as `look` leaves them; f32[width] each of b, limits.
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
  const end = rows + ((<usize>rowCount) << 2);
  let t1: f32 = <f32>(firstStep - 1);
  let x = <usize>load<u32>(rows) + 16;
  lookAll(x, width, weights, outputs, seen, margins);

  openLosses();
  for (; rows < end; t1 += 1) {
    const omega = load<f32>(x - 12);
    rows += 4;
    // The last row has no next one: it is looked at again, for nothing.
    const next = rows < end ? <usize>load<u32>(rows) + 16 : x;
    if (omega == 0) {
      lookAll(next, width, weights, outputs, seen, margins);
      x = next;
      continue;
    }
    softmax(margins, curvatures, <i32>outputs, <i32>load<f32>(x - 16), omega);
    const quarter = <f32>(0.25 * SQRT2) * omega;
    let w = weights + bytes;
    let q = w + 3 * outputs * bytes;
    let at = seen;
    for (let k: usize = 0; k < outputs << 2; k += 4, w += 3 * bytes, q += bytes, at += 32) {
      let h = v128.load32_splat(curvatures + k);
      let sum = load<f32>(at, 4) - f32x4.extract_lane(h, 0) * load<f32>(at, 8);
      if (changesMuch(h, at + 16)) {
        sum = curve(f32x4.extract_lane(h, 0), x, w + bytes, q, width);
        h = f32x4.splat(0);
      }
      const step = (<f32>SQRT2 * load<f32>(margins + k)) / (1 + quarter * sum);
      const sums = updateThenLook(exact, hasL1, h, step, t1, x, next, w, b, limits, q, width, at + 16);
      v128.store(at, sums);
      store<f32>(margins + k, f32x4.extract_lane(sums, 0));
    }
    x = next;
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
  const bytes = (<usize>width) << 2;
  const first = weights + bytes;
  const rates = first + 3 * <usize>outputs * bytes;
  for (let k: usize = 0; k < <usize>outputs; k++) {
    refreshRates(firstStep == 1, first + (3 * k + 1) * bytes, rates + k * bytes, width);
  }
  const b = scratch + 2 * ((<usize>outputs + 3) / 4) * 16 + 32 * <usize>outputs;
  const exact = weighPenalties(weights, l1, l2, b, b + bytes, width);
  if (l1 > 0) return softmaxL1(rows, rowCount, width, weights, <usize>outputs, firstStep, scratch);
  if (exact) return softmaxL2(rows, rowCount, width, weights, <usize>outputs, firstStep, scratch);
  return softmaxSlightL2(rows, rowCount, width, weights, <usize>outputs, firstStep, scratch);
}
