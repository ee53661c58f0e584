// Stage 1 on dense rows with several outputs: MULTICLASS. Each class goes through the sweeps of one output.

import { closeLosses, openLosses, softmax } from './loss';
import { curve, dot, updateThenDot } from './sgd-dense-sweeps';

/** Margins of a row. */
function dotAll(weights: usize, x: usize, width: i32, margins: usize, outputs: i32): void {
  const bytes = (<usize>width) << 2;
  let w = weights + bytes;
  for (let k = 0; k < outputs; k++, w += 3 * bytes, margins += 4) store<f32>(margins, dot(w, x, width));
}

/** Scratch: margins, then gradients f32[padded]; curvatures f32[padded]; f32[width] each of fade, move, limit. */
// @ts-ignore: decorator
@inline
function train(
  hasL1: bool,
  rows: usize,
  rowCount: i32,
  width: i32,
  weights: usize,
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  margins: usize,
): f64 {
  if (rowCount <= 0) return 0;
  const l1s = f32x4.splat(<f32>l1);
  const l2s = f32x4.splat(<f32>l2);
  const bytes = (<usize>width) << 2;
  const padded = ((<usize>outputs + 3) / 4) * 16;
  const classes = (<usize>outputs) << 2;
  const curvatures = margins + padded;
  const fade = curvatures + padded;
  const move = fade + bytes;
  const limit = move + bytes;
  const end = rows + ((<usize>rowCount) << 2);
  let t1: f32 = <f32>(firstStep - 1);
  let x = <usize>load<u32>(rows) + 16;
  dotAll(weights, x, width, margins, outputs);

  openLosses();
  for (; rows < end; t1 += 1) {
    const omega = load<f32>(x - 12);
    rows += 4;
    // The last row has no next one: its own margins are computed again and dropped.
    const next = rows < end ? <usize>load<u32>(rows) + 16 : x;
    if (omega == 0) {
      dotAll(weights, next, width, margins, outputs);
      x = next;
      continue;
    }
    softmax(margins, curvatures, outputs, <i32>load<f32>(x - 16), omega);
    const quarter = <f32>0.25 * omega;
    let w = weights + bytes;
    for (let k: usize = 0; k < classes; k += 4, w += 3 * bytes) {
      const h = v128.load32_splat(curvatures + k);
      const s = curve(hasL1, h, l1s, l2s, x, weights, w + bytes, fade, move, limit, width);
      const ag = load<f32>(margins + k) / (1 + quarter * s);
      store<f32>(margins + k, updateThenDot(hasL1, ag, t1, next, w, w + 2 * bytes, fade, move, limit, width));
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
  outputs: i32,
  firstStep: u32,
  l1: f64,
  l2: f64,
  scratch: usize,
): f64 {
  return train(true, rows, rowCount, width, weights, outputs, firstStep, l1, l2, scratch);
}

function softmaxL2(
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
  return train(false, rows, rowCount, width, weights, outputs, firstStep, l1, l2, scratch);
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
  if (l1 > 0) return softmaxL1(rows, rowCount, width, weights, outputs, firstStep, l1, l2, scratch);
  return softmaxL2(rows, rowCount, width, weights, outputs, firstStep, l1, l2, scratch);
}
